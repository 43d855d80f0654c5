// docs/handbook/<locale>/*.md and tests/e2e/shots -> build/handbook: one HTML page each that holds its
// pictures, and a PDF where a Chromium is found. Nothing is fetched.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { marked } from 'marked'
import { chromium } from 'playwright-core'

const root = resolve(import.meta.dirname, '../..')
const source = process.env.BEIAN_HANDBOOK ?? join(root, 'docs/handbook')
const shots = process.env.BEIAN_SHOTS ?? join(root, 'tests/e2e/shots')
const out = process.env.BEIAN_HANDBOOK_OUT ?? join(root, 'build/handbook')
const words = { 'zh-CN': { contents: '目录' }, en: { contents: 'Contents' } }

const style = `
:root { color-scheme: light; --ink: #1b2430; --soft: #5a6675; --line: #d8dee6; --action: #1c53a8 }
* { box-sizing: border-box }
body { max-width: 860px; margin: 0 auto; padding: 32px 24px 80px; color: var(--ink); background: #fff;
  font: 16px/1.75 "Noto Sans CJK SC", "Noto Sans SC", system-ui, sans-serif }
h1 { font-size: 30px; line-height: 1.3 } h2 { margin: 44px 0 8px; font-size: 21px; line-height: 1.4 }
nav ol { columns: 2; padding-left: 1.4em } nav a, a { color: var(--action) }
img { display: block; width: 100%; height: auto; border: 1px solid var(--line); border-radius: 6px }
figure { margin: 16px 0 } figcaption { padding-top: 4px; color: var(--soft); font-size: 14px }
code { padding: 1px 6px; border: 1px solid var(--line); border-radius: 4px; background: #f5f7fa; font-size: 0.9em }
pre { padding: 12px 16px; overflow-x: auto; border: 1px solid var(--line); border-radius: 6px; background: #f5f7fa }
pre code { padding: 0; border: 0 }
table { width: 100%; border-collapse: collapse } th, td { padding: 6px 12px 6px 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top }
@media (max-width: 600px) { nav ol { columns: 1 } }
@media print { body { max-width: none; padding: 0; font-size: 11pt } figure, table, pre { break-inside: avoid } h2 { break-after: avoid } nav { break-after: page } }
`
const escaped = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`)

const missing = new Set()
function page_of(markdown, locale) {
  const titles = []
  const renderer = {
    heading({ tokens, depth }) {
      const text = this.parser.parseInline(tokens)
      if (depth !== 2) return `<h${depth}>${text}</h${depth}>\n`
      titles.push(text)
      return `<h2 id="s${titles.length}">${text}</h2>\n`
    },
    // A picture stands alone in its paragraph; one that was not taken leaves its words.
    paragraph({ tokens }) {
      const inside = this.parser.parseInline(tokens)
      return tokens.length === 1 && tokens[0].type === 'image' ? inside : `<p>${inside}</p>\n`
    },
    image({ href, text }) {
      const file = join(shots, href)
      const caption = escaped(text)
      if (!existsSync(file)) {
        missing.add(href)
        return `<p><em>${caption}</em></p>\n`
      }
      const data = readFileSync(file).toString('base64')
      return `<figure><img alt="${caption}" src="data:image/png;base64,${data}"><figcaption>${caption}</figcaption></figure>\n`
    },
  }
  marked.use({ renderer })
  const body = marked.parse(markdown)
  const title = escaped(/^# (.*)$/m.exec(markdown)?.[1] ?? '')
  const contents = titles.map((text, i) => `<li><a href="#s${i + 1}">${text}</a></li>`).join('')
  const nav = `<nav aria-label="${words[locale].contents}"><ol>${contents}</ol></nav>`
  const end = body.indexOf('<h2')
  return `<!doctype html><html lang="${locale}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><style>${style}</style><main>${body.slice(0, end)}${nav}${body.slice(end)}</main></html>`
}

const browser = existsSync(process.env.BEIAN_CHROMIUM ?? '')
  ? await chromium.launch({ executablePath: process.env.BEIAN_CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] })
  : null
const context = await browser?.newContext()
for (const locale of Object.keys(words))
  for (const name of readdirSync(join(source, locale)).filter((one) => one.endsWith('.md'))) {
    const file = join(out, locale, name.replace(/md$/, 'html'))
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, page_of(readFileSync(join(source, locale, name), 'utf8'), locale))
    if (context) {
      const sheet = await context.newPage()
      await sheet.goto(`file://${file}`)
      const margin = { top: '16mm', bottom: '16mm', left: '16mm', right: '16mm' }
      await sheet.pdf({ path: file.replace(/html$/, 'pdf'), format: 'A4', printBackground: true, margin })
      await sheet.close()
    }
    console.log(file)
  }
await browser?.close()
if (missing.size) console.log(`not taken yet (tools/make_handbook --shots): ${[...missing].join(' ')}`)
if (!context) console.log('no Chromium here, so no PDF')
