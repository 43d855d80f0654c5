// What an administrator relies on: settings that hold at once and come back, the calendar and what it
// moves, the words of notices, announcements, jobs that do not get done, and what is erased when.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Applicant, Browser, Staff } from '../support/people.ts'
import { eventually, Platform } from '../support/platform.ts'

interface Setting {
  name: string
  value: unknown
  shipped: unknown
  version: string
  history: { id: string; value: unknown; by_name: string; note: string }[]
}

let platform: Platform
let admin: Staff
let auditor: Staff
let applicant: Applicant
let filing: string
beforeAll(async () => {
  platform = await Platform.start()
  admin = await Staff.logIn(platform, 'admin')
  auditor = await Staff.logIn(platform, 'audit')
  applicant = new Applicant(platform)
  await applicant.register('administered@applicant.example')
  const { id } = await applicant.draft({ enterprise: false, domains: ['administered.cn'], sequence: 801 })
  await applicant.uploadAll(id)
  await applicant.act(id, 'submit')
  filing = id
}, 120_000)
afterAll(async () => platform?.stop())

const get = (name: string) => admin.call<Setting>('GET', `/desk/settings/${name}`)
const set = async (name: string, value: unknown, who = admin) => {
  const { version } = await who.call<Setting>('GET', `/desk/settings/${name}`)
  return who.call<Setting>('PUT', `/desk/settings/${name}`, { value, version, note: '测试' })
}
const anybody = () => new Browser(platform)
const trail = async (act: string) =>
  (await auditor.call<{ entries: { act: string; subject: string; detail: Record<string, unknown> }[] }>('GET', `/desk/audit?act=${act}`)).entries

describe('a setting', () => {
  test('holds at once, keeps its history, and goes back to any version', async () => {
    expect(await anybody().call('GET', '/meta')).toMatchObject({ provider_name: '示例云', contact: { phone: '' }, registration_open: true })
    await set('provider.name', '新示例云')
    const second = await set('provider.phone', '0571-88880000')
    expect(await anybody().call('GET', '/meta')).toMatchObject({ provider_name: '新示例云', contact: { phone: '0571-88880000' } })
    expect(second.history).toMatchObject([{ value: '0571-88880000', by_name: '系统管理员戊', note: '测试' }])

    // Mails bear it from now on, and the sender's name too.
    await set('mail.sender_name', '新云客服')
    await new Applicant(platform).register('renamed@applicant.example')
    const mail = platform.mail.mails().findLast((m) => m.to.includes('renamed@applicant.example'))!
    expect(mail.text).toContain('新示例云')

    const third = await set('provider.name', '又一个名字')
    const undone = await admin.call<Setting>('POST', '/desk/settings/provider.name/undo', { change: third.history[1]!.id, version: third.version })
    expect(undone.value).toBe('新示例云')
    expect(undone.history.map((one) => one.value)).toEqual(['新示例云', '又一个名字', '新示例云'])
    const shipped = await admin.call<Setting>('POST', '/desk/settings/provider.name/undo', { change: '0', version: undone.version })
    expect(shipped.value).toBe('示例云')
    expect((await trail('setting.')).map((e) => [e.act, e.subject]).slice(0, 2)).toEqual([
      ['setting.undone', 'setting/provider.name'], ['setting.undone', 'setting/provider.name'],
    ])
    // It outlives the program.
    await platform.kill()
    await platform.run()
    admin = await Staff.logIn(platform, 'admin')
    auditor = await Staff.logIn(platform, 'audit')
    expect(await anybody().call('GET', '/meta')).toMatchObject({ provider_name: '示例云', contact: { phone: '0571-88880000' } })
  })

  test('is refused where it makes no sense, and to whoever saw an older one', async () => {
    const { version } = await get('limits.password_tries')
    const put = (name: string, value: unknown, seen = version) => admin.call('PUT', `/desk/settings/${name}`, { value, version: seen })
    for (const [name, value, code] of [
      ['limits.password_tries', 6, 'setting_range'],
      ['limits.password_tries', '5', 'setting_range'],
      ['provider.name', '', 'required'],
      ['provider.name', '名'.repeat(61), 'setting_too_long'],
      ['provider.email', 'nobody', 'email_invalid'],
      ['provider.phone', '<script>', 'setting_phone'],
      ['registration.open', 'yes', 'member_type'],
      ['deadline.initial_review', { limit: 6 }, 'setting_range'],
      ['deadline.initial_review', { limit: 3, remind: 4 }, 'setting_range'],
      ['bureau.330000', [{ since: '2027-01-01', verification: true, sms: true, filing_password: false }, { since: '2026-01-01', verification: true, sms: true, filing_password: false }], 'setting_days_rise'],
      ['calendar.2027', { holidays: [{ from: '2028-01-01', to: '2028-01-02' }], working: [] }, 'setting_year'],
      ['calendar.2027', { holidays: [{ from: '2027-02-30', to: '2027-03-02' }], working: [] }, 'date_invalid'],
      ['retention.looks', 179, 'setting_range'],
      ['notice.zh-CN.filing_submitted', { subject: '{{nobody}}', body: ['x'] }, 'setting_words_hole_unknown'],
      ['notice.zh-CN.filing_submitted', { subject: 'x', body: ['https://elsewhere.example/'] }, 'setting_words_link_elsewhere'],
      ['notice.zh-CN.filing_submitted', { subject: 'x', body: ['{{#domains}}x'] }, 'setting_words_shape'],
      ['notice.zh-CN.filing_submitted', { subject: 'x', body: [''] }, 'setting_words_text_missing'],
      ['notice.zh-CN.filing_submitted', { subject: 'x', body: ['x'], sms: '短'.repeat(400) }, 'setting_sms_long'],
    ] as const)
      await expect(put(name, value, (await get(name)).version), name).rejects.toMatchObject({ status: 422, problems: [{ code }] })
    for (const name of ['http.port', 'deadline.none', 'bureau.999999', 'calendar.1999', 'notice.fr.filing_submitted', 'retention.none'])
      await expect(put(encodeURIComponent(name), 1)).rejects.toMatchObject({ status: 404 })
    await set('limits.password_tries', 4)
    await expect(put('limits.password_tries', 3)).rejects.toMatchObject({ status: 409, reason: 'setting_changed_meanwhile' })
    await expect(set('limits.password_tries', 4)).rejects.toMatchObject({ reason: 'setting_same' })
  })

  test('closes what it switches off', async () => {
    await set('registration.open', false)
    await set('enquiries.open', false)
    const { privacy_notice } = await anybody().call<{ privacy_notice: string }>('GET', '/meta')
    await expect(anybody().call('POST', '/account/register', { email: 'late@applicant.example', password: 'correct horse battery', consent: privacy_notice })).rejects.toMatchObject({ reason: 'registration_closed' })
    await expect(anybody().call('POST', '/enquiries', { contact: 'x', message: 'y' })).rejects.toMatchObject({ reason: 'enquiries_closed' })
    await set('registration.open', true)
    await set('enquiries.open', true)
  })

  test('of a bureau changes which steps its filings take', async () => {
    const policy = async () => (await applicant.filing(filing)).policy
    expect(await policy()).toMatchObject({ verification: true })
    await set('bureau.330000', [{ since: '2021-01-01', verification: false, sms: false, filing_password: false }])
    expect(await policy()).toMatchObject({ verification: false })
    const { bureaus } = await anybody().call<{ bureaus: { province: string; policies?: unknown[] }[] }>('GET', '/bureaus')
    expect(bureaus.find((one) => one.province === '330000')!.policies).toHaveLength(1)
    await set('bureau.330000', null)
    expect(await policy()).toMatchObject({ verification: true })
  })
})

describe('the calendar', () => {
  test('shows which deadlines a change moves, and moves them', async () => {
    const due = async () => (await admin.call<{ due_at: number }>('GET', `/desk/filings/${filing}`)).due_at
    const before = await due()
    const day = (ms: number) => new Date(ms + 8 * 3600_000).toISOString().slice(0, 10)
    const year = day(before).slice(0, 4)
    const name = `calendar.${year}`
    const old = (await get(name)).value as { holidays: object[]; working: string[] } | null
    const value = { year: Number(year), source: '试验', holidays: [...(old?.holidays ?? []), { from: day(before), to: day(before) }], working: (old?.working ?? []).filter((one) => one !== day(before)) }
    const seen = await admin.call<{ clocks: { moved: number; examples: { id: string; before: number; after: number }[] } }>('POST', `/desk/settings/${name}/preview`, { value })
    expect(seen.clocks.examples.find((one) => one.id === filing)).toMatchObject({ before })
    expect(await due()).toBe(before)
    await set(name, value)
    expect(await due()).toBe(seen.clocks.examples.find((one) => one.id === filing)!.after)
    expect(await due()).toBeGreaterThan(before)
    await set(name, null)
    expect(await due()).toBe(before)
  })
})

describe('the words of a notice', () => {
  const name = 'notice.zh-CN.filing_submitted'
  test('are written by a rules editor, seen with made-up data, sent, and brought back', async () => {
    const editor = await Staff.logIn(platform, 'rules')
    const { notices } = await editor.call<{ notices: { name: string; values: string[] }[] }>('GET', '/desk/notices')
    const english = await fetch(`${platform.url}/api/v1/desk/notices`, { headers: { cookie: editor.cookie, 'accept-language': 'en' } })
    expect(((await english.json()) as { notices: { subject: string }[] }).notices.filter((one) => /[\u4e00-\u9fff]/.test(one.subject))).toEqual([])
    expect(notices.find((one) => one.name === 'filing_submitted')!.values).toEqual(['provider', 'base_url', 'filing', 'domains'])
    const value = { subject: '收到了 {{domains}}', body: ['您好，{{provider}} 收到了 {{domains}}。'], sms: '已收到您的备案申请。' }
    const seen = await editor.call<{ mail: { subject: string }; sms: { characters: number; parts: number } }>('POST', `/desk/settings/${name}/preview`, { value })
    expect(seen).toMatchObject({ mail: { subject: '收到了 example.cn' }, sms: { parts: 1 } })
    await set(name, value, editor)
    await expect(set('provider.name', '不归他管', editor)).rejects.toMatchObject({ status: 403, reason: 'role_forbidden' })

    const { id } = await applicant.draft({ enterprise: false, domains: ['reworded.cn'], sequence: 802 })
    await applicant.uploadAll(id)
    await applicant.act(id, 'submit')
    await eventually('the mail in the new words', async () => platform.mail.mails().some((m) => m.subject === '收到了 reworded.cn'))
    await eventually('the text message', async () => platform.sms.received.some((one) => one.text === '【示例云】已收到您的备案申请。'))
    await admin.call('POST', `/desk/settings/${name}/undo`, { change: '0', version: (await get(name)).version })
    expect((await get(name)).value).toEqual((await get(name)).shipped)
  })
})

describe('an announcement', () => {
  test('shows to those it is for, in their language, until it is taken down', async () => {
    const from_at = Date.now() - 1000
    const wish = { audience: 'applicants', tone: 'warning', text_zh: '周日凌晨维护', text_en: 'Maintenance on Sunday', from_at, until_at: from_at + 3600_000 }
    const made = await admin.call<{ announcements: { id: string }[] }>('POST', '/desk/announcements', wish)
    const seen = async (who: Browser, path: string) => (await who.call<{ announcements: { text: string; tone: string }[] }>('GET', path)).announcements.map((one) => one.text)
    expect(await seen(anybody(), '/announcements')).toEqual(['周日凌晨维护'])
    expect(await seen(new Browser(platform, 'en'), '/announcements')).toEqual(['Maintenance on Sunday'])
    expect(await seen(applicant, '/account/announcements')).toEqual(['周日凌晨维护'])
    expect(await seen(admin, '/account/announcements')).toEqual([])
    const id = made.announcements[0]!.id
    await admin.call('PUT', `/desk/announcements/${id}`, { ...wish, audience: 'staff' })
    expect(await seen(anybody(), '/announcements')).toEqual([])
    expect(await seen(admin, '/account/announcements')).toEqual(['周日凌晨维护'])
    await admin.call('POST', `/desk/announcements/${id}/end`)
    expect(await seen(admin, '/account/announcements')).toEqual([])
    await expect(admin.call('POST', `/desk/announcements/${id}/end`)).rejects.toMatchObject({ reason: 'announcement_over' })
    await expect(admin.call('POST', '/desk/announcements', { ...wish, text_en: ' ', until_at: from_at })).rejects.toMatchObject({
      problems: [{ field: 'text_en', code: 'required' }, { field: 'until_at', code: 'announcement_time' }],
    })
  })
})

describe('jobs', () => {
  interface Jobs {
    counts: { kind: string; state: string; n: number }[]
    jobs: { id: string; kind: string; state: string; why: string; attempts: number; standing: boolean }[]
  }
  const jobs = (query = '') => admin.call<Jobs>('GET', `/desk/jobs${query}`)

  test('that fail say why without naming anybody, are tried again, and are given up', async () => {
    const broken = await Platform.start()
    try {
      const chief = await Staff.logIn(broken, 'admin')
      const list = (query: string) => chief.call<Jobs>('GET', `/desk/jobs${query}`)
      broken.mail.stop()
      const { privacy_notice } = await new Browser(broken).call<{ privacy_notice: string }>('GET', '/meta')
      for (const n of [1, 2, 3])
        await new Browser(broken).call('POST', '/account/register', { email: `unreached${n}@applicant.example`, password: 'correct horse battery', consent: privacy_notice })
      const failing = await eventually('three failing mails', async () => {
        const found = await list('?state=failing&kind=send_message')
        return found.jobs.length === 3 && found.jobs
      })
      for (const job of failing) {
        expect(job.why).toMatch(/^mail: /)
        expect(job.why).not.toContain('unreached')
      }
      const [one, ...others] = failing
      expect(await chief.call('POST', '/desk/jobs/give_up', { ids: [one!.id] })).toEqual({ done: 1 })
      expect((await list('?state=given_up')).jobs.map((job) => job.id)).toEqual([one!.id])
      // Whatever a mail server says of its receiver stays out.
      await broken.sql(`UPDATE jobs SET last_error = 'mail: 550 <unreached1@applicant.example> 13800001234 unknown, 421' WHERE id = ${one!.id}`)
      expect((await list('?state=given_up')).jobs[0]!.why).toBe('mail: 550 <***@***> *** unknown, 421')
      // All of a kind and state; one that is being tried at this instant is passed over.
      await eventually('all given up', async () => {
        await chief.call('POST', '/desk/jobs/give_up', { kind: 'send_message', state: 'failing' })
        return (await list('?state=given_up')).jobs.length === 1 + others.length
      })
      expect(await chief.call('POST', '/desk/jobs/retry', { state: 'given_up' })).toEqual({ done: 3 })
      await eventually('they fail again', async () => (await list('?state=failing&kind=send_message')).jobs.length === 3)
    } finally {
      await broken.stop()
    }
  }, 120_000)

  test('of the platform itself are listed and cannot be given up', async () => {
    const { jobs: all, counts } = await jobs()
    const clocks = all.find((one) => one.kind === 'clocks')!
    expect(clocks.standing).toBe(true)
    expect(counts.find((one) => one.kind === 'clocks')!.n).toBe(1)
    expect(await admin.call('POST', '/desk/jobs/give_up', { ids: [clocks.id] })).toEqual({ done: 0 })
    await expect(admin.call('POST', '/desk/jobs/give_up', {})).rejects.toMatchObject({ status: 422, reason: 'jobs_unnamed' })
    await expect(jobs("?kind=' OR 1=1")).rejects.toMatchObject({ status: 422 })
  })
})

describe('retention', () => {
  const days = 24 * 3600_000
  test('erases by each rule at its time, not before, and proves it', async () => {
    const rules = async () => (await admin.call<{ rules: { name: string; days: number; floor: number; ceiling: number; erased: number }[] }>('GET', '/desk/retention')).rules
    for (const rule of await rules()) {
      expect(rule.days).toBeGreaterThanOrEqual(rule.floor)
      expect(rule.days).toBeLessThanOrEqual(rule.ceiling)
    }
    const run = () => platform.sql(`UPDATE jobs SET run_at = 0 WHERE kind = 'retention'`)
    await admin.call('GET', `/desk/filings/${filing}`)
    const reviewer = await Staff.logIn(platform, 'reviewer')
    await reviewer.claim(filing)
    await platform.sql(`UPDATE looks SET at = at - ${364 * days}`)
    await run()
    await eventually('a round', async () => (await platform.command(['check', '--config', platform.config])).status === 0)
    expect((await rules()).find((one) => one.name === 'looks')!.erased).toBe(0)
    // A shorter time, chosen within the law, counts from the next round.
    await set('retention.looks', 180)
    await run()
    await eventually('the looks erased', async () => (await rules()).find((one) => one.name === 'looks')!.erased > 0)
    expect((await trail('privacy.retention')).find((e) => e.detail.rule === 'looks')!.detail.count).toBeGreaterThan(0)
  })

  test('asks again for agreement when the notice has a new version', async () => {
    const standing = () => applicant.call<{ notice_changed: boolean }>('GET', '/account')
    expect(await standing()).toMatchObject({ notice_changed: false })
    await platform.sql(`UPDATE accounts SET consent = '2020-01-01' WHERE role = 'applicant'`)
    expect(await standing()).toMatchObject({ notice_changed: true })
    const { privacy_notice } = await applicant.call<{ privacy_notice: string }>('GET', '/meta')
    await applicant.call('POST', '/account/consent', { version: privacy_notice })
    expect(await standing()).toMatchObject({ notice_changed: false })
    const { consents } = await applicant.call<{ consents: { version: string }[] }>('GET', '/account/privacy')
    expect(consents.map((one) => one.version)).toEqual([privacy_notice, privacy_notice])
  })
})
