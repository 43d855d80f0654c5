// The inbox that shows everybody's mail exists for trying things out, and nowhere else.
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Applicant, Browser } from '../support/people.ts'
import { binary, eventually, freePort, Platform, root } from '../support/platform.ts'

interface Message {
  id: string
  channel: string
  to: string
  subject: string
  body: string
  links: string[]
  at: number
}

let platform: Platform
let served: ChildProcess | undefined
beforeAll(async () => {
  platform = await Platform.start()
})
afterAll(async () => {
  served?.kill('SIGTERM')
  await platform?.stop()
})

test('in the demo it lists what left, newest first, with links that work', async () => {
  const a = new Applicant(platform)
  await a.register('inbox@applicant.example')
  await a.call('POST', '/account/forgot', { email: a.email })
  const messages = await eventually('two messages', async () => {
    const all = (await new Browser(platform).call<{ messages: Message[] }>('GET', '/demo/inbox')).messages
    return all.filter((m) => m.to === a.email).length === 2 && all
  })
  const [reset, activation] = messages.filter((m) => m.to === a.email)
  expect(reset!.subject).toContain('重设')
  expect(activation!.subject).toContain('激活')
  expect(reset!.at).toBeGreaterThanOrEqual(activation!.at)
  expect([reset!.channel, activation!.channel]).toEqual(['mail', 'mail'])
  const link = reset!.links.find((l) => l.includes('/reset?token='))!
  expect(link.startsWith(platform.url)).toBe(true)
  const token = new URL(link).searchParams.get('token')
  const done = await new Browser(platform).raw('POST', '/account/reset', { token, password: 'another long password' })
  expect(done.status).toBe(204)
})

test('where the officer sits is told to everybody, his token to nobody', async () => {
  const meta = await (await fetch(`${platform.url}/api/v1/meta`)).text()
  expect(JSON.parse(meta)).toMatchObject({ demo: true, console_url: platform.console })
  expect(platform.consoleToken.length).toBeGreaterThan(20)
  expect(meta).not.toContain(platform.consoleToken)
})

test('outside the demo there is no such address, and nothing tells that it is a demo', async () => {
  await platform.kill('SIGTERM')
  const port = await freePort()
  const text = readFileSync(platform.config, 'utf8')
  const config = join(platform.folder, 'serve.toml')
  writeFileSync(config, text.replace('[http]', `[http]\nport = ${port}`))
  let log = ''
  served = spawn(binary, ['serve', '--config', config], { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] })
  served.stderr!.on('data', (bytes: Buffer) => (log += bytes.toString()))
  await eventually('serve listening', async () => log.includes('"listening"'), 60_000)
  const base = `http://127.0.0.1:${port}/api/v1`
  expect(await (await fetch(`${base}/meta`)).json()).toMatchObject({ demo: false, console_url: null })
  const answer = await fetch(`${base}/demo/inbox`)
  expect(answer.status).toBe(404)
  expect(await answer.json()).toMatchObject({ reason: 'http_404' })
}, 120_000)
