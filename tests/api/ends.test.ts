// How filings end that nobody goes on with, what is left of them, and who wins when two act at once.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { components } from '../../web/src/shared/api/schema'
import { approved, handOver, orderOf, type Staffed, submitted } from '../support/journey.ts'
import { Applicant, type Case, type Filing, Officer, Program, Staff } from '../support/people.ts'
import { eventually, Platform, root } from '../support/platform.ts'

type Summary = components['schemas']['FilingSummary']
const k_day = 24 * 3600 * 1000

let platform: Platform
let staff: Staffed
let sequence = 440
beforeAll(async () => {
  platform = await Platform.start({ policy: { sms: false } })
  staff = {
    reviewer: await Staff.logIn(platform, 'reviewer'),
    photo: await Staff.logIn(platform, 'photo'),
    officer: new Officer(platform),
  }
}, 120_000)
afterAll(() => platform?.stop())

async function somebody(name: string): Promise<Applicant> {
  const applicant = new Applicant(platform)
  await applicant.register(`${name}@applicant.example`)
  return applicant
}
const next = (...domains: string[]): Case => ({ enterprise: true, domains, sequence: ++sequence })
const mails = (email: string, words: string) =>
  platform.mail.mails().filter((m) => m.to.includes(email) && m.subject.includes(words))
const mailed = (email: string, words: string) =>
  eventually(`a mail to ${email}: ${words}`, async () => mails(email, words)[0])
const slots = async (who: Applicant) =>
  (await who.call<{ products: { slots_used: number }[] }>('GET', '/products')).products[0]!.slots_used
const refused = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (e: unknown) => e as { status: number; reason: string },
  )
// As if it were due in so many days, and had been touched for the last time so many days ago.
const age = (id: string, due_in: number, touched: number) =>
  platform.sql(
    `UPDATE filings SET due_at = ${Date.now() + due_in * k_day}, updated_at = ${Date.now() - touched * k_day} WHERE id = ${id}`,
  )
const tick = () => platform.sql("UPDATE jobs SET run_at = 0 WHERE kind = 'clocks'")
// The reading of its pictures may still touch a filing after it was made old.
const runs_out = (who: Applicant, id: string, due_in: number, touched: number) =>
  eventually('the end of the filing', async () => {
    await age(id, due_in, touched)
    await tick()
    const filing = await who.filing(id)
    return filing.state === 'expired' && filing
  })

describe('waiting for its applicant too long', () => {
  test('a returned filing is announced seven days and one day ahead, then ends; it can be taken up again', async () => {
    const who = await somebody('ends-returned')
    const c = next('ends-returned.cn')
    const { id } = await submitted(who, c)
    await staff.reviewer.decide(id, 'return_initial', [{ field: 'organiser.address', text: '请写到门牌号' }])
    expect(await slots(who)).toBe(1)
    await age(id, 6.5, 38)
    await tick()
    await mailed(who.email, '还有 7 天')
    await age(id, 0.5, 44)
    await tick()
    await mailed(who.email, '还有 1 天')
    // Touched today: not cut off in the middle of it.
    await age(id, -1, 0.5)
    const other = await somebody('ends-other')
    const idle = await submitted(other, next('ends-other.cn'))
    await staff.reviewer.decide(idle.id, 'return_initial', [{ field: 'organiser.address', text: '请写到门牌号' }])
    await runs_out(other, idle.id, -1, 46)
    expect((await who.filing(id)).state).toBe('initial_returned')
    const over = await runs_out(who, id, -2, 46)
    expect(over.events!.map((event) => event.text)).toContain('太久没有动，已经结束')
    await mailed(who.email, '备案已经结束')
    expect([mails(who.email, '还有 7 天').length, mails(who.email, '还有 1 天').length]).toEqual([1, 1])
    expect(await slots(who)).toBe(0)
    expect(over.can_copy).toBe(true)
    const again = await who.call<Filing>('POST', `/filings/${id}/copy`)
    expect(again).toMatchObject({ state: 'draft', kind: 'first_filing', domains: c.domains })
    await who.uploadAll(again.id)
    expect((await who.act(again.id, 'submit')).state).toBe('initial_review')
  }, 120_000)

  test('so does one that waits for the photograph', async () => {
    const who = await somebody('ends-photo')
    const { id } = await submitted(who, next('ends-photo.cn'))
    await staff.reviewer.decide(id, 'pass_initial')
    await age(id, 0.9, 44)
    await tick()
    await mailed(who.email, '还有 1 天')
    expect(mails(who.email, '还有 7 天')).toEqual([])
    await runs_out(who, id, -0.1, 45)
    expect(await slots(who)).toBe(0)
  }, 90_000)

  test('a change that came to nothing is copied over what is registered now', async () => {
    const who = await somebody('ends-change')
    await approved(who, staff, next('ends-change.cn'))
    const { organisers } = await who.call<{ organisers: { id: string; sites: { id: string }[] }[] }>('GET', '/registry')
    const { id, sites } = organisers[0]!
    const draft = await who.call<Filing>('POST', `/registry/${id}/filings`, { kind: 'change', sites: [sites[0]!.id] })
    await who.change(draft.id, [
      { path: 'sites.s1.change.site', to: true },
      { path: 'sites.s1.name', to: '示例新的名称' },
    ])
    expect(await refused(who.call('POST', `/filings/${draft.id}/copy`))).toMatchObject({ reason: 'copy_not_offered' })
    await who.act(draft.id, 'withdraw')
    expect((await who.filing(draft.id)).can_copy).toBe(true)
    const again = await who.call<Filing>('POST', `/filings/${draft.id}/copy`)
    expect(again).toMatchObject({ kind: 'change', organiser_id: id, state: 'draft' })
    expect((again.content as { sites: { name: string }[] }).sites[0]!.name).toBe('示例新的名称')
    await who.uploadAll(again.id)
    expect((await who.act(again.id, 'submit')).state).toBe('initial_review')
  }, 120_000)
})

describe('one’s own filings, a page at a time', () => {
  test('every one once, newest change first; what is no place in the list is said', async () => {
    const who = await somebody('paged')
    const made: string[] = []
    for (let i = 0; i < 5; ++i)
      made.push((await who.call<Filing>('POST', '/filings', who.question(next(`paged-${i}.cn`)))).id)
    const seen: string[] = []
    let after: string | null = ''
    const sizes: number[] = []
    while (after !== null) {
      const page: { filings: Summary[]; next: string | null } = await who.call('GET', `/filings?limit=2${after && `&after=${after}`}`)
      sizes.push(page.filings.length)
      seen.push(...page.filings.map((one) => one.id))
      after = page.next
    }
    expect(sizes).toEqual([2, 2, 1])
    expect(seen).toEqual([...made].reverse())
    const { token } = await Program.of(who, ['filings.read'])
    const said = await promisify(execFile)('node', [join(root, 'examples/list_filings.mjs'), platform.url], {
      env: { ...process.env, BEIAN_TOKEN: token },
    })
    expect(said.stdout.trim().split('\n').map((line) => line.split('\t')[0])).toEqual(seen)
    const whole = await who.call<{ filings: Summary[]; next: string | null }>('GET', '/filings?limit=5')
    expect([whole.filings.length, whole.next]).toEqual([5, null])
    for (const after of ['x', '1', '1.x', '.', "1.1'--"])
      expect(await refused(who.call('GET', `/filings?after=${encodeURIComponent(after)}`))).toMatchObject({ status: 422, reason: 'page_invalid' })
    expect((await who.call<{ filings: Summary[] }>('GET', '/filings?limit=99999999')).filings).toHaveLength(5)
  }, 60_000)
})

describe('two at once', () => {
  test('a reviewer passes while the applicant withdraws: one of them, and the other is told', async () => {
    for (let round = 0; round < 2; ++round) {
      const who = await somebody(`race-withdraw-${round}`)
      const { id } = await submitted(who, next(`race-withdraw-${round}.cn`))
      const { version } = await staff.reviewer.claim(id)
      const [pass, withdraw] = await Promise.all([
        refused(staff.reviewer.call('POST', `/desk/filings/${id}/actions/pass_initial`, { version })),
        refused(who.call('POST', `/filings/${id}/actions/withdraw`, { version })),
      ])
      expect([pass, withdraw].filter((one) => one === undefined)).toHaveLength(1)
      expect((pass ?? withdraw)!.status).toBe(409)
      const { state } = await who.filing(id)
      expect(state).toBe(pass ? 'withdrawn' : 'verification')
      expect(await slots(who)).toBe(pass ? 0 : 1)
    }
  }, 120_000)

  test('the bureau answers while the applicant tries to withdraw: the answer counts, and words say why', async () => {
    const who = await somebody('race-bureau')
    const { id } = await submitted(who, next('race-bureau.cn'))
    await handOver(who, staff, id)
    const order = await orderOf(staff.officer, id)
    const at = await who.reaches(id, 'bureau_review')
    const [, ...tries] = await Promise.all([
      staff.officer.call('POST', `orders/${order.id}/pass`, { opinion: '通过' }),
      ...Array.from({ length: 5 }, () => refused(who.call('POST', `/filings/${id}/actions/withdraw`, { version: at.version }))),
    ])
    for (const one of tries) {
      expect(one!.status).toBe(409)
      expect(['withdraw_at_bureau', 'changed_meanwhile']).toContain(one!.reason)
    }
    const done = await who.reaches(id, 'approved')
    const late = await who.raw('POST', `/filings/${id}/actions/withdraw`, { version: done.version })
    expect(await late.json()).toMatchObject({ reason: 'withdraw_over', title: expect.stringContaining('已经结束') })
  }, 120_000)

  test('two tabs withdraw and submit one draft: one step, and the other tab is told', async () => {
    for (let round = 0; round < 2; ++round) {
      const who = await somebody(`race-tabs-${round}`)
      const { id } = await who.draft(next(`race-tabs-${round}.cn`))
      await who.uploadAll(id)
      const { version } = await who.filing(id)
      const [submit, withdraw] = await Promise.all([
        refused(who.call('POST', `/filings/${id}/actions/submit`, { version })),
        refused(who.call('POST', `/filings/${id}/actions/withdraw`, { version })),
      ])
      expect([submit, withdraw].filter((one) => one === undefined)).toHaveLength(1)
      expect((submit ?? withdraw)!.reason).toBe('changed_meanwhile')
      expect((await who.filing(id)).state).toBe(submit ? 'withdrawn' : 'initial_review')
    }
  }, 120_000)
})
