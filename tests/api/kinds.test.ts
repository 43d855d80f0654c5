// Every kind of filing from its beginning to the bureau's answer, through the real binary and the
// reference bureau.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { components } from '../../web/src/shared/api/schema'
import { approved, handOver, type Staffed, submitted } from '../support/journey.ts'
import { Applicant, type Case, type Filing, Officer, type Order, Staff } from '../support/people.ts'
import { eventually, Platform } from '../support/platform.ts'

type Registered = components['schemas']['RegisteredOrganiser']

let here: Platform
let staff: Staffed
let owner: Applicant
const filed: Case = { enterprise: true, domains: ['kinds-one.cn', 'kinds-two.cn'], sequence: 301 }

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
const registry = async (who: Applicant): Promise<Registered> =>
  (await who.call<{ organisers: Registered[] }>('GET', '/registry')).organisers[0]!
const siteOf = (organiser: Registered, domain: string) => organiser.sites.find((one) => one.domains.includes(domain))!

// The pending order of this kind at the bureau.
const orderOf = (officer: Officer, kind: string): Promise<Order> =>
  eventually(
    `an order ${kind} at the bureau`,
    async () => (await officer.call<{ orders: Order[] }>('GET', `orders?state=pending&kind=${kind}`)).orders[0],
    60_000,
  )
async function pass(kind: string, at: Staffed = staff): Promise<void> {
  const order = await orderOf(at.officer, kind)
  await at.officer.call('POST', `orders/${order.id}/pass`, { opinion: '通过' })
}
async function handedOver(who: Applicant, id: string, at: Staffed = staff): Promise<void> {
  await who.uploadAll(id)
  await who.act(id, 'submit')
  await handOver(who, at, id)
}
// What a website asks of an enterprise that is registered here.
async function siteAnswers(who: Applicant, key: string, domain: string) {
  const { products } = await who.call<{ products: { id: string; ips: string[] }[] }>('GET', '/products')
  const at = `sites.${key}`
  return [
    { path: `${at}.name`, to: '示例服务说明' },
    { path: `${at}.domain`, to: domain },
    { path: `${at}.home_url`, to: `www.${domain}` },
    { path: `${at}.services`, to: [8] },
    { path: `${at}.access.product`, to: products[0]!.id },
    { path: `${at}.access.locations`, to: [34] },
    { path: `${at}.access.ips`, to: [products[0]!.ips[0]!] },
  ]
}
const slots = async (who: Applicant) =>
  (await who.call<{ products: { slots_used: number }[] }>('GET', '/products')).products[0]!.slots_used
const cancelled = [
  { path: 'cancel.reason', to: 1 },
  { path: 'confirm.consequences', to: true },
]

beforeAll(async () => {
  here = await Platform.start()
  staff = await staffOf(here)
  owner = await somebody(here, 'owner')
  await approved(owner, staff, filed)
}, 240_000)
afterAll(() => here?.stop())

test('what is filed is listed with its numbers, and nobody else sees it', async () => {
  const organiser = await registry(owner)
  expect(organiser).toMatchObject({ name: '示例科技有限公司', state: 'filed', in_flight: null })
  expect(organiser.can.sort()).toEqual(['cancel_access', 'cancel_organiser', 'cancel_website', 'change'])
  expect(organiser.sites.map((one) => [one.domains, one.state, one.number])).toEqual([
    [['kinds-one.cn'], 'served', `${organiser.number}-1`],
    [['kinds-two.cn'], 'served', `${organiser.number}-2`],
  ])
  expect(organiser.sites[0]!.accesses).toMatchObject([{ ours: true, state: 'active', ips: [expect.stringMatching(/^198\.18\./)] }])
  expect(organiser.filings.map((one) => [one.kind, one.state])).toEqual([['first_filing', 'approved']])
  const stranger = await somebody(here, 'stranger')
  expect(await stranger.call('GET', '/registry')).toEqual({ organisers: [] })
  const begin = stranger.call('POST', `/registry/${organiser.id}/filings`, { kind: 'change', sites: [] })
  await expect(begin).rejects.toMatchObject({ status: 404 })
  const sheet = await stranger.raw('GET', `/registry/sites/${organiser.sites[0]!.id}/certificate`)
  expect(sheet.status).toBe(404)
  const own = await owner.raw('GET', `/registry/sites/${organiser.sites[0]!.id}/certificate`)
  expect(own.headers.get('content-type')).toBe('application/pdf')
  expect(Buffer.from(await own.arrayBuffer()).subarray(0, 5).toString()).toBe('%PDF-')
})

describe('a new website', () => {
  test('asks only for the website, and gets its number', async () => {
    const question = owner.question({ ...filed, domains: ['kinds-three.cn'] })
    expect(await owner.call('POST', '/determinations', question)).toMatchObject({
      outcome: 'new_website_here',
      possible: true,
      asks_password: false,
    })
    const draft = await owner.call<Filing>('POST', '/filings', question)
    expect(draft.kind).toBe('new_website')
    const asked = draft.problems.filter((one) => one.hard).map((one) => one.field)
    expect(asked.filter((one) => /^(organiser|principal)\./.test(one))).toEqual([])
    expect(asked).toContain('confirm.current')
    // Somebody else's record is no answer of the applicant's.
    await expect(owner.change(draft.id, [{ path: 'record.organiser.name', to: '别人' }])).rejects.toMatchObject({ status: 422 })
    await owner.change(draft.id, [...(await siteAnswers(owner, 's1', 'kinds-three.cn')), { path: 'confirm.current', to: false }])
    await owner.uploadAll(draft.id)
    const outdated = await owner.act(draft.id, 'submit').catch((e: unknown) => e)
    expect((outdated as { problems: { code: string }[] }).problems.map((p) => p.code)).toContain('record_outdated')
    await owner.change(draft.id, [{ path: 'confirm.current', to: true }])
    await handedOver(owner, draft.id)
    await pass('new_website')
    const done = await owner.reaches(draft.id, 'approved')
    const organiser = await registry(owner)
    expect(done.result!.sites).toEqual([{ key: 's1', domain: 'kinds-three.cn', number: `${organiser.number}-3` }])
    expect(siteOf(organiser, 'kinds-three.cn').state).toBe('served')
  }, 120_000)

  test('several: one is returned, mended and sent again; the other has its number meanwhile', async () => {
    const draft = await owner.call<Filing>('POST', '/filings', owner.question({ ...filed, domains: ['kinds-four.cn'] }))
    await owner.call('POST', `/filings/${draft.id}/sites`)
    await owner.change(draft.id, [
      ...(await siteAnswers(owner, 's1', 'kinds-four.cn')),
      ...(await siteAnswers(owner, 's2', 'kinds-five.cn')),
      { path: 'confirm.current', to: true },
    ])
    await owner.change(draft.id, [{ path: 'sites.s2.name', to: '示例技术资料' }])
    await handedOver(owner, draft.id)
    const order = await orderOf(staff.officer, 'new_website')
    const { filing } = await staff.officer.call<{ filing: { websites: { isp_id: string; domains: { name: string }[] }[] } }>(
      'GET',
      `orders/${order.id}`,
    )
    const second = filing.websites.find((one) => JSON.stringify(one.domains).includes('kinds-five.cn'))!
    await staff.officer.call('POST', `orders/${order.id}/pass`, {
      opinion: '通过',
      returned_sites: [{ isp_id: second.isp_id, opinion: '网站名称与内容不符' }],
    })
    const back = await owner.reaches(draft.id, 'bureau_returned')
    const one = await eventually('the first website has its number', async () => {
      const now = await owner.filing(draft.id)
      return now.outcomes!.find((site) => site.domain === 'kinds-four.cn' && site.number) && now
    })
    expect(one.outcomes!.map((site) => site.outcome)).toEqual(['passed', 'refused'])
    expect(one.result!.sites.map((site) => site.domain)).toEqual(['kinds-four.cn'])
    expect(back.corrections.filter((c) => c.open).map((c) => [c.field, c.message])).toEqual([['sites.s2.name', '网站名称与内容不符']])
    expect(siteOf(await registry(owner), 'kinds-four.cn').state).toBe('served')
    await expect(owner.change(draft.id, [{ path: 'sites.s1.name', to: '另一个名字' }])).rejects.toMatchObject({ status: 403 })
    await owner.change(draft.id, [{ path: 'sites.s2.name', to: '示例公司技术资料' }])
    await owner.act(draft.id, 'submit')
    await handOver(owner, staff, draft.id)
    const again = await orderOf(staff.officer, 'new_website')
    expect(again.domains).toEqual(['kinds-five.cn'])
    await staff.officer.call('POST', `orders/${again.id}/pass`, { opinion: '通过' })
    const done = await owner.reaches(draft.id, 'approved')
    expect(done.outcomes!.map((site) => site.outcome)).toEqual(['passed', 'passed'])
  }, 180_000)
})

describe('a change', () => {
  test('keeps what may not change, shows old beside new, and counts once it is passed', async () => {
    const organiser = await registry(owner)
    const site = siteOf(organiser, 'kinds-one.cn')
    const draft = await owner.call<Filing>('POST', `/registry/${organiser.id}/filings`, { kind: 'change', sites: [site.id] })
    expect(draft.problems.map((one) => one.code)).toContain('nothing_chosen')
    await expect(owner.change(draft.id, [{ path: 'sites.s1.domain', to: 'another.cn' }])).rejects.toMatchObject({ status: 422 })
    await expect(owner.change(draft.id, [{ path: 'organiser.province', to: '110000' }])).rejects.toMatchObject({ status: 422 })
    await owner.change(draft.id, [{ path: 'change.organiser', to: true }])
    expect((await owner.filing(draft.id)).problems.map((one) => one.code)).toContain('nothing_changed')
    await owner.change(draft.id, [
      { path: 'organiser.address', to: '示例路2号3幢' },
      { path: 'sites.s1.change.site', to: true },
      { path: 'sites.s1.name', to: '示例产品与介绍' },
    ])
    const needed = (await owner.filing(draft.id)).required_materials!.filter((one) => one.required).map((one) => one.purpose)
    expect(needed).toEqual(['organiser_certificate'])
    await owner.uploadAll(draft.id)
    await owner.act(draft.id, 'submit')
    const seen = await staff.reviewer.claim(draft.id)
    expect(seen.previous).toMatchObject({ organiser: { address: '示例路1号2幢301室' } })
    expect(seen.content).toMatchObject({ organiser: { address: '示例路2号3幢', name: '示例科技有限公司' } })
    // Nothing else begins meanwhile.
    const second = owner.call('POST', `/registry/${organiser.id}/filings`, { kind: 'cancel_website', sites: [site.id] })
    await expect(second).rejects.toMatchObject({ status: 409, reason: 'organiser_in_flight' })
    await handOver(owner, staff, draft.id)
    await pass('change')
    const done = await owner.reaches(draft.id, 'approved')
    expect(done.number).toBe(organiser.number)
    expect(siteOf(await registry(owner), 'kinds-one.cn')).toMatchObject({ name: '示例产品与介绍', number: site.number })
  }, 120_000)

  test('of a person alone asks for his papers, and goes with the photograph', async () => {
    const organiser = await registry(owner)
    const draft = await owner.call<Filing>('POST', `/registry/${organiser.id}/filings`, { kind: 'change', sites: [] })
    await owner.change(draft.id, [
      { path: 'change.principal', to: true },
      { path: 'principal.mobile', to: '19900007777' },
    ])
    const filing = await owner.filing(draft.id)
    expect(filing.required_materials!.filter((one) => one.required).map((one) => one.purpose)).toEqual([
      'principal_certificate_front',
      'principal_certificate_back',
    ])
    await handedOver(owner, draft.id)
    await pass('change')
    await owner.reaches(draft.id, 'approved')
  }, 120_000)
})

describe('a cancellation', () => {
  test('says what follows, then ends websites at once and frees their slots', async () => {
    const organiser = await registry(owner)
    const sites = ['kinds-four.cn', 'kinds-five.cn'].map((domain) => siteOf(organiser, domain).id)
    const before = await slots(owner)
    const told = await owner.call<{ consequences: { code: string; text: string }[] }>(
      'POST',
      `/registry/${organiser.id}/consequences`,
      { kind: 'cancel_website', sites },
    )
    expect(told.consequences.map((one) => one.code)).toEqual(['site_ends', 'slots_freed'])
    expect(told.consequences[0]!.text).toContain('kinds-four.cn, kinds-five.cn')
    const draft = await owner.call<Filing>('POST', `/registry/${organiser.id}/filings`, { kind: 'cancel_website', sites })
    await owner.change(draft.id, [{ path: 'cancel.reason', to: 3 }, { path: 'confirm.consequences', to: false }])
    const refused = await owner.act(draft.id, 'submit').catch((e: unknown) => e)
    expect((refused as { problems: { code: string }[] }).problems.map((p) => p.code)).toContain('consequences_not_agreed')
    await owner.change(draft.id, [{ path: 'confirm.consequences', to: true }])
    await owner.act(draft.id, 'submit')
    await staff.reviewer.decide(draft.id, 'pass_initial')
    await pass('cancel_website')
    await eventually('one of the two is cancelled', async () =>
      (await owner.filing(draft.id)).outcomes!.some((site) => site.outcome === 'passed'))
    await pass('cancel_website')
    const done = await owner.reaches(draft.id, 'approved')
    expect(done.events.map((event) => event.to)).not.toContain('verification')
    const after = await registry(owner)
    expect(sites.map((id) => after.sites.find((site) => site.id === id)!.state)).toEqual(['cancelled', 'cancelled'])
    expect(await slots(owner)).toBe(before - 2)
    expect(await owner.call('GET', '/domains/kinds-four.cn')).toMatchObject({ filed: false, here: false })
  }, 120_000)

  test('of the only access is refused by the bureau, in plain words', async () => {
    const organiser = await registry(owner)
    const site = siteOf(organiser, 'kinds-three.cn')
    const told = await owner.call<{ consequences: { code: string }[] }>('POST', `/registry/${organiser.id}/consequences`, {
      kind: 'cancel_access',
      sites: [site.id],
    })
    expect(told.consequences.map((one) => one.code)).toContain('last_access')
    const draft = await owner.call<Filing>('POST', `/registry/${organiser.id}/filings`, { kind: 'cancel_access', sites: [site.id] })
    await owner.change(draft.id, cancelled)
    await owner.act(draft.id, 'submit')
    await staff.reviewer.decide(draft.id, 'pass_initial')
    const back = await owner.reaches(draft.id, 'bureau_returned')
    expect(back.bureau_reasons!.length).toBeGreaterThan(0)
    await owner.act(draft.id, 'withdraw')
    expect(siteOf(await registry(owner), 'kinds-three.cn').state).toBe('served')
  }, 120_000)

  test('of the organiser ends everything, and the domains are free for a first filing', async () => {
    const organiser = await registry(owner)
    const draft = await owner.call<Filing>('POST', `/registry/${organiser.id}/filings`, { kind: 'cancel_organiser' })
    expect(draft.consequences!.map((one) => one.code)).toContain('organiser_ends')
    await owner.change(draft.id, cancelled)
    await owner.act(draft.id, 'submit')
    await staff.reviewer.decide(draft.id, 'pass_initial')
    await pass('cancel_organiser')
    await owner.reaches(draft.id, 'approved')
    const after = await registry(owner)
    expect(after).toMatchObject({ state: 'cancelled', can: [] })
    expect(new Set(after.sites.map((site) => site.state))).toEqual(new Set(['cancelled']))
    expect(await slots(owner)).toBe(0)
    expect(await owner.call('POST', '/determinations', owner.question(filed))).toMatchObject({ outcome: 'first_filing' })
    const mail = await eventually('the mail about the cancellation', async () =>
      here.mail.mails().find((one) => one.subject.includes('注销已经办好')))
    expect(mail.to).toEqual([owner.email])
  }, 120_000)
})

test('a first filing of which one website is returned sends that one again as a new website', async () => {
  const who = await somebody(here, 'partly')
  const { id } = await submitted(who, { enterprise: true, domains: ['partly-one.cn', 'partly-two.cn'], sequence: 302 })
  await handOver(who, staff, id)
  const order = await orderOf(staff.officer, 'new_filing')
  const { filing } = await staff.officer.call<{ filing: { websites: { isp_id: string; domains: { name: string }[] }[] } }>('GET', `orders/${order.id}`)
  const second = filing.websites.find((one) => JSON.stringify(one.domains).includes('partly-two.cn'))!
  await staff.officer.call('POST', `orders/${order.id}/pass`, {
    opinion: '通过',
    returned_sites: [{ isp_id: second.isp_id, opinion: '请核对网站名称' }],
  })
  await who.reaches(id, 'bureau_returned')
  await eventually('the organiser is registered', async () => (await registry(who))?.number)
  await who.change(id, [{ path: 'sites.s2.name', to: '示例公司资料' }])
  await who.act(id, 'submit')
  await handOver(who, staff, id)
  await pass('new_website')
  const done = await who.reaches(id, 'approved')
  expect(done.result!.sites.map((site) => site.number)).toEqual([`${done.number}-1`, `${done.number}-2`])
}, 180_000)

test('a draft that came to nothing is copied, one that did not is not', async () => {
  const who = await somebody(here, 'copier')
  const c = { enterprise: true, domains: ['copied.cn'], sequence: 303 }
  const draft = await who.draft(c)
  await expect(who.call('POST', `/filings/${draft.id}/copy`)).rejects.toMatchObject({ status: 409, reason: 'copy_not_offered' })
  await who.act(draft.id, 'withdraw')
  expect((await who.filing(draft.id)).can_copy).toBe(true)
  const copy = await who.call<Filing>('POST', `/filings/${draft.id}/copy`)
  expect(copy).toMatchObject({ state: 'draft', kind: 'first_filing', domains: ['copied.cn'] })
  expect(copy.content).toMatchObject({ organiser: { name: '示例科技有限公司' } })
  await expect(who.call('POST', `/filings/${draft.id}/copy`)).rejects.toMatchObject({ reason: 'organiser_in_flight' })
})
