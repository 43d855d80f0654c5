// The connections to the bureaus as an administrator sees them: what is configured without its
// secrets, what he changes while the platform runs, and trying one.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Applicant, Refused, type Schemas, Staff } from '../support/people.ts'
import { eventually, Platform } from '../support/platform.ts'

type Connection = Schemas['Connection']
type Parameters = Schemas['LineParameters']
let platform: Platform
let admin: Staff
const k_name = 'line.330000'

beforeAll(async () => {
  platform = await Platform.start()
  admin = await Staff.logIn(platform, 'admin')
}, 60_000)
afterAll(async () => platform?.stop())

const secret_file = (name: string) => join(platform.var, 'bureau', `330000.${name}`)
const connection = async () =>
  (await admin.call<{ connections: Connection[] }>('GET', '/desk/connections')).connections.find((one) => one.province === '330000')!
async function set(part: Partial<Parameters>): Promise<void> {
  const { value, version } = await admin.call<{ value: Parameters; version: string }>('GET', `/desk/settings/${k_name}`)
  await admin.call('PUT', `/desk/settings/${k_name}`, { value: { ...value, ...part }, version, note: '按管局通知' })
}
const refused = async (part: object) => {
  const error = (await set(part as Partial<Parameters>).catch((e: unknown) => e)) as Refused
  expect(error).toBeInstanceOf(Refused)
  return error.problems.map((p) => `${p.field}:${p.code}`)
}

describe('a connection', () => {
  test('shows what is configured, and of a secret only that it is there', async () => {
    const one = await connection()
    expect(one).toMatchObject({
      interface_version: expect.stringMatching(/^V/), password: true, cipher: true, name: k_name,
      addresses: { upload: expect.stringContaining('http') }, parameters: { paused: false }, changed_at: null,
    })
    const config = JSON.stringify(one)
    for (const file of ['password', 'key', 'iv']) {
      const secret = readFileSync(secret_file(file), 'utf8')
      expect(secret.length).toBeGreaterThan(5)
      expect(config).not.toContain(secret)
    }
  })

  test('can be tried: what was found, in the reader’s language, and changes nothing', async () => {
    const before = await connection()
    type Test = { good: boolean; findings: { good: boolean; what: string; found: string; mend: string }[] }
    const done = await admin.call<Test>('POST', '/desk/connections/330000/test')
    expect(done.good, JSON.stringify(done)).toBe(true)
    expect(done.findings.map((one) => one.what)).toEqual(expect.arrayContaining(['时钟', '登录', '下发文件', '查询']))
    expect(JSON.stringify(done)).not.toMatch(/\{\{|found\.|what\./)
    expect((await connection()).waiting).toBe(before.waiting)
    await expect(admin.call('POST', '/desk/connections/999999/test')).rejects.toMatchObject({ status: 404 })
  })

  test('tells what is wrong with it, and what to do', async () => {
    const file = secret_file('password')
    const was = readFileSync(file, 'utf8')
    writeFileSync(file, 'not-it')
    try {
      const done = await admin.call<{ good: boolean; findings: { good: boolean; found: string; mend: string }[] }>('POST', '/desk/connections/330000/test')
      expect(done.good).toBe(false)
      expect(done.findings.find((one) => !one.good)).toMatchObject({ found: expect.stringContaining('代码 5'), mend: expect.stringContaining('口令') })
      expect(JSON.stringify(done)).not.toContain('not-it')
    } finally {
      writeFileSync(file, was)
    }
  })
})

/** A filing that only has to be handed over. */
async function passed(applicant: Applicant, domain: string, sequence: number): Promise<string> {
  const { id } = await applicant.draft({ enterprise: false, domains: [domain], sequence })
  await applicant.uploadAll(id)
  await applicant.act(id, 'submit')
  const reviewer = await Staff.logIn(platform, 'reviewer')
  await reviewer.decide(id, 'pass_initial')
  await applicant.uploadAll(id)
  await applicant.act(id, 'submit_photo')
  await reviewer.decide(id, 'pass_photo')
  return id
}

describe('its parameters', () => {
  test('are checked where they are typed', async () => {
    expect(await refused({ upload_hours: 'nine to five' })).toEqual(['upload_hours:setting_hours'])
    expect(await refused({ poll_seconds: 0 })).toEqual(['poll_seconds:setting_range'])
    expect(await refused({ max_file_mb: 51 })).toEqual(['max_file_mb:setting_range'])
    expect(await refused({ max_records: 1001 })).toEqual(['max_records:setting_range'])
    await expect(admin.call('GET', '/desk/settings/line.999999')).rejects.toMatchObject({ status: 404 })
  })

  test('pausing keeps filings from leaving, resuming lets them go at once, and both are kept', async () => {
    const applicant = new Applicant(platform)
    await applicant.register('paused@applicant.example')
    await set({ paused: true })
    const lines = await admin.call<{ bureaus: { province: string; paused: boolean }[] }>('GET', '/desk/bureaus')
    expect(lines.bureaus.find((one) => one.province === '330000')!.paused).toBe(true)

    const id = await passed(applicant, 'paused-line.cn', 870)
    expect((await applicant.filing(id)).state).toBe('ready')
    // Something else that the worker does shows that it had its turn.
    await new Applicant(platform).register('meanwhile@applicant.example')
    expect((await applicant.filing(id)).state).toBe('ready')

    await set({ paused: false })
    await eventually('the filing left', async () => (await applicant.filing(id)).state !== 'ready')
    const { history } = await admin.call<{ history: { note: string; value: Parameters }[] }>('GET', `/desk/settings/${k_name}`)
    expect(history.map((one) => [one.note, one.value.paused])).toEqual([['按管局通知', false], ['按管局通知', true]])
    expect(await connection()).toMatchObject({ changed_by: '系统管理员戊', changed_at: expect.any(Number) })
  }, 120_000)

  test('closed hours keep uploads resting until they are changed', async () => {
    const at = (hours: number) => new Date(Date.now() + (8 + hours) * 3_600_000).toISOString().slice(11, 16)
    await set({ upload_hours: `${at(2)}-${at(3)}` })
    const applicant = new Applicant(platform)
    await applicant.register('hours@applicant.example')
    const id = await passed(applicant, 'hours-line.cn', 871)
    await eventually('the line rests', async () => (await connection()).upload_after !== null)
    expect((await applicant.filing(id)).state).toBe('ready')
    await set({ upload_hours: '' })
    await eventually('the filing left', async () => (await applicant.filing(id)).state !== 'ready')
    expect((await connection()).upload_after).toBeNull()
  }, 120_000)
})
