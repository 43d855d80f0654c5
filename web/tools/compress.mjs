// Writes a .gz beside every text file of the bundle, so that the server sends it without
// compressing anything at run time.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const dist = new URL('../dist/', import.meta.url).pathname
for (const name of readdirSync(dist, { recursive: true })) {
  if (!/\.(js|css|html|svg|json|txt)$/.test(name)) continue
  const plain = readFileSync(join(dist, name))
  writeFileSync(join(dist, name + '.gz'), gzipSync(plain, { level: 9 }))
}
