// What stands around a case: filings that share something, reasons that learn, notes and names,
// appointments, a second pair of eyes.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { components } from '../../web/src/shared/api/schema'
import { submitted } from '../support/journey.ts'
import { Applicant, type Case, type DeskFiling, type Refused, Staff } from '../support/people.ts'
import { eventually, Platform } from '../support/platform.ts'

type Schemas = components['schemas']
let platform: Platform
let reviewer: Staff
let photo: Staff
let senior: Staff
const owners: Applicant[] = []
// Three accounts: the same company twice under two of them, and a person.
let first = ''
let again = ''
let person = ''

const individuals = {
  rules: [{ natures: [5], states: ['initial_review'], since: '2026-01-01', why: { 'zh-CN': '个人备案须两人通过。', en: 'Two pass an individual.' } }],
}

async function filed(email: string, c: Case): Promise<string> {
  const applicant = new Applicant(platform)
  await applicant.register(email)
  owners.push(applicant)
  return (await submitted(applicant, c)).id
}

beforeAll(async () => {
  platform = await Platform.start({ data: { 'second_review.json': individuals } })
  ;[reviewer, photo, senior] = (await Promise.all(['reviewer', 'photo', 'senior'].map((name) => Staff.logIn(platform, name)))) as [Staff, Staff, Staff]
  first = await filed('case0@applicant.example', { enterprise: true, domains: ['case-first.cn'], sequence: 411 })
  await owners[0]!.act(first, 'withdraw')
  again = await filed('case1@applicant.example', { enterprise: true, domains: ['case-again.cn'], sequence: 411 })
  person = await filed('case2@applicant.example', { enterprise: false, domains: ['case-person.cn'], sequence: 413 })
}, 120_000)
afterAll(async () => platform?.stop())

const related = (who: Staff, id: string) => who.call<Schemas['Related']>('GET', `/desk/filings/${id}/related`)
const reminders = (who: Staff) => who.call<Schemas['Reminders']>('GET', '/desk/reminders')
const seen = (who: Staff, id: string) => who.call<DeskFiling>('GET', `/desk/filings/${id}`)
const whats = (found: Schemas['Related'], id: string) =>
  [...new Set(found.filings.find((one) => one.id === id)?.by.map((one) => one.what))].sort()

describe('related filings', () => {
  test('are found by what they share, with state and whose account, masked and without drafts', async () => {
    // A draft is its owner’s alone.
    const draft = await owners[0]!.draft({ enterprise: true, domains: ['case-draft.cn'], sequence: 414 })
    // Pictures count once they have been looked at.
    await eventually('the pictures', async () => whats(await related(reviewer, again), first).includes('picture'))
    const found = await related(reviewer, again)
    expect(whats(found, first)).toEqual(['address', 'mail', 'name', 'organiser', 'person', 'phone', 'picture'])
    const row = found.filings.find((one) => one.id === first)!
    expect(row).toMatchObject({ state: 'withdrawn', same_account: false, domains: ['case-first.cn'], title: '示例科技有限公司' })
    expect(row.by).toContainEqual({ what: 'phone', field: 'principal.mobile' })
    expect(found.filings.map((one) => one.id)).not.toContain(draft.id)
    // Another person with other numbers shares the address and the mailbox, not the certificate.
    expect(whats(found, person)).toEqual(expect.arrayContaining(['address', 'mail']))
    expect(whats(found, person)).not.toContain('organiser')
    expect(found.filings.find((one) => one.id === person)!.title).toMatch(/^测\*+$/)
    const words = JSON.stringify(found)
    for (const secret of ['19900001411', '测试', 'someone@organiser.example']) expect(words).not.toContain(secret)
    await expect(related(reviewer, draft.id)).rejects.toMatchObject({ status: 404 })
  })

  test('submitted before there were marks get theirs from the platform itself', async () => {
    await platform.sql('DELETE FROM filing_marks')
    expect(whats(await related(reviewer, again), first)).toEqual(['picture'])
    await platform.sql('INSERT INTO filing_marks_wanted (filing_id) SELECT id FROM filings WHERE round > 0')
    await platform.kill('SIGTERM')
    await platform.run()
    ;[reviewer, photo, senior] = (await Promise.all(['reviewer', 'photo', 'senior'].map((name) => Staff.logIn(platform, name)))) as [Staff, Staff, Staff]
    await eventually('the marks', async () => whats(await related(reviewer, again), first).includes('organiser'))
    for (const owner of owners) await owner.logIn(owner.email, owner.password)
  }, 60_000)
})

describe('appointments on the telephone', () => {
  test('are shown with the case and to whoever has it, until another call or a decision', async () => {
    await reviewer.claim(again)
    const call = (more: object) => reviewer.call<DeskFiling>('POST', `/desk/filings/${again}/calls`, { person: 'principal', result: 'call_again', ...more })
    for (const next_at of [Date.now() - 1000, Date.now() + 100 * 86_400_000])
      await expect(call({ next_at })).rejects.toMatchObject({ status: 422, problems: [{ field: 'next_at', code: 'appointment_when' }] })
    const at = Date.now() + 3_600_000
    expect((await call({ next_at: at })).appointment).toMatchObject({ at, by: '初审员甲', person: 'principal' })
    expect((await reminders(reviewer)).appointments).toMatchObject([{ filing_id: again, at }])
    expect((await reminders(senior)).appointments).toEqual([])
    expect((await call({ result: 'confirmed' })).appointment).toBeNull()
    expect((await reminders(reviewer)).appointments).toEqual([])
  })
})

describe('notes', () => {
  test('tell the colleagues who are named in them, and nobody else', async () => {
    const colleagues = (await reviewer.call<{ colleagues: { name: string }[] }>('GET', '/desk/colleagues')).colleagues.map((one) => one.name)
    expect(colleagues).toEqual(expect.arrayContaining(['初审员甲', '主管丁']))
    const note = await reviewer.call<Schemas['Note']>('POST', `/desk/filings/${again}/notes`, { text: '@主管丁 执照像是拼接的，@初审员甲 自己再看一遍 @没有这人' })
    expect(note).toMatchObject({ kind: 'note', by: '初审员甲', mine: true })
    expect(await reminders(senior)).toMatchObject({ unseen: 1, mentions: [{ filing_id: again, seen: false, by: '初审员甲' }] })
    expect((await reminders(reviewer)).unseen).toBe(0)
    expect((await reminders(photo)).unseen).toBe(0)
    const { notes } = await senior.call<{ notes: Schemas['Note'][] }>('GET', `/desk/filings/${again}/notes`)
    expect(notes).toMatchObject([{ to_me: true, mine: false }])
    await senior.call('POST', '/desk/mentions/seen', { filing: person })
    expect((await reminders(senior)).unseen).toBe(1)
    await senior.call('POST', '/desk/mentions/seen', { filing: again })
    expect(await reminders(senior)).toMatchObject({ unseen: 0, mentions: [{ seen: true }] })
    await expect(reviewer.call('POST', `/desk/filings/${again}/notes`, { text: ' \n ' })).rejects.toMatchObject({ problems: [{ field: 'text', code: 'note_empty' }] })
    const told = JSON.stringify(await owners[1]!.filing(again))
    for (const inner of ['拼接', '主管丁', 'noted']) expect(told).not.toContain(inner)
  })
})

describe('handing over', () => {
  test('gives the case to a colleague who may decide it, with a word', async () => {
    const all = (await reviewer.call<{ colleagues: { id: string; name: string }[] }>('GET', '/desk/colleagues')).colleagues
    const id = (name: string) => all.find((one) => one.name === name)!.id
    const photographer = all.find((one) => (one as unknown as { role: string }).role === 'photo_reviewer')!
    await expect(reviewer.call('POST', `/desk/filings/${again}/hand_over`, { to: photographer.id })).rejects.toMatchObject({ status: 422, reason: 'second_not_fit' })
    await expect(senior.call('POST', `/desk/filings/${again}/hand_over`, { to: id('初审员甲') })).rejects.toMatchObject({ reason: 'claimed_by_other' })
    const given = await reviewer.call<DeskFiling>('POST', `/desk/filings/${again}/hand_over`, { to: id('主管丁'), note: '我下班了' })
    // Where no rule asks for two, one is enough.
    expect(given).toMatchObject({ masked: true, assignee: { name: '主管丁' }, second: null })
    expect((await reminders(senior)).mentions[0]).toMatchObject({ kind: 'handed', text: '我下班了', seen: false })
    expect((await seen(senior, again)).masked).toBe(false)
    await senior.call('POST', `/desk/filings/${again}/hand_over`, { to: id('初审员甲') })
  })
})

describe('reasons', () => {
  test('learn from what is sent, and offer one’s own words again unless they tell about somebody', async () => {
    const uses = (who: Staff, id: string) => who.call<Schemas['ReasonUses']>('GET', `/desk/filings/${id}/reasons`)
    expect(await uses(reviewer, again)).toEqual({ uses: [], wordings: [] })
    const corrections = [
      { field: 'organiser.name', reason_code: 'organiser_name_differs' },
      { field: 'sites.s1.name', text: '名称里不要写城市' },
      { field: 'principal.mobile', text: '19900001411 是空号' },
      { field: 'principal.name', text: '测试乙不是法定代表人' },
      { field: 'organiser.address', reason_code: 'no_such_reason', text: '请写门牌号' },
    ]
    await reviewer.call('PUT', `/desk/filings/${again}/corrections`, { corrections })
    expect((await uses(reviewer, again)).uses).toEqual([])
    const { version } = await seen(reviewer, again)
    await reviewer.call('POST', `/desk/filings/${again}/actions/return_initial`, { version })
    const learnt = await uses(reviewer, again)
    expect(learnt.uses).toEqual([{ field: 'organiser.name', reason_code: 'organiser_name_differs', here: 1, kind: 1, all: 1 }])
    expect(learnt.wordings.map((one) => [one.field, one.text]).sort()).toEqual([
      ['organiser.address', '请写门牌号'],
      ['sites.*.name', '名称里不要写城市'],
    ])
    const elsewhere = await uses(senior, person)
    expect(elsewhere.wordings).toEqual([])
    expect(elsewhere.uses).toMatchObject([{ here: 1 }])
    const wording = learnt.wordings[0]!.id
    await expect(senior.call('DELETE', `/desk/wordings/${wording}`)).rejects.toMatchObject({ status: 404 })
    await reviewer.call('DELETE', `/desk/wordings/${wording}`)
    expect((await uses(reviewer, again)).wordings).toHaveLength(1)
  })
})

describe('a second pair of eyes', () => {
  test('is another person’s, and the filing stays where it is until then', async () => {
    const mine = await reviewer.claim(person)
    expect(mine.second).toEqual({ why: ['个人备案须两人通过。'], first: null })
    await reviewer.call('POST', `/desk/filings/${person}/calls`, { person: 'principal', result: 'call_again', next_at: Date.now() + 3_600_000 })
    const all = (await reviewer.call<{ colleagues: { id: string; name: string }[] }>('GET', '/desk/colleagues')).colleagues
    const to = all.find((one) => one.name === '主管丁')!.id
    const given = await reviewer.call<DeskFiling>('POST', `/desk/filings/${person}/actions/pass_initial`, { version: mine.version, note: '照片略暗', second: to })
    expect(given).toMatchObject({ state: 'initial_review', assignee: { name: '主管丁' }, masked: true, second: { first: { name: '初审员甲', mine: true } } })
    expect((await owners[2]!.filing(person)).state).toBe('initial_review')
    expect(JSON.stringify((await owners[2]!.filing(person)).events)).not.toContain('复核')
    expect((await reminders(senior)).mentions[0]).toMatchObject({ kind: 'second', text: '照片略暗' })

    // Put back, it is not offered to whoever saw it first, nor may he take it.
    await senior.call('DELETE', `/desk/filings/${person}/claim`)
    await expect(reviewer.call('POST', '/desk/next')).rejects.toMatchObject({ reason: 'queue_empty' })
    const refused = (await reviewer.claim(person).catch((e: unknown) => e)) as Refused
    expect(refused).toMatchObject({ status: 409, reason: 'second_must_be_other' })

    const theirs = await senior.claim(person)
    expect(theirs.second).toMatchObject({ first: { name: '初审员甲', mine: false } })
    const passed = await senior.call<DeskFiling>('POST', `/desk/filings/${person}/actions/pass_initial`, { version: theirs.version })
    expect(passed).toMatchObject({ state: 'verification', second: null, appointment: null })
    expect(passed.events.filter((e) => e.action === 'second_asked')).toHaveLength(1)
  })
})
