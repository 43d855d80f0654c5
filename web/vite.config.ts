import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const server = process.env.BEIAN_DEV_SERVER ?? 'http://127.0.0.1:8080'

// What nearly every page uses.
const k_shared =
  /src\/(shared\/(api|i18n|session|kept|load|missing|format|catalogue|form\/(paths|condition)|ui\/(App|Load|Problem))|fields\/(field|FieldShell|ChoiceRow|RadioField|SelectField|TextField|TextAreaField|YesNoField|Division|divisions))/

export default defineConfig({
  plugins: [vue()],
  resolve: { alias: { '@': here('./src'), '@data': here('../data') } },
  define: {
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
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
    rolldownOptions: {
      input: { index: here('./index.html'), bureau: here('./bureau.html') },
      // A few files of some size rather than forty small ones: they compress better together.
      output: {
        codeSplitting: {
          groups: [
            { name: 'vue', test: /node_modules\/(@vue|vue|vue-router|openapi-fetch)\// },
            { name: 'shared', test: k_shared },
            { name: 'figures', test: /src\/figures\/(Ex|Pa|Ph)/ },
            {
              name: 'filing',
              test: /src\/apply\/(filing|findings|labels|links|steps|turns|materials)\.ts/,
            },

            {
              name: 'papers',
              test: /src\/(apply\/(MaterialFigure|readings)|shared\/(uploads|images|use_capture|quick_check|ui\/(Upload|Quick)))/,
            },
            { name: 'cards', test: /src\/apply\/Material(Card|Pictures)/ },
          ],
        },
      },
    },
  },
  test: { environment: 'happy-dom', include: ['tests/**/*.test.ts', 'src/**/*.test.ts'] },
})
