// What an applicant's page loads stays under the budget: scripts, styles and Chinese texts, gzipped,
// with the largest of the parts that only one of its states needs.
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
  if (found.has(key)) return found
  found.add(key)
  for (const next of manifest[key].imports ?? []) files_of(next, found)
  return found
}
// What comes a moment later, with one of the page's states: a part each.
const parts_of = (key) =>
  [...files_of(key)]
    .flatMap((one) => manifest[one].dynamicImports ?? [])
    .filter(
      (part) =>
        /^src\/(?!desk|demo|bureau)/.test(part) &&
        !part.includes('/texts/') &&
        !part.endsWith('Page.vue'),
    )
const assets_of = (keys) =>
  new Set([...keys].flatMap((key) => [manifest[key].file, ...(manifest[key].css ?? [])]))

// Each page with the areas of texts that its route names (src/router.ts), its parent's included.
const read = (path) => readFileSync(new URL(`../src/${path}`, import.meta.url), 'utf8')
const router =
  read('router.ts') + read('agency/routes.ts').replaceAll("import('./", "import('./agency/")
function routes() {
  const found = []
  let inherited = []
  for (const line of router.split(/(?=\bpath: ')/).slice(1)) {
    const page = /import\('\.\/([^']+\.vue)'\)/.exec(line)?.[1]
    if (!page) continue
    const areas = [
      ...(/(?:texts: |account\(|open\()\[([^\]]*)\]/.exec(line)?.[1] ?? '').matchAll(/'(\w+)'/g),
    ]
    const texts = areas.map((match) => match[1])
    const child = !/^path: '\//.test(line)
    if (/children: \[/.test(line)) inherited = [page, ...texts]
    found.push({
      page,
      texts: child ? [...texts, ...inherited.slice(1)] : texts,
      parent: child ? inherited[0] : null,
    })
  }
  return found
}
const text_files = (area) =>
  Object.keys(manifest).filter(
    (key) => key.endsWith(`/zh-CN/${area}.json`) && !/^src\/(desk|demo|bureau)\//.test(key),
  )

const sum = (files) => [...files].reduce((total, file) => total + size(file), 0) / 1024

let worst = { kib: 0, page: '' }
const pages = routes()
for (const { page, texts, parent } of pages) {
  const keys = files_of('index.html')
  for (const one of [page, parent]) if (one) files_of(`src/${one}`, keys)
  for (const area of texts) for (const key of text_files(area)) files_of(key, keys)
  const states = [keys, ...parts_of(`src/${page}`).map((part) => files_of(part, new Set(keys)))]
  const heaviest = states.map(assets_of).sort((one, other) => sum(other) - sum(one))[0]
  const kib = sum(heaviest)
  if (process.argv.includes('--all')) console.log(kib.toFixed(1).padStart(6), page)
  if (process.argv.includes(page))
    for (const file of heaviest) console.log((size(file) / 1024).toFixed(1).padStart(8), file)
  if (kib > worst.kib) worst = { kib, page }
}
const line = `heaviest applicant's page: ${worst.page} ${worst.kib.toFixed(1)} KiB gz of ${k_budget_kib}`
if (pages.length < 20 || worst.kib > k_budget_kib) {
  console.error(`bundle budget: FAILED, ${line}`)
  process.exit(1)
}
console.log(`bundle budget: ${line}`)
