// What an applicant's page loads (scripts, styles and Chinese texts, gzipped) stays under the budget.
// The desk, the demo's inbox and the reference bureau's console are not an applicant's pages.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const k_budget_kib = 90
const dist = new URL('../dist/', import.meta.url).pathname
const manifest = JSON.parse(readFileSync(dist + '.vite/manifest.json', 'utf8'))

const sizes = new Map()
function size(file) {
  if (!sizes.has(file)) sizes.set(file, gzipSync(readFileSync(dist + file), { level: 9 }).length)
  return sizes.get(file)
}

function files_of(key, found = new Set()) {
  const chunk = manifest[key]
  if (found.has(chunk.file)) return found
  found.add(chunk.file)
  for (const css of chunk.css ?? []) found.add(css)
  for (const next of chunk.imports ?? []) files_of(next, found)
  return found
}

const entry = manifest['index.html']
const others = /^src\/(desk|demo|bureau)\//
const lazy = (entry.dynamicImports ?? []).filter((key) => !others.test(key))
const texts = lazy.filter((key) => /^src\/texts\/zh-CN\//.test(key))
const pages = lazy.filter((key) => key.endsWith('.vue'))

let worst = { kib: 0, page: '' }
for (const page of pages) {
  const found = files_of('index.html')
  files_of(page, found)
  for (const text of texts) files_of(text, found)
  const kib = [...found].reduce((sum, file) => sum + size(file), 0) / 1024
  if (kib > worst.kib) worst = { kib, page }
}
const line = `heaviest applicant's page: ${worst.page} ${worst.kib.toFixed(1)} KiB gz of ${k_budget_kib}`
if (pages.length === 0 || worst.kib > k_budget_kib) {
  console.error(`bundle budget: FAILED, ${line}`)
  process.exit(1)
}
console.log(`bundle budget: ${line}`)
