// How fast a table of organisers becomes drafts, through the real program: uploaded and checked over
// HTTP, confirmed, and made by its job, on SQLite with its durable settings; beside it somebody else
// writes, whose waiting is told too.
//   node bench/import.mjs BINARY [ROWS]
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const [binary, rows = '10000'] = process.argv.slice(2)
const n = Number(rows)
const folder = mkdtempSync(join(tmpdir(), 'beian-import-'))
const free_port = () =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => done(String(port)))
    })
  })
const ports = [await free_port(), await free_port()]
const child = spawn(binary, ['demo', '--var', folder, '--port', ports[0], '--console-port', ports[1], '--applicant', 'bench@demo.example'], { stdio: ['ignore', 'pipe', 'ignore'] })
let said = ''
child.stdout.on('data', (bytes) => (said += bytes))
// Of the processor, all threads: what else the machine does counts less than in time by the clock.
function cpu_seconds() {
  const words = readFileSync(`/proc/${child.pid}/stat`, 'latin1').split(') ')[1].split(' ')
  return (Number(words[11]) + Number(words[12])) / 100
}
const pause = (ms) => new Promise((done) => setTimeout(done, ms))
async function until(what, look) {
  for (let i = 0; i < 6000; ++i) {
    const found = await look()
    if (found) return found
    if (child.exitCode !== null) throw new Error(`the program ended:\n${said.slice(-500)}`)
    await pause(50)
  }
  throw new Error(`waited in vain for ${what}`)
}

class Browser {
  cookie = ''
  csrf = ''
  async call(method, path, body) {
    const form = body instanceof FormData
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { cookie: this.cookie, 'x-csrf-token': this.csrf, ...(form ? {} : { 'content-type': 'application/json' }) },
      body: body === undefined ? undefined : form ? body : JSON.stringify(body),
    })
    const set = response.headers.get('set-cookie')
    if (set) this.cookie = set.split(';')[0]
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 500)}`)
    return text ? JSON.parse(text) : undefined
  }
  async log_in(email, password) {
    this.csrf = (await this.call('POST', '/account/login', { email, password })).csrf_token
  }
}

// A unified social credit code with a good check character (GB 32100), of nobody.
function credit_code(sequence) {
  const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'
  const body = `91330199MA${String(sequence).padStart(7, '0')}`
  let sum = 0
  for (let i = 0; i < 17; ++i) sum += alphabet.indexOf(body[i]) * (3 ** i % 31)
  return body + alphabet[(31 - (sum % 31)) % 31]
}

let url = ''
try {
  await until('the program', () => said.includes('Ctrl-C'))
  url = /pages\s+(\S+)/.exec(said)[1]
  const [, admin_mail, admin_password] = /^ {2}(admin@demo\.example)\s+(\S+)/m.exec(said)
  const [, email, password] = /^ {2}(bench@demo\.example)\s+(\S+)/m.exec(said)
  const agency = new Browser()
  await agency.log_in(email, password)
  const admin = new Browser()
  await admin.log_in(admin_mail, admin_password)
  await admin.call('POST', '/desk/agencies', { email, name: '示例代办' })

  const lines = ['客户,organiser.nature,organiser.certificate_type,organiser.certificate_number,organiser.name,organiser.province,organiser.city,organiser.county,organiser.address,sites.domain,sites.name,principal.name,principal.mobile']
  for (let i = 0; i < n; ++i)
    lines.push(`客户${i % 200},企业,营业执照,${credit_code(i)},示例${i}公司,浙江省,杭州市,西湖区,示例路${i}号,import-${i}.cn,示例网站,测试乙,19900001000`)
  const form = new FormData()
  form.set('file', new Blob([lines.join('\r\n')]), 'clients.csv')
  let start = performance.now()
  let start_cpu = cpu_seconds()
  const checked = await agency.call('POST', '/agency/imports', form)
  const checking = (performance.now() - start) / 1000
  const checking_cpu = cpu_seconds() - start_cpu
  if (checked.good !== n) throw new Error(`${checked.good} good rows of ${n}`)
  // Meanwhile somebody else writes, one line after the other, and notes how long each takes.
  const other = new Browser()
  await other.log_in(admin_mail, admin_password)
  const waits = []
  let running = true
  const others = (async () => {
    while (running) {
      const begun = performance.now()
      await other.call('POST', '/account/notices/seen')
      waits.push(performance.now() - begun)
      await pause(20)
    }
  })()
  start = performance.now()
  start_cpu = cpu_seconds()
  await agency.call('POST', `/agency/imports/${checked.id}/confirm`, {})
  const done = await until('the import', async () => {
    const now = await agency.call('GET', `/agency/imports/${checked.id}`)
    return now.state === 'done' && now
  })
  const making = (performance.now() - start) / 1000
  if (done.drafts !== n) throw new Error(`${done.drafts} drafts of ${n}`)
  const making_cpu = cpu_seconds() - start_cpu
  running = false
  await others
  waits.sort((a, b) => a - b)
  const rate = (seconds) => Math.round(n / seconds)
  const line = (what, seconds, cpu) => console.log(`${what.padEnd(7)} ${seconds.toFixed(2)} s, ${rate(seconds)} rows/s; ${cpu.toFixed(2)} s of processor, ${rate(cpu)} rows a processor second`)
  console.log(`${n} rows`)
  line('checked', checking, checking_cpu)
  line('drafts', making, making_cpu)
  line('both', checking + making, checking_cpu + making_cpu)
  console.log(`others' writes meanwhile: ${waits.length}, half within ${waits[waits.length >> 1].toFixed(0)} ms, the longest ${waits.at(-1).toFixed(0)} ms`)
} finally {
  child.kill()
  rmSync(folder, { recursive: true, force: true })
}
