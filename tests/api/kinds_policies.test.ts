// Organisers filed through another provider, the filing password of before 2020, and the ministry's
// SMS check since then.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { approved, handOver, type Staffed, submitted } from '../support/journey.ts'
import { Applicant, type Case, citizenId, creditCode, type Filing, Officer, type Order, Staff } from '../support/people.ts'
import { eventually, Platform } from '../support/platform.ts'

async function staffOf(platform: Platform): Promise<Staffed> {
  return {
    reviewer: await Staff.logIn(platform, 'reviewer'),
    photo: await Staff.logIn(platform, 'photo'),
    officer: new Officer(platform),
  }
}
async function somebody(platform: Platform, name: string): Promise<Applicant> {
  const applicant = new Applicant(platform)
  await applicant.register(`${name}@applicant.example`)
  return applicant
}
const orderOf = (officer: Officer, kind: string, state = 'pending'): Promise<Order> =>
  eventually(
    `an order ${kind} at the bureau`,
    async () => (await officer.call<{ orders: Order[] }>('GET', `orders?state=${state}&kind=${kind}`)).orders[0],
    60_000,
  )

const filed: Case = { enterprise: true, domains: ['before-us.cn'], sequence: 321 }
let before: Platform // the other provider
let here: Platform
let staff: Staffed
let password: string
let who: Applicant

beforeAll(async () => {
  before = await Platform.start()
  const theirs = await staffOf(before)
  await theirs.officer.call('PUT', 'settings', { filing_passwords: true })
  const owner = await somebody(before, 'owner')
  await approved(owner, theirs, filed)
  const { orders } = await theirs.officer.call<{ orders: Order[] }>('GET', 'orders?state=passed')
  const order = await theirs.officer.call<{ published: { filing_password: string } }>('GET', `orders/${orders[0]!.id}`)
  password = order.published.filing_password
  here = await Platform.start({ bureauOf: before, byAnotherProvider: true, policy: { filing_password: true } })
  staff = await staffOf(here)
  // The bureau's own limit is a day's; ours comes first.
  await staff.officer.call('PUT', 'settings', { password_tries: 50 })
  who = await somebody(here, 'newcomer')
}, 300_000)
afterAll(async () => {
  await here?.stop()
  await before?.stop()
})

test('the filing password is verified at the bureau before anything begins, and tries are counted', async () => {
  const question = who.question({ ...filed, domains: ['with-us.cn'] })
  const told = await who.call('POST', '/determinations', question)
  expect(told).toMatchObject({ outcome: 'new_website_elsewhere', possible: true, asks_password: true, tries_left: 5 })
  await expect(who.call('POST', '/filings', question)).rejects.toMatchObject({ status: 422, reason: 'filing_password_needed' })
  for (const left of [4, 3]) {
    const wrong = await who.call('POST', '/filings', { ...question, password: 'wrong-one' }).catch((e: unknown) => e)
    expect(wrong).toMatchObject({ status: 422, reason: 'filing_password_wrong' })
    expect((wrong as { problems: { field: string; fix: string }[] }).problems[0]).toMatchObject({
      field: 'password',
      fix: expect.stringContaining(`${left} 次`),
    })
  }
  expect((await who.call<{ filings: unknown[] }>('GET', '/filings')).filings).toEqual([])
  const draft = await who.call<Filing>('POST', '/filings', { ...question, password })
  expect(draft).toMatchObject({ kind: 'new_website', state: 'draft' })
  // It goes to the bureau and nowhere else.
  expect(JSON.stringify(draft)).not.toMatch(/password_hash|"proof"/)
  expect(draft.content).toMatchObject({ record: { here: false, organiser: { certificate_type: 1 } } })
  await who.act(draft.id, 'withdraw')
}, 120_000)

test('too many wrong passwords stop the asking before the bureau does', async () => {
  const question = { ...who.question({ ...filed, domains: ['with-us.cn'] }), password: 'wrong-one' }
  for (let i = 0; i < 3; ++i) await who.call('POST', '/filings', question).catch(() => undefined)
  await expect(who.call('POST', '/filings', { ...question, password })).rejects.toMatchObject({
    status: 429,
    reason: 'filing_password_locked',
  })
  await here.sql('DELETE FROM password_tries')
})

test('a new access: the number stays, the domain is served here from then on', async () => {
  const question = who.question(filed)
  const told = await who.call<{ site_number: string }>('POST', '/determinations', question)
  expect(told).toMatchObject({ outcome: 'new_access', possible: true, site_number: expect.stringMatching(/-1$/) })
  const draft = await who.call<Filing>('POST', '/filings', { ...question, password })
  const { products } = await who.call<{ products: { id: string; ips: string[] }[] }>('GET', '/products')
  await who.change(draft.id, [
    { path: 'organiser.name', to: '示例科技有限公司' },
    { path: 'principal.mobile', to: '19900001321' },
    { path: 'confirm.current', to: true },
    { path: 'sites.s1.access.product', to: products[0]!.id },
    { path: 'sites.s1.access.locations', to: [34] },
    { path: 'sites.s1.access.ips', to: [products[0]!.ips[0]!] },
  ])
  await who.uploadAll(draft.id)
  await who.act(draft.id, 'submit')
  await handOver(who, staff, draft.id)
  const order = await orderOf(staff.officer, 'new_access')
  await staff.officer.call('POST', `orders/${order.id}/pass`, { opinion: '通过' })
  await who.reaches(draft.id, 'approved')
  const { organisers } = await who.call<{ organisers: { number: string; sites: { number: string; state: string; accesses: { ours: boolean }[] }[] }[] }>('GET', '/registry')
  expect(organisers[0]!.sites).toMatchObject([{ number: told.site_number, state: 'served' }])
  expect(organisers[0]!.sites[0]!.accesses.some((one) => one.ours)).toBe(true)
  expect(await who.call('GET', '/domains/before-us.cn')).toMatchObject({ here: true, number: told.site_number })
}, 180_000)

test('leaving us again keeps the number and needs no password', async () => {
  type Organisers = { organisers: { id: string; sites: { id: string; state: string }[] }[] }
  const { organisers } = await who.call<Organisers>('GET', '/registry')
  const draft = await who.call<Filing>('POST', `/registry/${organisers[0]!.id}/filings`, {
    kind: 'cancel_access',
    sites: [organisers[0]!.sites[0]!.id],
  })
  await who.change(draft.id, [
    { path: 'cancel.reason', to: 1 },
    { path: 'confirm.consequences', to: true },
  ])
  await who.act(draft.id, 'submit')
  await staff.reviewer.decide(draft.id, 'pass_initial')
  const order = await orderOf(staff.officer, 'cancel_access')
  await staff.officer.call('POST', `orders/${order.id}/pass`, { opinion: '通过' })
  await who.reaches(draft.id, 'approved')
  expect((await who.call<Organisers>('GET', '/registry')).organisers[0]!.sites[0]!.state).toBe('filed')
  expect(await who.call('GET', '/domains/before-us.cn')).toMatchObject({ here: false })
}, 120_000)

// An agency's table about an organiser that is filed already.
test('imported rows of a filed organiser begin once the bureau has said which kind and that the password is right', async () => {
  interface Import {
    id: string
    state: string
    good: number
    done: number
    drafts: number
    skipped: number
    asked_drafts: number
    asking: number
    problems: { cell: string; code: string; hard: boolean }[]
    left_out: { row: number; code: string; domain: string; client_id: string | null; fix: string }[]
  }
  const admin = await Staff.logIn(here, 'admin')
  await who.call('POST', '/account/agency', { name: '示例代办' })
  const { agencies } = await admin.call<{ agencies: { id: string }[] }>('GET', '/desk/agencies')
  await admin.call('POST', `/desk/agencies/${agencies[0]!.id}`, { decision: 'accept' })
  const head = '客户,organiser.nature,organiser.certificate_type,organiser.certificate_number,organiser.province,sites.domain,sites.name,备案密码'
  const upload = async (...rows: string[]) => {
    const form = new FormData()
    form.set('file', new Blob([[head, ...rows].join('\r\n')]), '客户.csv')
    return who.call<Import>('POST', '/agency/imports', form)
  }
  const finished = async ({ id }: Import, confirm = true) => {
    if (confirm) await who.call('POST', `/agency/imports/${id}/confirm`, {})
    return eventually('the import', async () => {
      const now = await who.call<Import>('GET', `/agency/imports/${id}`)
      return now.state === 'done' && now
    }, 60_000)
  }
  const filing_of = async (domain: string) => {
    const { filings } = await who.call<{ filings: { id: string; domains: string[]; state: string }[] }>('GET', `/agency/filings?q=${domain}`)
    const open = filings.filter((one) => one.state === 'draft')
    return Promise.all(open.map((one) => who.filing(one.id)))
  }
  const number = creditCode(321)
  const row = (domain: string, word: string) => `甲客户,企业,营业执照,${number},浙江,${domain},示例网站,${word}`

  // The registry knows the organiser and the policy wants a password: said before anything is made.
  const without = await upload(row('table-one.cn', ''))
  expect(without).toMatchObject({ good: 0, problems: [{ cell: 'H2', code: 'import_password_needed', hard: true }] })

  const wrong = await finished(await upload(row('table-one.cn', 'wrong-word'), row('table-two.cn', '')))
  expect(wrong).toMatchObject({ done: 2, drafts: 0, skipped: 2, asking: 0 })
  expect(wrong.left_out.map((one) => [one.row, one.code, one.domain])).toEqual([
    [2, 'import_password_wrong', 'table-one.cn'],
    [3, 'import_password_wrong', 'table-two.cn'],
  ])
  expect(wrong.left_out[0]!.client_id).toMatch(/^\d+$/)
  // One try for all rows of the organiser.
  const told = await who.call<{ tries_left: number }>('POST', '/determinations', who.question({ ...filed, domains: ['table-one.cn'] }))
  expect(told.tries_left).toBe(4)

  const good = await upload(row('table-one.cn', password), row('table-two.cn', ''), row('before-us.cn', ''))
  expect(good).toMatchObject({ good: 3, asked_drafts: 1 })
  expect(JSON.stringify(good)).not.toContain(password)
  // Killed while the bureau is asked, it goes on and doubles nothing.
  await who.call('POST', `/agency/imports/${good.id}/confirm`, {})
  await here.kill()
  await here.run()
  const done = await finished(good, false)
  expect(done).toMatchObject({ done: 3, drafts: 2, skipped: 0, asking: 0 })
  expect(JSON.stringify(done)).not.toContain(password)
  const [websites, ...more] = await filing_of('table-one.cn')
  expect(more).toEqual([])
  expect(websites).toMatchObject({ kind: 'new_website', domains: ['table-one.cn', 'table-two.cn'], content: { sites: [{ name: '示例网站' }, { name: '示例网站' }] } })
  expect(await filing_of('before-us.cn')).toMatchObject([{ kind: 'new_access' }])
}, 180_000)

test('the SMS check: who, until when, done by word, ended by the decision, given back when forgotten', async () => {
  const sms = await Platform.start({ policy: { sms: true, filing_password: false, verification: false } })
  try {
    const staff = await staffOf(sms)
    await staff.officer.call('PUT', 'settings', { sms_check: true })
    const who = await somebody(sms, 'sms')
    const { id } = await submitted(who, { enterprise: true, domains: ['sms-check.cn'], sequence: 331 })
    await staff.reviewer.decide(id, 'pass_initial')
    const waiting = await who.reaches(id, 'sms_pending')
    expect(waiting.turn).toBe('applicant')
    expect(waiting.sms!.persons).toMatchObject([{ role: 'principal', mobile: expect.stringMatching(/^199\*+1331$/) }])
    expect(waiting.sms!.until).toBe(waiting.state_since + 24 * 3600 * 1000)
    expect(waiting.allowed_actions).toEqual(['sms_verified'])
    await eventually('the mail about the check', async () => sms.mail.mails().find((one) => one.subject.includes('短信核验')))
    // Half the time is over: a reminder, once.
    await sms.sql(`UPDATE filings SET state_since = state_since - 13 * 3600000 WHERE id = ${id}`)
    await sms.sql("UPDATE jobs SET run_at = 0 WHERE kind = 'clocks'")
    await eventually('a reminder', async () => sms.mail.mails().find((one) => one.subject.includes('快到时间')))
    // All of it, and the bureau said nothing: it comes back with the number to look at.
    await sms.sql(`UPDATE filings SET state_since = state_since - 14 * 3600000 WHERE id = ${id}`)
    await sms.sql("UPDATE jobs SET run_at = 0 WHERE kind = 'clocks'")
    const back = await who.reaches(id, 'bureau_returned')
    expect(back.corrections.filter((one) => one.open).map((one) => one.field)).toEqual(['principal.mobile'])
    // The person was only slow: the code is entered, the officer passes it, and that counts.
    const [check] = (await staff.officer.call<{ sms: { mobile: string; certificate_last_six: string; code: string }[] }>('GET', 'sms')).sms
    const entered = await fetch(`${sms.console}public/sms`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ mobile: check!.mobile, certificate_last_six: check!.certificate_last_six, code: check!.code }),
    })
    expect(entered.status).toBe(200)
    const order = await orderOf(staff.officer, 'new_filing')
    await staff.officer.call('POST', `orders/${order.id}/pass`, { opinion: '通过' })
    await who.reaches(id, 'approved')

    // Another one, by the book: said to be done, then decided.
    const second = await submitted(who, { enterprise: false, domains: ['sms-second.cn'], sequence: 332 })
    await staff.reviewer.decide(second.id, 'pass_initial')
    await who.reaches(second.id, 'sms_pending')
    expect((await who.act(second.id, 'sms_verified')).state).toBe('bureau_review')
    await expect(who.act(second.id, 'withdraw')).rejects.toMatchObject({ status: 409, reason: 'withdraw_at_bureau' })
    expect(citizenId(332)).toBeTruthy()

    // What is registered ends some day: told 60, 30 and 7 days ahead, each once.
    const soon = new Date(Date.now() + 20 * 24 * 3600 * 1000).toISOString().slice(0, 10)
    await sms.sql(`UPDATE products SET term_until = '${soon}'`)
    await sms.sql("UPDATE jobs SET run_at = 0 WHERE kind = 'announce_expiries'")
    const mail = await eventually('the mail about the product', async () => sms.mail.mails().find((one) => one.subject.includes('到期')))
    expect(mail.text).toContain('sms-check.cn')
    expect(mail.text).toContain(soon)
  } finally {
    await sms.stop()
  }
}, 300_000)
