import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const server = process.env.BEIAN_DEV_SERVER ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [vue()],
  resolve: { alias: { '@': here('./src'), '@data': here('../data') } },
  define: {
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
  },
  server: {
    // The texts that the server and the pages share lie beside this folder.
    fs: { allow: [here('.'), here('../data')] },
    proxy: { '/api': server },
  },
  build: {
    target: 'es2022',
    manifest: true,
    // A picture in a data: URL would be refused by the content security policy.
    assetsInlineLimit: 0,
    rolldownOptions: { input: { index: here('./index.html'), bureau: here('./bureau.html') } },
  },
  test: { environment: 'happy-dom', include: ['tests/**/*.test.ts', 'src/**/*.test.ts'] },
})
