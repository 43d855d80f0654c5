// What passes from account to account: claims that staff decide, hand-overs that both sides agree to,
// messages to whoever holds a name; and the races between them.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { components } from '../../web/src/shared/api/schema'
import { approved, handOver, orderOf, type Staffed, submitted } from '../support/journey.ts'
import { Applicant, Browser, type Case, creditCode, type Filing, Officer, sample, Staff } from '../support/people.ts'
import { eventually, Platform } from '../support/platform.ts'

type Schemas = components['schemas']
type Registered = Schemas['RegisteredOrganiser']

let platform: Platform
let staff: Staffed
let senior: Staff
let sequence = 400
beforeAll(async () => {
  platform = await Platform.start({ policy: { verification: false, sms: false } })
  staff = {
    reviewer: await Staff.logIn(platform, 'reviewer'),
    photo: await Staff.logIn(platform, 'photo'),
    officer: new Officer(platform),
  }
  senior = await Staff.logIn(platform, 'senior')
}, 120_000)
afterAll(() => platform?.stop())

async function somebody(name: string): Promise<Applicant> {
  const applicant = new Applicant(platform)
  await applicant.register(`${name}@applicant.example`)
  return applicant
}
const next = (...domains: string[]): Case => ({ enterprise: true, domains, sequence: ++sequence })
const registry = async (who: Applicant): Promise<Registered[]> =>
  (await who.call<{ organisers: Registered[] }>('GET', '/registry')).organisers
const mailTo = (email: string, words: string) =>
  eventually(`a mail to ${email}: ${words}`, async () =>
    platform.mail.mails().findLast((m) => m.to.includes(email) && (m.subject + m.text).includes(words)),
  )
const refused = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (e: unknown) => e as { status: number; reason: string; problems: { field: string; code: string }[] },
  )

// An organiser that is registered, of an account.
async function filed(name: string, c: Case): Promise<{ owner: Applicant; organiser: Registered }> {
  const owner = await somebody(name)
  await approved(owner, staff, c)
  return { owner, organiser: (await registry(owner))[0]! }
}

function claimForm(number: string, certificate: string): FormData {
  const form = new FormData()
  form.set('number', number)
  form.set('certificate_type', '1')
  form.set('certificate_number', certificate)
  form.set('note', '原经办人已离职')
  form.set('certificate', sample('business_licence'), 'licence.jpg')
  form.set('proof', sample('domain_certificate'), 'proof.jpg')
  return form
}
const claim = (who: Applicant, number: string, certificate: string) =>
  who.call<Schemas['Claim']>('POST', '/claims', claimForm(number, certificate))
const atDesk = (who: Browser, id: string) => who.call<Schemas['ClaimAtDesk']>('GET', `/desk/claims/${id}`)
const decide = (who: Browser, id: string, seen: string, grant: boolean, answer = '') =>
  who.call('POST', `/desk/claims/${id}/decision`, { seen, grant, answer })

const offer = (who: Applicant, what: string, id: string, email: string, password = who.password) =>
  who.call<Schemas['Transfer']>('POST', '/transfers', { what, subject_id: id, email, password })
async function linkOf(email: string, not = ''): Promise<string> {
  return eventually(`the link to ${email}`, async () => {
    const mail = platform.mail.mails().findLast((m) => m.to.includes(email) && m.text.includes('/transfer?token='))
    const token = mail && /transfer\?token=([\w-]+)/.exec(mail.text)?.[1]
    return token !== not && token
  })
}

describe('claims', () => {
  let old: Applicant
  let organiser: Registered
  const c = next('claimed-one.cn', 'claimed-two.cn')
  beforeAll(async () => {
    ;({ owner: old, organiser } = await filed('claim-old', c))
  }, 120_000)

  test('an unknown number and a wrong certificate are answered and counted alike', async () => {
    const guesser = await somebody('claim-guesser')
    const wrong = await refused(claim(guesser, organiser.number, creditCode(999)))
    const unknown = await refused(claim(guesser, '浙ICP备2099999999号', creditCode(c.sequence)))
    expect(wrong).toMatchObject({ status: 422, reason: 'claim_not_matched' })
    expect({ ...unknown }).toEqual({ ...wrong })
    for (let i = 0; i < 3; ++i) await refused(claim(guesser, `浙ICP备209999990${i}号`, creditCode(998)))
    // The sixth, right or wrong, is not looked at.
    expect(await refused(claim(guesser, organiser.number, creditCode(c.sequence)))).toMatchObject({ status: 429, reason: 'claim_tries' })
    expect(await refused(claim(guesser, '浙ICP备2099999999号', creditCode(998)))).toMatchObject({ status: 429, reason: 'claim_tries' })
  }, 60_000)

  test('what is missing is said all at once, and nothing is counted for it', async () => {
    const hasty = await somebody('claim-hasty')
    const form = new FormData()
    form.set('number', '')
    const problem = await refused(hasty.call('POST', '/claims', form))
    expect(problem!.problems.map((one) => one.field)).toEqual(['number', 'certificate_number', 'certificate', 'proof'])
    const garbage = claimForm(`${organiser.number}-1`, creditCode(c.sequence))
    garbage.set('proof', new Blob(['no picture']), 'proof.jpg')
    expect(await refused(hasty.call('POST', '/claims', garbage))).toMatchObject({ reason: 'material_invalid', problems: [{ field: 'proof' }] })
  })

  test('staff refuse with words; the holder was told, and keeps everything', async () => {
    const claimant = await somebody('claim-refused')
    const made = await claim(claimant, `${organiser.number}-2`, creditCode(c.sequence)) // a website's number serves
    expect(made).toMatchObject({ number: organiser.number, state: 'open' })
    await mailTo(old.email, '申请认领您账号里的备案')
    expect(await refused(claim(claimant, organiser.number, creditCode(c.sequence)))).toMatchObject({ reason: 'claim_open' })
    const { claims } = await staff.reviewer.call<{ claims: Schemas['ClaimRow'][] }>('GET', '/desk/claims')
    expect(claims.find((one) => one.id === made.id)).toMatchObject({ held: true, others: 0 })
    const seen = await atDesk(staff.reviewer, made.id)
    expect(seen).toMatchObject({
      note: '原经办人已离职',
      record: { number: organiser.number, name: '示例科技有限公司', principal: '测**' },
      claimant: { email: claimant.email, organisers: 0 },
      in_flight: false,
    })
    expect(seen.record.certificate_number).not.toBe(creditCode(c.sequence))
    expect(seen.record.mobile).toContain('****')
    expect(seen.holder!.email).not.toBe(old.email)
    const picture = await staff.reviewer.raw('GET', `/desk/claims/${made.id}/pictures/proof`)
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/jpeg'])
    expect((await claimant.raw('GET', `/desk/claims/${made.id}/pictures/proof`)).status).toBe(403)
    expect(await refused(decide(staff.reviewer, made.id, seen.seen, false))).toMatchObject({ problems: [{ field: 'answer' }] })
    await decide(staff.reviewer, made.id, seen.seen, false, '证明上没有公章')
    await mailTo(claimant.email, '证明上没有公章')
    await mailTo(old.email, '认领申请没有通过')
    expect(await registry(claimant)).toEqual([])
    expect((await registry(old)).map((one) => one.number)).toEqual([organiser.number])
    const own = await claimant.call<{ claims: Schemas['Claim'][] }>('GET', '/claims')
    expect(own.claims).toMatchObject([{ state: 'refused', answer: '证明上没有公章' }])
  }, 60_000)

  test('two claims of one organiser, two reviewers at once: one is granted, the other is looked at anew', async () => {
    const draft = await old.call<Filing>('POST', `/registry/${organiser.id}/filings`, { kind: 'change', sites: [] })
    const [one, two] = [await somebody('claim-first'), await somebody('claim-second')]
    const [a, b] = [await claim(one, organiser.number, creditCode(c.sequence)), await claim(two, organiser.number, creditCode(c.sequence))]
    const [seenA, seenB] = [await atDesk(staff.reviewer, a.id), await atDesk(senior, b.id)]
    expect([seenA.others, seenB.others]).toEqual([1, 1])
    const results = await Promise.all([
      refused(decide(staff.reviewer, a.id, seenA.seen, true)),
      refused(decide(senior, b.id, seenB.seen, true)),
    ])
    expect(results.filter((r) => r === undefined)).toHaveLength(1)
    expect(results.find((r) => r !== undefined)).toMatchObject({ status: 409, reason: 'claim_changed' })
    const [winner, loser, lost] = results[0] === undefined ? [one, two, b] : [two, one, a]
    const [now] = await registry(winner)
    expect(now).toMatchObject({ number: organiser.number, state: 'filed' })
    expect(now!.sites.map((site) => site.state)).toEqual(['served', 'served'])
    expect(now!.filings).toEqual([]) // what the account before typed stays with it
    expect([await registry(loser), await registry(old)]).toEqual([[], []])
    expect((await old.filing(draft.id)).state).toBe('expired')
    await mailTo(winner.email, '认领成功')
    await mailTo(old.email, '备案已转到另一个账号')
    // Never lost: the second is still there, and names who holds it now.
    const again = await atDesk(senior, lost.id)
    expect(again).toMatchObject({ state: 'open', others: 0 })
    expect(again.holder).not.toEqual(seenB.holder)
    await decide(senior, lost.id, again.seen, false, '已由另一位申请人认领')
    expect(await refused(decide(senior, lost.id, again.seen, true))).toMatchObject({ reason: 'claim_decided' })
    // It is the winner's to use.
    expect((await winner.call<Filing>('POST', `/registry/${organiser.id}/filings`, { kind: 'change', sites: [] })).kind).toBe('change')
  }, 90_000)

  test('while the holder has a filing under way nothing moves', async () => {
    const { owner, organiser: busy } = await filed('claim-busy', next('claimed-busy.cn'))
    const draft = await owner.call<Filing>('POST', `/registry/${busy.id}/filings`, { kind: 'cancel_website', sites: [busy.sites[0]!.id] })
    await owner.change(draft.id, [{ path: 'cancel.reason', to: 1 }, { path: 'confirm.consequences', to: true }])
    await owner.uploadAll(draft.id)
    await owner.act(draft.id, 'submit')
    const claimant = await somebody('claim-waits')
    const made = await claim(claimant, busy.number, creditCode(sequence))
    const seen = await atDesk(senior, made.id)
    expect(seen.in_flight).toBe(true)
    expect(await refused(decide(senior, made.id, seen.seen, true))).toMatchObject({ status: 409, reason: 'claim_in_flight' })
    await owner.act(draft.id, 'withdraw')
    await decide(senior, made.id, (await atDesk(senior, made.id)).seen, true)
    expect((await registry(claimant)).map((one) => one.number)).toEqual([busy.number])
  }, 90_000)

  test('of nobody’s account: as the bureau’s synchronisation leaves it', async () => {
    const { owner, organiser: lone } = await filed('claim-lone', next('claimed-lone.cn'))
    await platform.sql(`UPDATE registered_organisers SET account_id = 0 WHERE id = ${lone.id}`)
    const claimant = await somebody('claim-lone-new')
    const made = await claim(claimant, lone.number, creditCode(sequence))
    const seen = await atDesk(senior, made.id)
    expect(seen).toMatchObject({ holder: null, held: false })
    await decide(senior, made.id, seen.seen, true)
    expect((await registry(claimant))[0]!.number).toBe(lone.number)
    expect(await registry(owner)).toEqual([])
    const withdrawn = await claim(await somebody('claim-back'), lone.number, creditCode(sequence))
    expect(await refused(claimant.call('DELETE', `/claims/${withdrawn.id}`))).toMatchObject({ status: 404 })
  }, 90_000)

  test('it is in the audit trail, without a name or number', async () => {
    const audit = await Staff.logIn(platform, 'audit')
    const { entries } = await audit.call<{ entries: { act: string; detail: string }[] }>('GET', '/desk/audit?act=claim.granted')
    expect(entries.length).toBeGreaterThanOrEqual(3)
    expect(JSON.stringify(entries)).not.toContain(organiser.number)
  })
})

describe('hand-overs', () => {
  test('an organiser moves with its websites, history, pictures and drafts; both sides are told', async () => {
    const { owner, organiser } = await filed('give-all', next('given-one.cn', 'given-two.cn'))
    const first = organiser.filings[0]!.id
    const draft = await owner.call<Filing>('POST', `/registry/${organiser.id}/filings`, { kind: 'change', sites: [] })
    const receiver = await somebody('take-all')
    expect(await refused(offer(owner, 'organiser', organiser.id, receiver.email, 'not my password'))).toMatchObject({ reason: 'password_wrong' })
    expect(await refused(offer(owner, 'organiser', organiser.id, owner.email))).toMatchObject({ problems: [{ field: 'email' }] })
    expect(await refused(offer(receiver, 'organiser', organiser.id, 'x@applicant.example'))).toMatchObject({ status: 404 })
    await offer(owner, 'organiser', organiser.id, ` ${receiver.email.toUpperCase()} `)
    expect(await refused(offer(owner, 'organiser', organiser.id, 'other@applicant.example'))).toMatchObject({ reason: 'transfer_open' })
    const token = await linkOf(receiver.email.toUpperCase())
    // The link is good for that account alone, and says nothing to others.
    const stranger = await somebody('take-not')
    const theirs = await refused(stranger.call('POST', '/transfers/open', { token }))
    expect(theirs).toMatchObject({ status: 404, reason: 'transfer_link' })
    expect({ ...(await refused(stranger.call('POST', '/transfers/open', { token: 'x'.repeat(43) }))) }).toEqual({ ...theirs })
    expect(await refused(stranger.call('POST', '/transfers/accept', { token }))).toMatchObject({ reason: 'transfer_link' })
    expect(await receiver.call('POST', '/transfers/open', { token })).toMatchObject({
      what: 'organiser',
      state: 'offered',
      number: organiser.number,
      domains: ['given-one.cn', 'given-two.cn'],
      from: expect.stringMatching(/^g\*+@/),
    })
    expect(await receiver.call('POST', '/transfers/accept', { token })).toEqual({ what: 'organiser', subject_id: organiser.id })
    expect(await receiver.call('POST', '/transfers/accept', { token })).toEqual({ what: 'organiser', subject_id: organiser.id })
    const [now] = await registry(receiver)
    expect(now).toMatchObject({ id: organiser.id, number: organiser.number })
    expect(now!.filings.map((one) => one.id).sort()).toEqual([draft.id, first].sort())
    expect(await registry(owner)).toEqual([])
    const got = await receiver.filing(first)
    expect((await receiver.raw('GET', `/filings/${first}/materials/${got.materials[0]!.id}`)).status).toBe(200)
    expect((await owner.raw('GET', `/filings/${first}/materials/${got.materials[0]!.id}`)).status).toBe(404)
    expect(await refused(owner.filing(draft.id))).toMatchObject({ status: 404 })
    expect((await receiver.filing(draft.id)).events!.map((event) => event.text)).toContain('转移到了另一个账号')
    await mailTo(owner.email, '转移已完成')
    await mailTo(receiver.email, '您接收了一项备案')
    // The website is still carried by the product it was on.
    const { products } = await owner.call<{ products: { slots_used: number }[] }>('GET', '/products')
    expect(products[0]!.slots_used).toBe(2)
    expect((await owner.call<{ transfers: Schemas['Transfer'][] }>('GET', '/transfers')).transfers[0]).toMatchObject({ state: 'accepted' })
  }, 120_000)

  test('the offer is the same whether or not the address has an account; who registers later may accept', async () => {
    const giver = await somebody('give-unknown')
    const { id } = await giver.draft(next('given-draft.cn'))
    const made = await offer(giver, 'filing', id, 'later@applicant.example')
    expect(made).toMatchObject({ state: 'offered', subject: 'given-draft.cn' })
    const token = await linkOf('later@applicant.example')
    const later = await somebody('later')
    expect(await later.call('POST', '/transfers/open', { token })).toMatchObject({ what: 'filing', kind: 'first_filing' })
    await later.call('POST', '/transfers/accept', { token })
    expect((await later.filing(id)).state).toBe('draft')
    expect(await refused(giver.filing(id))).toMatchObject({ status: 404 })
  }, 60_000)

  test('declined, taken back, expired: it stays, the giver is told, the link is over', async () => {
    const giver = await somebody('give-stays')
    const receiver = await somebody('take-no')
    const { id } = await giver.draft(next('given-stays.cn'))
    await offer(giver, 'filing', id, receiver.email)
    const first = await linkOf(receiver.email)
    await receiver.call('POST', '/transfers/decline', { token: first })
    await mailTo(giver.email, '对方没有接受转移')
    expect(await refused(receiver.call('POST', '/transfers/accept', { token: first }))).toMatchObject({ reason: 'transfer_over' })
    const second = await offer(giver, 'filing', id, receiver.email)
    const token = await linkOf(receiver.email, first)
    await giver.call('DELETE', `/transfers/${second.id}`)
    expect(await refused(receiver.call('POST', '/transfers/accept', { token }))).toMatchObject({ reason: 'transfer_over' })
    expect(await receiver.call('POST', '/transfers/open', { token })).toMatchObject({ state: 'withdrawn', name: '', domains: [] })
    const third = await offer(giver, 'filing', id, receiver.email)
    const last = await linkOf(receiver.email, token)
    await platform.sql(`UPDATE transfers SET expires_at = 1 WHERE id = ${third.id}`)
    expect(await refused(receiver.call('POST', '/transfers/accept', { token: last }))).toMatchObject({ reason: 'transfer_over' })
    await platform.sql("UPDATE jobs SET run_at = 0 WHERE kind = 'clocks'")
    await mailTo(giver.email, '转移已过期')
    expect((await giver.filing(id)).state).toBe('draft')
  }, 90_000)

  test('one that staff work on goes on in the other account, with its product slot', async () => {
    const giver = await somebody('give-open')
    const receiver = await somebody('take-open')
    const { id } = await submitted(giver, next('given-open.cn'))
    await offer(giver, 'filing', id, receiver.email)
    const token = await linkOf(receiver.email)
    // Staff return it meanwhile; the offer stands.
    await staff.reviewer.decide(id, 'return_initial', [{ field: 'organiser.address', text: '请写到门牌号' }])
    await receiver.call('POST', '/transfers/accept', { token })
    await receiver.change(id, [{ path: 'organiser.address', to: '示例路9号' }])
    expect((await receiver.act(id, 'submit')).state).toBe('initial_review')
    await handOver(receiver, staff, id)
    const order = await orderOf(staff.officer, id)
    // With the bureau it moves no more.
    const other = await refused(offer(receiver, 'filing', id, giver.email))
    expect(other).toMatchObject({ status: 409, reason: 'transfer_at_bureau' })
    await staff.officer.call('POST', `orders/${order.id}/pass`, { opinion: '通过' })
    await receiver.reaches(id, 'approved')
    expect((await registry(receiver))[0]!.sites[0]!.domains).toEqual(['given-open.cn'])
    expect(await registry(giver)).toEqual([])
    expect(await refused(offer(receiver, 'filing', id, giver.email))).toMatchObject({ reason: 'transfer_ended' })
  }, 120_000)

  test('submitting against accepting: one after the other, never both on one version', async () => {
    for (let round = 0; round < 2; ++round) {
      const giver = await somebody(`give-race-${round}`)
      const receiver = await somebody(`take-race-${round}`)
      const { id } = await giver.draft(next(`given-race-${round}.cn`))
      await giver.uploadAll(id)
      await offer(giver, 'filing', id, receiver.email)
      const token = await linkOf(receiver.email)
      const { version } = await giver.filing(id)
      const [submit, accept] = await Promise.all([
        refused(giver.call('POST', `/filings/${id}/actions/submit`, { version })),
        refused(receiver.call('POST', '/transfers/accept', { token })),
      ])
      expect(accept).toBeUndefined()
      const now = await receiver.filing(id)
      if (submit) {
        // It was not his any more; where both ran at once (PostgreSQL), it changed under his hands.
        expect([404, 409]).toContain(submit.status)
        expect(now.state).toBe('draft')
      } else {
        expect(now.state).toBe('initial_review')
      }
      expect(await refused(giver.filing(id))).toMatchObject({ status: 404 })
    }
  }, 120_000)

  test('an organiser with a filing under way, or claimed, stays until that is over', async () => {
    const { owner, organiser } = await filed('give-busy', next('given-busy.cn'))
    const receiver = await somebody('take-busy')
    await offer(owner, 'organiser', organiser.id, receiver.email)
    const token = await linkOf(receiver.email)
    const made = await claim(await somebody('give-claimant'), organiser.number, creditCode(sequence))
    expect(await refused(receiver.call('POST', '/transfers/accept', { token }))).toMatchObject({ status: 409, reason: 'transfer_claimed' })
    await decide(senior, made.id, (await atDesk(senior, made.id)).seen, false, '不符')
    const draft = await owner.call<Filing>('POST', `/registry/${organiser.id}/filings`, { kind: 'cancel_organiser', sites: [] })
    await owner.change(draft.id, [{ path: 'cancel.reason', to: 1 }, { path: 'confirm.consequences', to: true }])
    await owner.uploadAll(draft.id)
    expect(await refused(offer(owner, 'filing', draft.id, receiver.email))).toMatchObject({ reason: 'transfer_with_organiser' })
    await owner.act(draft.id, 'submit')
    expect(await refused(receiver.call('POST', '/transfers/accept', { token }))).toMatchObject({ reason: 'transfer_organiser_in_flight' })
    await owner.act(draft.id, 'withdraw')
    await receiver.call('POST', '/transfers/accept', { token })
    expect((await registry(receiver))[0]!.number).toBe(organiser.number)
  }, 120_000)

  test('wrong passwords are counted', async () => {
    const giver = await somebody('give-guess')
    const { id } = await giver.draft(next('given-guess.cn'))
    for (let i = 0; i < 5; ++i) await refused(offer(giver, 'filing', id, 'x@applicant.example', `wrong password ${i}`))
    expect(await refused(offer(giver, 'filing', id, 'x@applicant.example'))).toMatchObject({ status: 429, reason: 'login_locked' })
  }, 60_000)
})

describe('whoever holds a domain', () => {
  test('is told, and the asker learns nothing: not even whether there is anybody', async () => {
    const { owner } = await filed('held', next('held-here.cn'))
    const asker = await somebody('held-asker')
    const question = (domain: string) => ({ ...asker.question(next(domain)), message: '域名我已经买下，请联系我' })
    const told = await asker.raw('POST', '/holder_messages', question('held-here.cn'))
    const nobody = await asker.raw('POST', '/holder_messages', question('held-by-nobody.cn'))
    expect([told.status, await told.text()]).toEqual([nobody.status, await nobody.text()])
    expect(told.status).toBe(202)
    const mail = await mailTo(owner.email, '域名我已经买下')
    expect(mail.text).toContain(asker.email)
    expect(mail.text).toContain('held-here.cn')
    const link = await refused(asker.call('POST', '/holder_messages', { ...question('held-2.cn'), message: '看 www.bad.example' }))
    expect(link!.problems).toMatchObject([{ field: 'message', code: 'message_link' }])
    const same = { ...asker.question({ enterprise: true, domains: ['held-same.cn'], sequence: 1 }), message: '一' }
    await asker.call('POST', '/holder_messages', same)
    expect(await refused(asker.call('POST', '/holder_messages', same))).toMatchObject({ status: 429, reason: 'holder_messages' })
    await asker.call('POST', '/holder_messages', question('held-3.cn'))
    await asker.call('POST', '/holder_messages', question('held-4.cn'))
    expect(await refused(asker.call('POST', '/holder_messages', question('held-5.cn')))).toMatchObject({ reason: 'holder_messages' })
  }, 90_000)
})

test('a senior for other provinces neither sees a claim nor decides it', async () => {
  const { organiser } = await filed('claim-afar', next('claim-afar.cn'))
  const { id } = await claim(await somebody('claim-near'), organiser.number, creditCode(sequence))
  const { seen } = await atDesk(senior, id)
  const { email, password } = platform.staff.senior!
  const security = await Staff.logIn(platform, 'security')
  const asked = await security.call<{ id: string }>('POST', '/desk/staff/grants', { email, role: 'senior', provinces: ['440000'] })
  await (await Staff.logIn(platform, 'admin')).call('POST', `/desk/staff/grants/${asked.id}/grant`)
  const afar = new Staff(platform)
  await afar.logIn(email, password)
  expect(await afar.call('GET', '/desk/claims')).toMatchObject({ claims: [], open: 0 })
  for (const look of [() => atDesk(afar, id), () => decide(afar, id, seen, true), () => afar.call('GET', `/desk/claims/${id}/pictures/proof`)])
    expect(await refused(look())).toMatchObject({ status: 404, reason: 'not_found' })
}, 120_000)
