// The loads of bench/desk: `pages` reads what reviewers read, four at a time; `case` opens cases in
// Chromium; `race` has every reviewer claim the next filing and pass it until none is left. Prints a
// table; fails where a goal is missed or a filing was decided other than once.
import { existsSync, readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { createRequire } from 'node:module'

const [mode, base, folder, size] = process.argv.slice(2)
const agent = new Agent({ keepAlive: true, maxSockets: 64 })
const lines = (name) => readFileSync(`${folder}/${name}`, 'utf8').trim().split('\n')
const reviewers = lines('reviewers').map((line) => {
  const [cookie, csrf] = line.split(' ')
  return { cookie, csrf }
})

const scoped = existsSync(`${folder}/scoped`)
  ? lines('scoped').map((line) => {
      const [cookie, csrf] = line.split(' ')
      return { cookie, csrf }
    })
  : []

function call(who, method, path, body) {
  const data = body === undefined ? undefined : JSON.stringify(body)
  const begun = performance.now()
  return new Promise((done, failed) => {
    const out = request(`${base}/api/v1${path}`, {
      agent,
      method,
      headers: {
        cookie: `session=${who.cookie}`,
        'x-csrf-token': who.csrf,
        origin: base,
        ...(data && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(data) }),
      },
    })
    out.on('error', failed)
    out.on('response', (response) => {
      const parts = []
      response.on('data', (part) => parts.push(part))
      response.on('error', failed)
      response.on('end', () =>
        done({
          status: response.statusCode,
          ms: performance.now() - begun,
          body: Buffer.concat(parts).toString('utf8'),
        }),
      )
    })
    out.end(data)
  })
}

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
const rows = []
function tell(name, times, goal, note = '') {
  const sorted = [...times].sort((a, b) => a - b)
  const p95 = at(sorted, name.startsWith('claim') ? 0.99 : 0.95)
  rows.push({ name, n: sorted.length, p50: at(sorted, 0.5), p95: at(sorted, 0.95), p99: at(sorted, 0.99), goal, met: p95 <= goal, note })
}
function print() {
  console.log('| what | n | p50 ms | p95 ms | p99 ms | goal ms | |\n|---|---|---|---|---|---|---|')
  for (const r of rows)
    console.log(`| ${r.name} | ${r.n} | ${r.p50.toFixed(1)} | ${r.p95.toFixed(1)} | ${r.p99.toFixed(1)} | ${r.goal} | ${r.met ? 'met' : 'NOT MET'} ${r.note}|`)
  if (rows.some((r) => !r.met)) process.exitCode = 1
}

let seed = 20261128
const random = (n) => {
  seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff
  return (seed >>> 8) % n
}
const pick = (list) => list[random(list.length)]

async function inTurns(tasks, atOnce = 4) {
  const out = []
  let next = 0
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (next < tasks.length) {
        const task = tasks[next++]
        const answer = await task()
        if (answer) out.push(answer)
      }
    }),
  )
  return out
}
function good(answer, path) {
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.body.slice(0, 300)}`)
  return answer
}
const get = async (path, who = pick(reviewers)) => good(await call(who, 'GET', path), path)

async function pages(each) {
  const queues = ['mine', 'unassigned', 'initial_review', 'photo_review', 'overdue', 'to_post', 'waiting_applicant',
    'to_hand_over', 'at_bureau', 'bureau_returned', 'approved', 'all']
  const orders = (queue) => (['approved', 'all'].includes(queue) ? ['oldest', 'newest'] : ['urgent', 'oldest', 'newest'])
  const all = queues.flatMap((queue) => orders(queue).map((order) => `/desk/filings?queue=${queue}&order=${order}`))
  const slowest = { ms: 0, path: '' }
  const timed = async (path) => {
    const answer = await get(path)
    if (answer.ms > slowest.ms) Object.assign(slowest, { ms: answer.ms, path })
    return answer.ms
  }
  for (const path of all) await get(path) // as on a machine that has run for a while

  const counts = JSON.parse((await get('/desk/queues')).body).queues
  console.log(counts.map((q) => `${q.name} ${q.count}`).join(', '))

  tell('queue, first page', await inTurns(Array.from({ length: each }, () => () => timed(pick(all)))), 150)
  const deep = []
  for (const path of all) {
    let after = ''
    for (let page = 0; page < 12; ++page) {
      const answer = await get(path + after)
      deep.push(answer.ms)
      const { next } = JSON.parse(answer.body)
      if (!next) break
      after = `&after=${next}`
    }
  }
  tell('queue, pages 1 to 12 in turn', deep, 150)
  const provinces = JSON.parse((await get('/bureaus')).body)
  const codes = (provinces.bureaus ?? provinces).map((b) => b.province)
  const filtered = () => {
    let path = pick(all)
    if (random(2)) path += `&province=${pick(codes)}`
    if (random(2)) path += `&kind=${pick(['first_filing', 'new_website', 'new_access', 'change', 'cancel_organiser', 'cancel_website', 'cancel_access'])}`
    if (random(2)) path += `&nature=${pick([1, 2, 4, 5])}`
    return path
  }
  tell('queue, filters', await inTurns(Array.from({ length: each }, () => () => timed(filtered()))), 150)
  tell('queue, filters with age and findings',
    await inTurns(Array.from({ length: each }, () => () => timed(`${filtered()}&days=${pick([1, 3, 30])}&findings=${random(3)}`))), 150)
  tell('all counters', (await inTurns(Array.from({ length: each }, () => () => get('/desk/queues')))).map((a) => a.ms), 20)

  // Whoever sees some provinces or customers only.
  const orders_of = all.filter((path) => !path.includes('queue=mine'))
  const inScope = Array.from({ length: each }, (_, i) => () => {
    let path = pick(orders_of)
    if (random(2)) path += `&kind=${pick(['first_filing', 'change'])}`
    return get(path, scoped[i % scoped.length]).then((answer) => {
      if (answer.ms > slowest.ms) Object.assign(slowest, { ms: answer.ms, path: `${path} scope ${i % scoped.length}` })
      return answer.ms
    })
  })
  tell('queue, of some provinces or customers', await inTurns(inScope), 150)
  tell('counters, of some provinces or customers',
    (await inTurns(Array.from({ length: each }, (_, i) => () => get('/desk/queues', scoped[i % scoped.length])))).map((a) => a.ms), 20)
  console.log(`slowest page: ${slowest.ms.toFixed(0)} ms ${slowest.path}`)

  const words = lines('words').map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)])
  let found = 0, asked = 0
  const searches = await inTurns(Array.from({ length: each }, () => async () => {
    const [kind, text] = pick(words)
    const answer = await get(`/desk/filings?queue=all&q=${encodeURIComponent(text)}`)
    const n = JSON.parse(answer.body).rows.length
    if (kind === 'nothing' ? n !== 0 : n === 0) throw new Error(`search for ${kind} “${text}” found ${n}`)
    asked += kind === 'nothing' ? 0 : 1
    found += n
    return answer.ms
  }))
  tell('search', searches, 300, `${(found / asked).toFixed(1)} rows each `)
  const cases = lines('cases')
  tell('case', (await inTurns(Array.from({ length: each }, () => () => get(`/desk/filings/${pick(cases)}`)))).map((a) => a.ms), 200)
  print()
}

// From the key or the click until the fields of that case are drawn: in the page's own clock, two
// frames after they are there.
const readable = () => {
  // Whose case it is, once its fields are drawn.
  window.shown = () =>
    document.querySelector('.case .left .field') ? document.querySelector('.case .head').innerText : ''
  window.readable = (before) =>
    new Promise((done) => {
      const look = () => {
        const shown = window.shown()
        if (!shown || shown === before) return requestAnimationFrame(look)
        requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())))
      }
      look()
    })
}
async function opened(page, act, event) {
  // Listening is sure to have begun before the key or the click comes.
  await page.evaluate((type) => {
    const before = window.shown()
    let begun = 0
    window.addEventListener(type, () => (begun = performance.now()), { capture: true, once: true })
    window.opened = window.readable(before).then((end) => end - begun)
  }, event)
  await act()
  return page.evaluate(() => window.opened)
}

async function openCases(count) {
  const { chromium } = createRequire(new URL('../tests/package.json', import.meta.url))('playwright-core')
  const browser = await chromium.launch({
    executablePath: process.env.BEIAN_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  })
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'zh-CN' })
    await context.addCookies([{ name: 'session', value: reviewers[0].cookie, url: base }])
    await context.addInitScript(readable)
    const page = await context.newPage()
    const cold = [], clicked = [], next = []
    await page.goto(`${base}/desk?queue=unassigned&order=urgent`)
    await page.locator('a.open').first().waitFor()
    await page.keyboard.press('n') // the first also loads the case page's script
    await page.waitForFunction(() => window.shown())
    for (let i = 0; i < count; ++i) next.push(await opened(page, () => page.keyboard.press('n'), 'keydown'))
    for (let i = 0; i < count; ++i) {
      await page.goto(`${base}/desk?queue=mine&order=urgent`)
      const row = page.locator('a.open').nth(i % 20)
      await row.waitFor()
      clicked.push(await opened(page, () => row.click(), 'click'))
      const url = page.url()
      await page.goto(url)
      cold.push(await page.evaluate(() => window.readable('')))
    }
    tell('case in Chromium, key “next” (claims it)', next, 200)
    tell('case in Chromium, click in the queue', clicked, 200)
    tell('case in Chromium, address typed (for information)', cold, Infinity)
    print()
  } finally {
    await browser.close()
  }
}

async function race(count) {
  const claims = [], decisions = []
  const decided = new Map()
  let refused = 0
  const begun = performance.now()
  await Promise.all(reviewers.slice(0, 50).map(async (who) => {
    for (;;) {
      const claimed = await call(who, 'POST', '/desk/next', {})
      if (claimed.status === 404) return
      if (claimed.status === 409) {
        ++refused
        continue
      }
      good(claimed, '/desk/next')
      claims.push(claimed.ms)
      const { id, version } = JSON.parse(claimed.body)
      // One in ten is wanted by a second reviewer as well, who has not claimed it.
      if (random(10) === 0) {
        const late = await call(pick(reviewers.slice(0, 50).filter((other) => other !== who)), 'POST', `/desk/filings/${id}/actions/pass_initial`, { version })
        if (late.status !== 409) throw new Error(`decided by somebody who does not have it: ${late.status}`)
      }
      const answer = await call(who, 'POST', `/desk/filings/${id}/actions/pass_initial`, { version })
      good(answer, 'pass_initial')
      decisions.push(answer.ms)
      decided.set(id, (decided.get(id) ?? 0) + 1)
    }
  }))
  const seconds = (performance.now() - begun) / 1000
  const once = [...decided.values()].every((n) => n === 1)
  console.log(`${decided.size} of ${count} decided in ${seconds.toFixed(1)} s, each once: ${once}; ${refused} claims refused and tried again`)
  if (!once || decided.size !== Number(count)) throw new Error('a filing was decided other than once')
  const left = JSON.parse((await get('/desk/queues')).body).queues
  const of = (name) => left.find((q) => q.name === name).count
  if (of('unassigned') + of('initial_review') !== 0) throw new Error('counters do not say so')
  tell('claim (p99 counts)', claims, 150)
  tell('decision', decisions, 1000)
  print()
}

await (mode === 'race' ? race(size) : mode === 'case' ? openCases(Number(size)) : pages(Number(size)))
agent.destroy()
