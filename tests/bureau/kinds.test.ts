// An independent SOAP client uploads every kind of message to the real program's reference bureau,
// with XML written by hand.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { binary, eventually, root, run } from '../support/platform.ts'

const folder = mkdtempSync(join(tmpdir(), 'beian-kinds-'))
let bureau: ChildProcess
let said = ''

beforeAll(async () => {
  bureau = spawn(binary, ['sandbox', '--var', folder, '--port', '0'], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  bureau.stdout!.on('data', (bytes: Buffer) => (said += bytes.toString()))
  await eventually('the reference bureau', async () => /console \S+#token=\S+/.test(said) && said.includes('330000 '), 60_000)
})
afterAll(async () => {
  const gone = new Promise((done) => bureau.once('exit', done))
  bureau.kill('SIGTERM')
  expect(await gone).toBe(0)
  rmSync(folder, { recursive: true, force: true })
})

test('python3-zeep: every kind of order, answer, address and domain', async () => {
  const [, base, token] = /console (\S+?)\/#token=(\S+)/.exec(said)!
  const zeep = await run('/usr/bin/python3', [join(root, 'tests/bureau/zeep_kinds.py'), '--base', base!, '--token', token!])
  expect(zeep.said).toContain('all is well')
  expect(zeep.said).not.toContain('FAILED')
  expect(zeep.status).toBe(0)
}, 180_000)
