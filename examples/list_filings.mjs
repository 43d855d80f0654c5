// Lists every filing of an account, page by page, one line each. Node 20 or later, nothing else.
//   BEIAN_TOKEN=bn_… node list_filings.mjs https://beian.example.cn
const base = (process.argv[2] ?? 'http://127.0.0.1:8080').replace(/\/+$/, '')
const token = process.env.BEIAN_TOKEN
if (!token) {
  console.error('BEIAN_TOKEN: a token with the scope filings.read')
  process.exit(2)
}

async function page(after) {
  const query = new URLSearchParams({ limit: '100', ...(after && { after }) })
  const answer = await fetch(`${base}/api/v1/filings?${query}`, {
    headers: { authorization: `Bearer ${token}` },
  })
  const body = await answer.json()
  if (!answer.ok) throw new Error(`${answer.status} ${body.reason}: ${body.title}`)
  return body
}

const seen = new Set()
function show(filings) {
  for (const one of filings) {
    if (seen.has(one.id)) continue
    seen.add(one.id)
    console.log([one.id, one.kind, one.state, one.domains.join(' '), one.number ?? ''].join('\t'))
  }
}
for (let after = ''; after !== null; ) {
  const { filings, next } = await page(after)
  show(filings)
  after = next
}
// What changed meanwhile has moved to the first page.
show((await page('')).filings)
