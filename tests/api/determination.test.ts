// Which kind of filing it is: every line of the table of design §1 that can be reached now.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { approved, handOver, orderOf, type Staffed, submitted } from '../support/journey.ts'
import { Applicant, type Case, Officer, Staff } from '../support/people.ts'
import { Platform } from '../support/platform.ts'

interface Determination {
  outcome: string
  kind: string | null
  possible: boolean
  filing_id: string | null
  organiser_number: string | null
  title: string
  explanation: string
  next_step: string
  bureau_asked: boolean
}

let here: Platform // where a filing was approved
let later: Platform // another provider's installation before the same bureau
let owner: Applicant
let number: string
const filed: Case = { enterprise: true, domains: ['filed-here.cn'], sequence: 101 }

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

beforeAll(async () => {
  here = await Platform.start()
  owner = await somebody(here, 'owner')
  number = (await approved(owner, await staffOf(here), filed)).result!.organiser_number
}, 240_000)
afterAll(async () => {
  await here?.stop()
  await later?.stop()
})

const ask = (who: Applicant, c: Case, more: object = {}) =>
  who.call<Determination>('POST', '/determinations', { ...who.question(c), ...more })

// Every outcome is explained in both languages, with its facts in the words.
async function explained(who: Applicant, c: Case, facts: string[]) {
  const english = new Applicant(who.platform, 'en')
  Object.assign(english, { cookie: who.cookie, csrf: who.csrf })
  const [zh, en] = [await ask(who, c), await ask(english, c)]
  expect(`${zh.title}${zh.explanation}${zh.next_step}`).toMatch(/\p{Script=Han}/u)
  expect(`${en.title}${en.explanation}${en.next_step}`).not.toMatch(/\p{Script=Han}(?!ICP)\p{Script=Han}/u)
  for (const told of [zh, en]) {
    expect(told.title && told.explanation && told.next_step).not.toBe('')
    expect(`${told.explanation}${told.next_step}`).not.toMatch(/\{\{|\}\}/)
    for (const fact of facts) expect(`${told.explanation}${told.next_step}`).toContain(fact)
  }
}

test('neither organiser nor domain filed: a first filing, and it can begin', async () => {
  const who = await somebody(here, 'first')
  const c = { enterprise: false, domains: ['quite-new.cn'], sequence: 110 }
  expect(await ask(who, c)).toMatchObject({ outcome: 'first_filing', kind: 'first_filing', possible: true, bureau_asked: true })
  await explained(who, c, [])
  expect((await who.call<{ state: string }>('POST', '/filings', who.question(c))).state).toBe('draft')
})

test('the organiser is filed here, the domain is not: a new website', async () => {
  const c = { ...filed, domains: ['second-site.cn'] }
  expect(await ask(owner, c)).toMatchObject({
    outcome: 'new_website_here',
    kind: 'new_website',
    possible: true,
    organiser_number: number,
  })
  await explained(owner, c, [])
  // Another account may not add to it.
  const other = await somebody(here, 'other-account')
  expect(await ask(other, c)).toMatchObject({ outcome: 'other_account', kind: null, possible: false, organiser_id: null })
  await explained(other, c, [])
  await expect(other.call('POST', '/filings', other.question(c))).rejects.toMatchObject({ status: 409, reason: 'kind_not_offered' })
})

test('the domain is filed here by the same organiser, however it is written', async () => {
  for (const domain of ['filed-here.cn', 'FILED-HERE.CN', ' filed-here.cn '])
    expect(await ask(owner, filed, { domain })).toMatchObject({ outcome: 'already_filed_here', kind: 'change', possible: false })
  await explained(owner, filed, [])
})

test('the domain is filed here by another organiser: a conflict that says who can resolve it', async () => {
  const who = await somebody(here, 'conflict')
  const c = { enterprise: false, domains: filed.domains, sequence: 111 }
  expect(await ask(who, c)).toMatchObject({ outcome: 'conflict', kind: null, possible: false, filing_id: null })
  await explained(who, c, [])
})

test('a filing of one’s own under way is opened; one of another account is only named', async () => {
  const who = await somebody(here, 'flight')
  const c = { enterprise: true, domains: ['in-flight.cn'], sequence: 112 }
  const draft = await who.draft(c)
  expect(await ask(who, c)).toMatchObject({ outcome: 'in_flight', filing_id: draft.id, possible: false })
  // A mere draft of somebody else stands in nobody's way.
  const other = await somebody(here, 'flight-other')
  expect((await ask(other, { ...c, sequence: 113 })).outcome).toBe('first_filing')
  await who.uploadAll(draft.id)
  await who.act(draft.id, 'submit')
  for (const same of [{ ...c, sequence: 113 }, { ...c, domains: ['in-flight-else.cn'] }]) {
    expect(await ask(other, same)).toMatchObject({ outcome: 'in_flight', filing_id: null, possible: false })
    await explained(other, same, [])
  }
})

test('what another provider filed is learnt from the bureau', async () => {
  later = await Platform.start({ bureauOf: here })
  const who = await somebody(later, 'elsewhere')
  const site = `${number}-1`
  const newSite = { ...filed, domains: ['elsewhere-new.cn'] }
  expect(await ask(who, newSite)).toMatchObject({
    outcome: 'new_website_elsewhere',
    kind: 'new_website',
    organiser_number: number,
    bureau_asked: true,
  })
  await explained(who, newSite, [number])
  expect(await ask(who, filed)).toMatchObject({ outcome: 'new_access', kind: 'new_access', organiser_number: number })
  await explained(who, filed, [number])
  const stranger = { enterprise: false, domains: filed.domains, sequence: 114 }
  expect(await ask(who, stranger)).toMatchObject({ outcome: 'conflict', kind: null })
  await explained(who, stranger, [site])
  // The public's question gets the number and nobody's name.
  const told = await who.call('GET', `/domains/${filed.domains[0]}`)
  expect(told).toEqual({
    domain: filed.domains[0],
    registrable: filed.domains[0],
    filed: true,
    here: false,
    number: site,
    bureau_asked: true,
  })
  expect(await who.call('GET', '/domains/never-filed.cn')).toMatchObject({ filed: false, here: false, number: null })
}, 120_000)

test('a line that starts anew before a bureau that counts on finds the next number by itself', async () => {
  const who = await somebody(later, 'sequence')
  const staff = await staffOf(later)
  const { id } = await submitted(who, { enterprise: true, domains: ['sequence-new.cn'], sequence: 115 })
  await handOver(who, staff, id)
  const order = await orderOf(staff.officer, id)
  await staff.officer.call('POST', `orders/${order.id}/pass`, {})
  expect((await who.reaches(id, 'approved')).result!.organiser_number).not.toBe(number)
  const { sequences } = await staff.officer.call<{ sequences: { sequence: number; count: number }[] }>('GET', 'accepted')
  expect(sequences.map((s) => [s.sequence, s.count])).toEqual(sequences.map((_, i) => [i + 1, 1]))
}, 180_000)

test('a bureau that does not answer is said so, nothing is guessed, and asking again works', async () => {
  const who = await somebody(here, 'unreachable')
  const c = { enterprise: true, domains: ['unreachable.cn'], sequence: 116 }
  const officer = new Officer(here)
  await officer.call('PUT', 'settings', { drop_before: -1 })
  try {
    expect(await ask(who, c)).toMatchObject({ outcome: 'bureau_unreachable', kind: null, possible: false })
    await explained(who, c, [])
    await expect(who.call('POST', '/filings', who.question(c))).rejects.toMatchObject({ status: 409, reason: 'kind_not_offered' })
    expect(await who.call('GET', `/domains/${c.domains[0]}`)).toMatchObject({ filed: null, bureau_asked: false })
  } finally {
    await officer.call('PUT', 'settings', { drop_before: 0 })
  }
  expect((await ask(who, c)).outcome).toBe('first_filing')
}, 120_000)

test.each([
  ['no domain', { domain: 'nothing' }, 'domain'],
  ['a public suffix', { domain: 'com.cn' }, 'domain'],
  ['a name below a domain', { domain: 'www.filed-here.cn' }, 'domain'],
  ['an address', { domain: '198.18.0.1' }, 'domain'],
  ['a wrong check character', { certificate_number: '91330199MA00001017' }, 'certificate_number'],
  ['the certificate of another nature', { certificate_type: 2 }, 'certificate_type'],
  ['a nature that does not exist', { nature: 99 }, 'nature'],
  ['a province that does not exist', { province: '990000' }, 'province'],
])('%s is refused at its field', async (_what, wrong, field) => {
  const refused = await ask(owner, { ...filed, domains: ['shape-check.cn'] }, wrong).catch((e: unknown) => e)
  expect(refused).toMatchObject({ status: 422, reason: 'determination_invalid' })
  expect((refused as { problems: { field: string }[] }).problems.map((p) => p.field)).toContain(field)
})

test('everything wrong is said at once', async () => {
  const refused = await ask(owner, filed, { domain: '', certificate_number: '1', province: '' }).catch((e: unknown) => e)
  const fields = (refused as { problems: { field: string }[] }).problems.map((p) => p.field)
  expect(fields).toEqual(expect.arrayContaining(['domain', 'certificate_number', 'province']))
})

test('a domain in Chinese is the same in both spellings', async () => {
  const who = await somebody(here, 'idn')
  const c = { enterprise: true, domains: ['示例网站.中国'], sequence: 117 }
  const draft = await who.draft(c)
  expect(draft.domains).toEqual(['示例网站.中国'])
  expect(await ask(who, { ...c, domains: ['xn--fsq092hv9az0i.xn--fiqs8s'] })).toMatchObject({ outcome: 'in_flight', filing_id: draft.id })
})
