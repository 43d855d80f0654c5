// The line to a bureau as its people see it: the officer gives out work, the staff answers it, the
// operator asks what is wrong.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { components } from '../../web/src/shared/api/schema'
import { Applicant, Officer, Refused, Staff } from '../support/people.ts'
import { eventually, Platform, root, run } from '../support/platform.ts'

type Schemas = components['schemas']
let platform: Platform
let officer: Officer
let reviewer: Staff, senior: Staff, dispatcher: Staff
interface Provider {
  province: string
  isp_id: string
  user_name: string
  password: string
  key: string
  iv: string
}
let provider: Provider

beforeAll(async () => {
  platform = await Platform.start()
  officer = new Officer(platform)
  reviewer = await Staff.logIn(platform, 'reviewer')
  senior = await Staff.logIn(platform, 'senior')
  dispatcher = await Staff.logIn(platform, 'dispatch')
  const { providers } = await officer.call<{ providers: Provider[] }>('GET', 'providers')
  provider = providers.find((one) => one.province === 'zj')!
}, 60_000)
afterAll(async () => {
  if (process.env.BEIAN_SHOW_LOG) console.log(platform?.log)
  await platform?.stop()
})

const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error as Refused,
  )
const rows = async (sql: string) => {
  const script = 'import sqlite3,sys,json; print(json.dumps(sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchall()))'
  const done = await run('/usr/bin/python3', ['-c', script, join(platform.var, 'beian.db'), sql])
  return JSON.parse(done.said) as unknown[][]
}
async function task(kind: string): Promise<Schemas['BureauTask']> {
  return eventually(`a task ${kind}`, async () => {
    const { tasks } = await reviewer.call<{ tasks: Schemas['BureauTask'][] }>('GET', `/desk/tasks?kind=${kind}`)
    return tasks[0]
  }, 90_000)
}

describe('an unfiled website on our addresses', () => {
  test('becomes a task with a deadline, and its answer reaches the bureau', async () => {
    await officer.call('POST', 'tasks/unfiled', {
      province: 'zj',
      isp_id: provider.isp_id,
      domain: 'weibeian.cn',
      ip: '106.2.0.9',
    })
    const found = await task('unfiled_site')
    expect(found.subject).toBe('weibeian.cn')
    expect(found.due_at).toBeGreaterThan(Date.now())

    const incomplete = await refusal(reviewer.call('POST', `/desk/tasks/${found.id}/answer`, { outcome: 3, opinion: '' }))
    expect(incomplete).toBeInstanceOf(Refused)
    expect(incomplete!.reason).toBe('task_answer_invalid')
    expect(incomplete!.problems[0]!.fix).not.toBe('')

    await reviewer.call('POST', `/desk/tasks/${found.id}/answer`, { outcome: 3, opinion: '已暂停接入' })
    await eventually('the answer on its way', async () => {
      const now = await reviewer.call<Schemas['OpenBureauTask']>('GET', `/desk/tasks/${found.id}`)
      return now.state === 'sent'
    })
    await eventually('the answer at the bureau', async () =>
      JSON.stringify(await officer.call<object>('GET', 'tasks?kind=unfiled')).includes('已暂停接入'),
    )
    const again = await refusal(reviewer.call('POST', `/desk/tasks/${found.id}/answer`, { outcome: 1, opinion: '又一次' }))
    expect(again!.status).toBe(409)
  })
})

describe('what crossed the line', () => {
  test('is listed for the staff, read by seniors alone, and each look is recorded', async () => {
    const { uploads } = await reviewer.call<{ uploads: Schemas['BureauUpload'][] }>('GET', '/desk/lines/330000/uploads')
    expect(uploads[0]!.subject).toBe('unfiled_site')
    expect((await refusal(reviewer.call('GET', `/desk/lines/330000/uploads/${uploads[0]!.sequence}`)))!.status).toBe(403)
    expect((await refusal(dispatcher.call('GET', '/desk/tasks')))!.status).toBe(403)
    const { xml } = await senior.call<{ xml: string }>('GET', `/desk/lines/330000/uploads/${uploads[0]!.sequence}`)
    expect(xml).toContain('<Ym>weibeian.cn</Ym>')
    expect(xml.split('\n').length).toBeGreaterThan(10)
    const looks = await rows("SELECT what FROM looks WHERE what LIKE 'bureau_upload%'")
    expect(looks).toEqual([[`bureau_upload 330000/${uploads[0]!.sequence}`]])

    const { downloads } = await reviewer.call<{ downloads: Schemas['BureauDownload'][] }>('GET', '/desk/lines/330000/downloads')
    const name = downloads.find((one) => one.contents === 'WBAWZLB')!.file_name
    await senior.call('POST', '/desk/lines/330000/replay', { name })
    expect((await refusal(reviewer.call('POST', '/desk/lines/330000/replay', { name })))!.status).toBe(403)
    const { tasks } = await reviewer.call<{ tasks: unknown[] }>('GET', '/desk/tasks?state=all&kind=unfiled_site')
    expect(tasks).toHaveLength(1)
  })
})

describe('the black list', () => {
  test('stops a domain at determination, naming the bureau that listed it', async () => {
    await officer.call('POST', 'blacklist', { kind: 'domain', value: 'heimingdan.cn' })
    const applicant = new Applicant(platform)
    await applicant.register('black@applicant.example')
    const question = applicant.question({ enterprise: false, domains: ['heimingdan.cn'], sequence: 700 })
    const refused = await eventually('the refusal', async () => {
      const answer = await refusal(applicant.call('POST', '/determinations', question))
      return answer instanceof Refused && answer.problems.some((p) => p.code === 'blacklisted_domain') && answer
    }, 90_000)
    const problem = refused.problems.find((p) => p.code === 'blacklisted_domain')! as unknown as Record<string, string>
    expect(problem.field).toBe('domain')
    expect(problem.message).toContain('heimingdan.cn')
    expect(problem.source).toContain('HMDLB')
  }, 120_000)
})

describe('the provider’s addresses', () => {
  test('a bad table says every defect by line and saves nothing', async () => {
    const csv = 'kind,first,last,source_unit\nsource,203.0.113.0/24,,990000000014\nsource,203.0.113.9,203.0.113.1,990000000014\nother,1.2.3,,\n'
    const refused = await refusal(senior.call('POST', '/desk/ip_ranges/import', { province: '330000', csv }))
    expect(refused!.problems.map((p) => `${p.field} ${p.code}`)).toEqual(['3.last ip_range_backwards', '4.kind ip_kind_unknown'])
    const { ip_ranges } = await senior.call<{ ip_ranges: unknown[] }>('GET', '/desk/ip_ranges')
    expect(ip_ranges).toEqual([])
  })

  test('are reported, and the result is written to the record', async () => {
    const csv = 'kind,first,last,source_unit\nsource,203.0.113.0/24,,990000000014\n'
    await senior.call('POST', '/desk/ip_ranges/import', { province: '330000', csv })
    await eventually('the report’s result', async () => {
      const { ip_ranges } = await senior.call<{ ip_ranges: Schemas['IpRange'][] }>('GET', '/desk/ip_ranges')
      return ip_ranges[0]!.state === 'reported' && ip_ranges[0]!.bureau_id
    }, 90_000)
  }, 120_000)

  test('and whatever staff did at the lines stands in the audit trail', async () => {
    const { ip_ranges } = await senior.call<{ ip_ranges: Schemas['IpRange'][] }>('GET', '/desk/ip_ranges')
    const { id } = ip_ranges[0]!
    const fields = { kind: 'source', first: '203.0.113.0', last: '203.0.113.127', source_unit: '990000000014' }
    await senior.call('PUT', `/desk/ip_ranges/${id}`, { province: '330000', fields })
    const auditor = await Staff.logIn(platform, 'audit')
    const trail = async (act: string) =>
      (await auditor.call<{ entries: { act: string; subject: string; actor_name: string; detail: Record<string, unknown> }[] }>('GET', `/desk/audit?act=${act}`)).entries
    expect((await trail('ip_range.')).map((e) => `${e.act} ${e.subject}`)).toEqual([`ip_range.changed ip_range/${id}`, 'ip_range.imported line/330000'])
    expect((await trail('ip_range.changed'))[0]).toMatchObject({ detail: { province: '330000', kind: 'source', first: '203.0.113.0', last: '203.0.113.127' } })
    expect((await trail('line.applied_again')).map((e) => e.subject)).toEqual([expect.stringMatching(/^bureau_download\/330000\/./)])
    expect((await trail('task.')).length).toBeGreaterThan(0)
    expect((await trail('ip_range.'))[0]!.actor_name).not.toBe('')
  })
})

describe('beian bureau check', () => {
  const check = async (change: Partial<Provider>) => {
    const folder = mkdtempSync(join(tmpdir(), 'beian-check-'))
    const it = { ...provider, ...change }
    for (const name of ['password', 'key', 'iv'] as const) writeFileSync(join(folder, name), it[name], { mode: 0o600 })
    const at = (service: string) => `${platform.console}zj/${service}?wsdl`
    writeFileSync(
      join(folder, 'beian.toml'),
      [
        `var_dir = "${folder}/var"`,
        `data_dir = "${root}/data"`,
        '[mail]',
        'url = "smtp://127.0.0.1:9"',
        'from = "a <a@platform.example>"',
        '[sms]',
        'url = "http://127.0.0.1:9/"',
        `secret_file = "${folder}/password"`,
        '[[bureaus]]',
        'province = "330000"',
        `upload_wsdl = "${at('ISPWebService/upDownLoad')}"`,
        `query_wsdl = "${at('BeianStatusWebService/queryBeianStatus')}"`,
        `verify_wsdl = "${at('BeianStatusWebService/verifyBamm')}"`,
        `isp_id = ${it.isp_id}`,
        `user_name = "${it.user_name}"`,
        `password_file = "${folder}/password"`,
        `key_file = "${folder}/key"`,
        `iv_file = "${folder}/iv"`,
        '',
      ].join('\n'),
    )
    const done = await platform.command(['bureau', 'check', '--config', join(folder, 'beian.toml')])
    rmSync(folder, { recursive: true, force: true })
    return done
  }

  test('finds a good line good', async () => {
    const done = await check({})
    expect(done.said).toContain('ok   log-in')
    expect(done.said).not.toContain('BAD')
    expect(done.status).toBe(0)
  })
  test('names a wrong password and a wrong key, and what to do', async () => {
    const password = await check({ password: 'not-it' })
    expect(password.said).toMatch(/BAD {2}log-in: code 5/)
    expect(password.said).toContain('password file')
    expect(password.status).toBe(1)
    const key = await check({ key: '0000000000000000' })
    expect(key.said).toContain('key_file and iv_file')
    expect(key.status).toBe(1)
  })
})
