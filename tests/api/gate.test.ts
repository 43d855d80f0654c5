// "A domain without a filing must not be served": what the gate says as filings are approved, to other
// programs, to a process of its own, and to an nginx with the configuration of deploy/.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { approved } from '../support/journey.ts'
import { Applicant, Officer, Staff } from '../support/people.ts'
import { binary, eventually, freePort, Platform, root } from '../support/platform.ts'

let platform: Platform
let applicant: Applicant
let ip = ''
const children: ChildProcess[] = []

beforeAll(async () => {
  platform = await Platform.start()
  applicant = new Applicant(platform)
  await applicant.register('gate@applicant.example')
  const { products } = await applicant.call<{ products: { ips: string[] }[] }>('GET', '/products')
  ip = products[0]!.ips[0]!
}, 120_000)
afterAll(async () => {
  for (const child of children) child.kill()
  await platform?.stop()
})

const ask = (host: string, address?: string) =>
  applicant.call<{ verdict: string; filed: boolean }>(
    'GET',
    `/gate?host=${encodeURIComponent(host)}${address ? `&address=${address}` : ''}`,
  )

async function startGate(): Promise<{ port: number; process: ChildProcess }> {
  const child = spawn(binary, ['gate', '--config', platform.config, '--port', '0'], { cwd: root })
  children.push(child)
  let said = ''
  child.stdout!.on('data', (bytes: Buffer) => (said += bytes.toString()))
  const port = await eventually('the gate listening', async () => Number(/:(\d+)\/check/.exec(said)?.[1]))
  return { port, process: child }
}

// A request to this machine for some host: what a visitor's browser would send.
function visit(port: number, host: string, path = '/'): Promise<{ status: number; text: string; verdict?: string }> {
  return new Promise((done, failed) => {
    request({ port, host: '127.0.0.1', path, headers: { host } }, (answer) => {
      let text = ''
      answer.on('data', (bytes: Buffer) => (text += bytes.toString()))
      answer.on('end', () =>
        done({ status: answer.statusCode!, text, verdict: answer.headers['x-beian-gate'] as string | undefined }),
      )
    })
      .once('error', failed)
      .end()
  })
}

// The configuration that an operator gets, with this test's ports and folders, and a website behind it.
async function startNginx(gate: number): Promise<number> {
  const port = await freePort()
  const prefix = mkdtempSync(join(tmpdir(), 'beian-nginx-'))
  chmodSync(prefix, 0o755)
  mkdirSync(join(prefix, 'site'))
  writeFileSync(join(prefix, 'site', 'index.html'), 'the website itself')
  const ours = (name: string) =>
    readFileSync(join(root, 'deploy', name), 'utf8')
      .replaceAll('127.0.0.1:8070', `127.0.0.1:${gate}`)
      .replaceAll('/etc/nginx/beian', join(root, 'deploy/gate'))
      .replace('default $server_addr;', `default ${ip};`)
  writeFileSync(join(prefix, 'gate.conf'), ours('nginx-gate.conf'))
  writeFileSync(join(prefix, 'site.conf'), ours('nginx-gate-site.conf'))
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((n) => `${n}_temp_path ${prefix}/${n};`)
  writeFileSync(
    join(prefix, 'nginx.conf'),
    `daemon off; ${process.getuid!() === 0 ? 'user root;' : ''} worker_processes 1; pid ${prefix}/pid; error_log stderr warn;
     events {} http { access_log off; ${temporary.join(' ')} include ${prefix}/gate.conf;
     server { listen 127.0.0.1:${port} default_server; include ${prefix}/site.conf; location / { root ${prefix}/site; } location /private { deny all; } } }`,
  )
  const child = spawn('nginx', ['-c', join(prefix, 'nginx.conf'), '-p', prefix], { stdio: ['ignore', 'ignore', 'inherit'] })
  children.push(child)
  await eventually('nginx listening', () => visit(port, 'nothing.example'))
  return port
}

test('a domain opens within a second of its approval, in a process of its own and behind nginx too', async () => {
  const own = await startGate()
  const nginx = await startNginx(own.port)
  expect(await ask('www.gate-story.cn')).toEqual({ verdict: 'not_filed', filed: false })
  const before = await visit(nginx, 'www.gate-story.cn')
  expect([before.status, before.verdict]).toEqual([403, 'not_filed'])
  expect(before.text).toContain('该网站暂时无法访问')

  const reviewer = await Staff.logIn(platform, 'reviewer')
  const photo = await Staff.logIn(platform, 'photo')
  const staffed = { reviewer, photo, officer: new Officer(platform) }
  await approved(applicant, staffed, { enterprise: true, domains: ['gate-story.cn'], sequence: 311 })
  const since = Date.now()
  await eventually('open behind nginx', async () => (await visit(nginx, 'www.gate-story.cn')).status === 200, 1_500)
  await eventually('open in the platform', async () => (await ask('www.gate-story.cn')).filed, 1_000)
  expect(Date.now() - since).toBeLessThan(1_500)

  const after = await visit(nginx, 'WWW.Gate-Story.CN:80')
  expect([after.status, after.text]).toEqual([200, 'the website itself'])
  expect((await visit(nginx, 'gate-story.cn.')).status).toBe(200)
  // What the website itself forbids is not told as a missing filing.
  const own_403 = await visit(nginx, 'gate-story.cn', '/private')
  expect([own_403.status, own_403.text.includes('该网站暂时无法访问')]).toEqual([403, false])
  expect((await visit(nginx, 'other-story.cn', '/private')).status).toBe(403)
  // A Chinese name in either spelling.
  await platform.sql('UPDATE gate_position SET n = n + 1')
  await platform.sql("INSERT INTO gate_names (domain, filed, served_from, position) SELECT 'xn--fsqu00a.xn--fiqs8s', 1, '', n FROM gate_position")
  await eventually('a Chinese name', async () => (await visit(nginx, 'www.xn--fsqu00a.xn--fiqs8s')).status === 200, 1_500)
  expect((await visit(nginx, Buffer.from('WWW.例子.中国:80').toString('latin1'))).status).toBe(200)
  expect((await visit(nginx, 'other-story.cn')).status).toBe(403)
  expect((await visit(nginx, '127.0.0.1')).verdict).toBe('not_a_name')
  expect((await visit(nginx, 'www.gate-story.cn', '/_beian_gate')).status).toBe(404)

  expect(await ask('gate-story.cn', ip)).toEqual({ verdict: 'filed', filed: true })
  expect(await ask('gate-story.cn', '203.0.113.250')).toEqual({ verdict: 'wrong_address', filed: false })
  await expect(applicant.call('GET', '/gate')).rejects.toMatchObject({ status: 422, reason: 'request_invalid' })

  // Ended: gone as quickly. (What store::close_gate writes.)
  await platform.sql('UPDATE gate_position SET n = n + 1')
  await platform.sql("UPDATE gate_names SET filed = 0, position = (SELECT n FROM gate_position) WHERE domain = 'gate-story.cn'")
  await eventually('closed behind nginx', async () => (await visit(nginx, 'gate-story.cn')).status === 403, 1_500)

  // Whoever cannot ask does not serve, and says that it is not the website's fault.
  own.process.kill()
  await eventually('nobody to ask', async () => (await visit(nginx, 'gate-story.cn')).status === 503)
  expect((await visit(nginx, 'gate-story.cn')).text).toContain('请稍候')
}, 180_000)

test('the names as a map for nginx', async () => {
  const file = join(platform.folder, 'filed.map')
  const done = await platform.command(['gate', 'export', '--config', platform.config, file])
  expect(done).toMatchObject({ status: 0, said: expect.stringContaining('names') as string })
  expect(readFileSync(file, 'utf8')).toMatch(/^(\.[a-z0-9.-]+ 1;\n)*$/)
  const lost = await platform.command(['gate', 'export', '--config', platform.config, '/no/such/folder/x'])
  expect(lost.status).toBe(1)
})

test('a list of hosts, a line each', async () => {
  await platform.sql('UPDATE gate_position SET n = n + 1')
  await platform.sql("INSERT INTO gate_names (domain, filed, served_from, position) SELECT 'gate-listed.cn', 1, '203.0.113.7', n FROM gate_position")
  const list = (hosts: string[]) => spawnSync(binary, ['gate', 'ask', '--config', platform.config], { cwd: root, input: hosts.join('\n'), encoding: 'utf8' })
  const mixed = list(['www.gate-listed.cn', 'gate-listed.cn:80 203.0.113.9', '', 'gate-unlisted.cn\r', '203.0.113.7'])
  expect(mixed.stdout.split('\n')).toEqual(['filed www.gate-listed.cn', 'wrong_address gate-listed.cn:80 203.0.113.9', 'not_filed gate-unlisted.cn', 'not_a_name 203.0.113.7', ''])
  expect(mixed.status).toBe(1)
  expect(list(['gate-listed.cn', 'm.gate-listed.cn 203.0.113.7']).status).toBe(0)
})
