// People write to each other on a filing; notices go where each wants them, and what became of them is
// to be seen.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { submitted } from '../support/journey.ts'
import { Applicant, type Filing, Program, Staff } from '../support/people.ts'
import { eventually, Platform } from '../support/platform.ts'

interface Letter {
  id: string
  from: string
  mine: boolean
  text: string
  seen_at: number | null
}
interface Notice {
  id: string
  notice: string
  channel: string
  to: string
  state: string
  error: string
  filing_id: string | null
  subject: string
  text: string
}

let platform: Platform
let owner: Applicant
let reviewer: Staff
let filing: Filing

beforeAll(async () => {
  platform = await Platform.start()
  owner = new Applicant(platform)
  await owner.register('letters@applicant.example')
  reviewer = await Staff.logIn(platform, 'reviewer')
  filing = await submitted(owner, { enterprise: false, domains: ['letters.cn'], sequence: 841 })
}, 120_000)
afterAll(async () => platform?.stop())

const letters = async (who: Applicant | Staff | Program, at: string) => (await who.call<{ letters: Letter[] }>('GET', `${at}/letters`)).letters
const notices = async (query = '') =>
  owner.call<{ notices: Notice[]; unseen: number; next_before: string | null }>('GET', `/account/notices${query}`)
const mails_to = (address: string, words: string) =>
  platform.mail.mails().filter((m) => m.to.includes(address) && m.subject.includes(words))

test('both sides write, are told that somebody did, and see whether it was seen', async () => {
  const own = `/filings/${filing.id}`
  const desk = `/desk/filings/${filing.id}`
  const words = '  您好，\u200b\n\n\n营业执照正在换发，   可以先用旧的吗？\n'
  const written = await owner.call<Letter>('POST', `${own}/letters`, { text: words })
  expect(written).toMatchObject({ from: 'applicant', mine: true, text: '您好，\n\n营业执照正在换发， 可以先用旧的吗？', seen_at: null })
  await eventually('staff is told', async () => mails_to(platform.staff.reviewer!.email, '留言').length === 1)
  expect(mails_to(platform.staff.reviewer!.email, '留言')[0]!.text).not.toContain('营业执照')

  expect((await letters(owner, own))[0]!.seen_at).toBeNull()
  expect(await letters(reviewer, desk)).toMatchObject([{ from: 'applicant', mine: false }])
  expect((await letters(owner, own))[0]!.seen_at).not.toBeNull()

  await reviewer.call('POST', `${desk}/letters`, { text: '可以，请附上换发受理单。' })
  await eventually('the applicant is told', async () => mails_to(owner.email, '留言').length === 1)
  expect(mails_to(owner.email, '留言')[0]!.text).not.toContain('受理单')
  const program = await Program.of(owner, ['filings.read'])
  expect((await letters(program, own))[1]).toMatchObject({ from: 'staff', text: '可以，请附上换发受理单。' })
  expect((await letters(program, own))[1]!.seen_at, 'a program is no reader').toBeNull()
  await letters(owner, own)
  expect((await letters(reviewer, desk))[1]!.seen_at).not.toBeNull()
  const { events } = await owner.filing(filing.id)
  expect(events.filter((e) => e.action === 'letter').map((e) => e.actor)).toEqual(['applicant', 'staff'])
})

test('a stranger, a draft, an empty and an endless letter', async () => {
  const stranger = new Applicant(platform)
  await stranger.register('letters-stranger@applicant.example')
  for (const method of ['GET', 'POST'])
    await expect(stranger.call(method, `/filings/${filing.id}/letters`, method === 'POST' ? { text: 'x' } : undefined)).rejects.toMatchObject({ status: 404 })
  const write = (id: string, text: string) => owner.call('POST', `/filings/${id}/letters`, { text })
  await expect(write(filing.id, ' \n \u200b')).rejects.toMatchObject({ problems: [{ field: 'text', code: 'letter_empty' }] })
  await expect(write(filing.id, '长'.repeat(2001))).rejects.toMatchObject({ problems: [{ field: 'text', code: 'letter_long' }] })
  const draft = await owner.draft({ enterprise: false, domains: ['letterless.cn'], sequence: 842 })
  await expect(write(draft.id, '有人吗')).rejects.toMatchObject({ status: 409, reason: 'letter_draft' })
  await expect(reviewer.call('POST', `/desk/filings/${draft.id}/letters`, { text: 'x' })).rejects.toMatchObject({ status: 404 })
  for (let i = 0; i < 19; ++i) await write(filing.id, `第 ${i} 条`)
  await expect(write(filing.id, '再一条')).rejects.toMatchObject({ status: 429, reason: 'letters_too_many' })
})

test('what is switched off is not sent; what must not be missed cannot be switched off', async () => {
  const { groups } = await owner.call<{ groups: { id: string; mail: boolean; fixed: string[] }[] }>('GET', '/account/notice_settings')
  expect(groups.map((g) => g.id)).toEqual(['action', 'result', 'progress', 'letters', 'programs'])
  await expect(owner.call('PUT', '/account/notice_settings/action', { mail: false, sms: true, app: true })).rejects.toMatchObject({
    status: 422,
    problems: [{ field: 'mail', code: 'notice_channel_fixed' }],
  })
  await expect(owner.call('PUT', '/account/notice_settings/account', { mail: true, sms: true, app: true })).rejects.toMatchObject({ status: 404 })
  await owner.call('PUT', '/account/notice_settings/progress', { mail: false, sms: false, app: true })
  await owner.call('PUT', '/account/notice_settings/action', { mail: true, sms: false, app: true })

  const { id } = await submitted(owner, { enterprise: false, domains: ['quiet-letters.cn'], sequence: 843 })
  await reviewer.decide(id, 'return_initial', [{ field: 'organiser.name', text: '与证件不一致' }])
  await eventually('the return by mail', async () => mails_to(owner.email, '修改').length + mails_to(owner.email, '退回').length > 0)
  const { notices: of_it } = await notices(`?filing=${id}`)
  expect(of_it.filter((n) => n.notice === 'filing_submitted').map((n) => n.channel)).toEqual(['app'])
  expect(of_it.filter((n) => n.notice === 'filing_initial_returned').map((n) => n.channel).sort()).toEqual(['app', 'mail'])
  expect(platform.sms.received.filter((s) => s.key.includes(id))).toEqual([])
})

test('what became of each is to be seen, and it is sent again when asked for, not more', async () => {
  const { notices: first } = await notices(`?filing=${filing.id}`)
  const mail = first.find((n) => n.notice === 'filing_submitted' && n.channel === 'mail')!
  await eventually('sent', async () => (await notices(`?filing=${filing.id}`)).notices.find((n) => n.id === mail.id)?.state === 'sent')
  expect(mail.to).toBe('l***@applicant.example')
  const before = mails_to(owner.email, 'letters.cn').length

  const again = await Promise.all([1, 2, 3].map(() => owner.raw('POST', `/account/notices/${mail.id}/resend`)))
  expect(again.map((r) => r.status).sort()).toEqual([202, 409, 409])
  await eventually('once more', async () => mails_to(owner.email, 'letters.cn').length === before + 1)
  await expect(owner.call('POST', `/account/notices/${mail.id}/resend`)).rejects.toMatchObject({ reason: 'resend_soon' })
  for (let n = 2; n <= 3; ++n) {
    await platform.sql('UPDATE messages SET created_at = created_at - 61000')
    await owner.call('POST', `/account/notices/${mail.id}/resend`)
  }
  await platform.sql('UPDATE messages SET created_at = created_at - 61000')
  await expect(owner.call('POST', `/account/notices/${mail.id}/resend`)).rejects.toMatchObject({ reason: 'resend_too_often' })

  const stranger = new Applicant(platform)
  await stranger.register('notices-stranger@applicant.example')
  await expect(stranger.call('POST', `/account/notices/${mail.id}/resend`)).rejects.toMatchObject({ status: 404 })
  expect((await stranger.call<{ notices: Notice[] }>('GET', `/account/notices?filing=${filing.id}`)).notices).toEqual([])

  // The desk sees the same, masked, and may send it again too.
  const { messages } = await reviewer.call<{ messages: Notice[] }>('GET', `/desk/filings/${filing.id}/messages`)
  expect(messages.find((m) => m.id === mail.id)).toMatchObject({ to: 'l***@applicant.example', state: 'sent' })
  const letter = messages.find((m) => m.notice === 'letter_to_applicant' && m.channel === 'mail')!
  await reviewer.call('POST', `/desk/filings/${filing.id}/messages/${letter.id}/resend`)
  await eventually('the letter once more', async () => mails_to(owner.email, '留言').length === 2)
  await expect(reviewer.call('POST', `/desk/filings/1/messages/${letter.id}/resend`)).rejects.toMatchObject({ status: 404 })

  // Links that let somebody in are not sent again, nor does the list show them.
  const { notices: all } = await notices('?limit=200')
  const activation = all.find((n) => n.notice === 'account_activate')!
  await expect(owner.call('POST', `/account/notices/${activation.id}/resend`)).rejects.toMatchObject({ reason: 'resend_secret' })
  expect(JSON.stringify(all)).not.toMatch(/token=/)

  expect((await notices()).unseen).toBeGreaterThan(0)
  await owner.call('POST', '/account/notices/seen')
  expect((await notices()).unseen).toBe(0)
})
