// beian file: a document and a token in, a filing number out.
import { execFileSync, spawn } from 'node:child_process'
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { orderOf } from '../support/journey.ts'
import { Applicant, citizenId, Officer, Staff } from '../support/people.ts'
import { binary, eventually, Platform, root, run } from '../support/platform.ts'

let platform: Platform
let owner: Applicant
let folder = ''

beforeAll(async () => {
  platform = await Platform.start()
  owner = new Applicant(platform)
  await owner.register('file@applicant.example')
  folder = mkdtempSync(join(tmpdir(), 'beian-file-'))
  execFileSync(binary, ['sample', join(folder, 'papers')], { cwd: root, stdio: 'ignore' })
  for (const name of readdirSync(join(folder, 'papers'))) copyFileSync(join(folder, 'papers', name), join(folder, name))
  const { token } = await owner.call<{ token: string }>('POST', '/account/tokens', { name: 'file', scopes: ['filings.read', 'filings.write'], days: 1 })
  writeFileSync(join(folder, 'token'), `${token}\n`, { mode: 0o600 })
}, 120_000)
afterAll(async () => platform?.stop())

const words = (document: string, ...more: string[]) => [
  'file', '--url', platform.url, '--token-file', join(folder, 'token'), '--every', '1', ...more, join(folder, document),
]

// The project's example, for the address of this platform's demonstration product: which one it is
// follows from the address.
async function document(name: string, change: (d: { question: Record<string, unknown>; answers: Record<string, unknown> }) => void) {
  const made = JSON.parse(readFileSync(join(root, 'examples/filing.json'), 'utf8')) as Parameters<typeof change>[0]
  const { products } = await owner.call<{ products: { ips: string[] }[] }>('GET', '/products')
  made.answers['sites.s1.access.ips'] = [products[0]!.ips[0]]
  change(made)
  writeFileSync(join(folder, name), JSON.stringify(made))
}

test('the example is filed and followed to its number; the same document again is the same filing', async () => {
  await document('filing.json', () => {})
  const child = spawn(binary, words('filing.json'), { cwd: root })
  let said = ''
  child.stdout!.on('data', (bytes: Buffer) => (said += bytes.toString()))
  child.stderr!.on('data', (bytes: Buffer) => (said += bytes.toString()))
  const ended = new Promise<number | null>((done) => child.once('exit', done))
  await eventually('submitted', async () => said.includes('submitted'), 60_000).catch(() => expect(said).toContain('submitted'))
  const id = /filing (\d+)/.exec(said)![1]!

  const again = await run(binary, words('filing.json', '--no-follow'))
  expect(again).toMatchObject({ status: 0, said: expect.stringContaining(`filing ${id}`) as string })

  const reviewer = await Staff.logIn(platform, 'reviewer')
  const photo = await Staff.logIn(platform, 'photo')
  const officer = new Officer(platform)
  await reviewer.decide(id, 'pass_initial')
  if ((await owner.filing(id)).state === 'verification' || said.includes('verification')) {
    await owner.reaches(id, 'photo_review')
    await photo.decide(id, 'pass_photo')
  }
  const order = await orderOf(officer, id)
  await officer.call('POST', `orders/${order.id}/pass`, { opinion: '通过' })
  expect(await ended).toBe(0)
  expect(said).toMatch(/approved .*\n.*"organiser_number":"/)
}, 180_000)

test('defects are told with where, what and how; nothing is submitted', async () => {
  await document('wrong.json', (d) => {
    d.question.domain = 'file-wrong.cn'
    d.question.certificate_number = citizenId(851)
    d.answers['principal.mobile'] = '123'
    delete d.answers['organiser.address']
    d.answers['sites.s1.access.ips'] = ['192.0.2.99']
  })
  const done = await run(binary, words('wrong.json', '--no-follow'))
  expect(done.status).toBe(1)
  expect(done.said).toContain('principal.mobile: ')
  expect(done.said).toContain('organiser.address: ')
  expect(done.said).toMatch(/none of your servers has this address: \["192\.0\.2\.99"\]\n.*yours: demo-/)
  const id = /filing (\d+)/.exec(done.said)![1]!
  expect((await owner.filing(id)).state).toBe('draft')
  expect(done.said).toContain(`--filing ${id}`)
  // Mended, it is another document: it says which filing it would go on with.
  await document('mended.json', (d) => {
    d.question.domain = 'file-wrong.cn'
    d.question.certificate_number = citizenId(851)
    d.answers['sites.s1.home_url'] = 'www.file-wrong.cn'
  })
  const mended = await run(binary, words('mended.json', '--no-follow'))
  expect(mended).toMatchObject({ status: 1, said: expect.stringContaining(`--filing ${id}`) as string })
  expect(await run(binary, words('mended.json', '--no-follow', '--filing', id))).toMatchObject({ status: 0 })
})

test('no document, no token, no platform: one line each', async () => {
  writeFileSync(join(folder, 'empty.json'), '{}')
  expect(await run(binary, words('empty.json'))).toMatchObject({ status: 1, said: expect.stringContaining('needs "question"') as string })
  expect(await run(binary, words('absent.json'))).toMatchObject({ status: 1, said: expect.stringContaining('absent.json') as string })
  writeFileSync(join(folder, 'token2'), `bn_${'A'.repeat(43)}`)
  await document('filing.json', () => {})
  const unknown = await run(binary, ['file', '--url', platform.url, '--token-file', join(folder, 'token2'), join(folder, 'filing.json')])
  expect([unknown.status, unknown.said.includes('401')]).toEqual([1, true])
})

test('a document that is no JSON is told by its line', async () => {
  writeFileSync(join(folder, 'broken.json'), '{\n  "question": {,\n')
  const done = await run(binary, words('broken.json'))
  expect(done.status).toBe(1)
  expect(done.said).toMatch(/broken\.json:2: is no JSON/)
})
