// The provider's products: imported by the operator, checked for a website, handed on by code, given
// back.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answers, Applicant, type Case, type Filing, Refused } from '../support/people.ts'
import { Platform } from '../support/platform.ts'

interface Product {
  id: string
  instance: string
  kind: string
  ips: string[]
  host_name: string | null
  term_until: string
  slots: number
  slots_used: number
  codes: { masked: string; state: string }[]
}
interface Checked {
  product?: Product
  problems: { code: string; message: string; fix: string; params: Record<string, string> }[]
}

let platform: Platform
let owner: Applicant
let guest: Applicant
const folder = mkdtempSync(join(tmpdir(), 'beian-csv-'))
const header = 'instance,kind,ips,host_name,region,term_from,term_until,slots,owner_email'
const day = (months: number) => new Date(Date.now() + months * 30.5 * 86_400_000).toISOString().slice(0, 10)
const rows = [
  `vm-one,server,198.19.7.1;2001:db8::7,,华东 1,${day(-1)},${day(11)},2,owner@applicant.example`,
  `vm-short,server,198.19.7.2,,华东 1,${day(0)},${day(2)},1,owner@applicant.example`,
  `vm-over,server,198.19.7.3,,华东 1,${day(-14)},${day(-1)},1,owner@applicant.example`,
  `web-one,virtual_host,,Host-One.platform.example,华南 1,${day(-1)},${day(23)},1,Owner@Applicant.example`,
  `vm-future,server,198.19.7.4,,华北 2,${day(-1)},${day(11)},1,later@applicant.example`,
]

let files = 0
function importing(lines: string[]) {
  const file = join(folder, `products-${++files}.csv`)
  writeFileSync(file, lines.join('\n'))
  return platform.command(['import-products', '--config', platform.config, file])
}
const products = (who: Applicant) => who.call<{ products: Product[] }>('GET', '/products').then((r) => r.products)
const product = async (who: Applicant, instance: string) => (await products(who)).find((p) => p.instance === instance)!
const check = (who: Applicant, question: object) => who.call<Checked>('POST', '/products/check', question)

beforeAll(async () => {
  platform = await Platform.start()
  owner = new Applicant(platform)
  await owner.register('owner@applicant.example')
  guest = new Applicant(platform)
  await guest.register('guest@applicant.example')
  const done = await importing([header, ...rows, ''])
  expect(done).toMatchObject({ status: 0, said: expect.stringContaining('5 products imported') })
}, 120_000)
afterAll(async () => platform?.stop())

describe('the import', () => {
  test('gives everybody his own, those without an account too, once they have one', async () => {
    const mine = (await products(owner)).filter((p) => !p.instance.startsWith('demo-'))
    expect(mine.map((p) => p.instance).sort()).toEqual(['vm-one', 'vm-over', 'vm-short', 'web-one'])
    expect(mine.find((p) => p.instance === 'vm-one')).toMatchObject({
      kind: 'server', ips: expect.arrayContaining(['198.19.7.1', '2001:db8::7']), slots: 2, slots_used: 0, codes: [],
    })
    const later = new Applicant(platform)
    await later.register('Later@applicant.example')
    expect((await products(later)).map((p) => p.instance)).toContain('vm-future')
    expect((await products(guest)).map((p) => p.instance).filter((i) => !i.startsWith('demo-'))).toEqual([])
  })

  test('again changes what changed and doubles nothing, with BOM and CRLF as spreadsheets write', async () => {
    const done = await importing([`\uFEFF${header}\r`, `${rows[0]!.replace('华东 1', '华东 9')}\r`])
    expect(done.status).toBe(0)
    const all = (await products(owner)).filter((p) => p.instance === 'vm-one')
    expect(all).toHaveLength(1)
    expect((all[0] as unknown as { region: string }).region).toBe('华东 9')
  })

  test.each([
    ['an unknown kind', 'x1,balloon,198.19.8.1,,r,2026-01-01,2027-01-01,1,a@b.example', 'kind'],
    ['a server without address', 'x2,server,,,r,2026-01-01,2027-01-01,1,a@b.example', 'ips'],
    ['an address that is none', 'x3,server,198.19.8.256,,r,2026-01-01,2027-01-01,1,a@b.example', 'ips'],
    ['a host without name', 'x4,virtual_host,,,r,2026-01-01,2027-01-01,1,a@b.example', 'host_name'],
    ['a day that is none', 'x5,server,198.19.8.1,,r,2026-02-30,2027-01-01,1,a@b.example', 'term_from'],
    ['a number that is none', 'x6,server,198.19.8.1,,r,2026-01-01,2027-01-01,many,a@b.example', 'slots'],
    ['no owner', 'x7,server,198.19.8.1,,r,2026-01-01,2027-01-01,1,', 'owner_email'],
    ['a column too few', 'x8,server,198.19.8.1,,r,2026-01-01,2027-01-01,1', '9 columns'],
  ])('%s: nothing is imported, line and column are named', async (_what, row, named) => {
    const good = `fine-${files},server,198.19.9.9,,r,2026-01-01,2027-01-01,1,owner@applicant.example`
    const done = await importing([header, good, row])
    expect(done.status).not.toBe(0)
    expect(done.said).toContain('line 3')
    expect(done.said).toContain(named)
    expect((await products(owner)).map((p) => p.instance)).not.toContain(good.split(',')[0])
  })
})

describe('the check', () => {
  test.each([
    ['by address', { ip: '198.19.7.1' }],
    ['by the same IPv6 address written out', { ip: '2001:0db8:0:0:0:0:0:7' }],
  ])('%s finds the product and nothing against it', async (_what, question) => {
    expect(await check(owner, question)).toMatchObject({ product: { instance: 'vm-one' }, problems: [] })
  })

  test('by host name, in any case', async () => {
    expect(await check(owner, { host_name: 'HOST-ONE.platform.example' })).toMatchObject({ product: { instance: 'web-one' }, problems: [] })
  })

  test.each([
    ['a term under three months', { ip: '198.19.7.2' }, 'product_term_short'],
    ['a term that is over', { ip: '198.19.7.3' }, 'product_expired'],
    ['an address that is nobody’s', { ip: '203.0.113.200' }, 'product_unknown'],
    ['a host that is nobody’s', { host_name: 'no.such.example' }, 'product_unknown'],
    ['a code that is none', { code: 'AAAABBBBCCCCDDDD' }, 'code_unknown'],
  ])('%s is said with reason and way out', async (_what, question, code) => {
    const { problems } = await check(owner, question)
    expect(problems.map((p) => p.code)).toEqual([code])
    expect(problems[0]!.message).not.toContain('{{')
    expect(problems[0]!.fix).not.toBe('')
  })

  test('somebody else’s product is as unknown as none', async () => {
    const [theirs, none] = [await check(guest, { ip: '198.19.7.1' }), await check(guest, { ip: '203.0.113.200' })]
    expect(theirs.problems).toEqual(none.problems)
    expect(theirs.product).toEqual(none.product)
  })

  test.each([[{}], [{ ip: '198.19.7.1', code: 'X' }]])('a question that is not exactly one is refused: %o', async (question) => {
    await expect(check(owner, question)).rejects.toMatchObject({ status: 422, reason: 'product_question' })
  })
})

async function draftOn(who: Applicant, c: Case, access: { path: string; to: unknown }[]): Promise<Filing> {
  const filing = await who.call<Filing>('POST', '/filings', who.question(c))
  const kept = answers(c, '198.19.7.1', '0').filter((x) => !/access\.(product|ips)$/.test(x.path))
  await who.change(filing.id, [...kept, ...access])
  await who.uploadAll(filing.id)
  return who.filing(filing.id)
}

describe('slots', () => {
  test('are taken by submitting, refused when gone, and come back', async () => {
    const { id: vm } = await product(owner, 'vm-one')
    const on = (n: number) =>
      draftOn(owner, { enterprise: true, domains: [`slot-${n}.cn`], sequence: 300 + n }, [
        { path: 'sites.s1.access.product', to: vm },
        { path: 'sites.s1.access.ips', to: ['198.19.7.1'] },
      ])
    const [one, two, three] = [await on(1), await on(2), await on(3)]
    // A draft takes nothing.
    expect((await product(owner, 'vm-one')).slots_used).toBe(0)
    await owner.act(one!.id, 'submit')
    await owner.act(two!.id, 'submit')
    expect((await product(owner, 'vm-one')).slots_used).toBe(2)
    const refused = (await owner.act(three!.id, 'submit').catch((e: unknown) => e)) as Refused
    expect(refused.problems.filter((p) => p.hard).map((p) => [p.field, p.code])).toEqual([['sites.s1.access.product', 'product_slots']])
    await owner.act(one!.id, 'withdraw')
    expect((await owner.act(three!.id, 'submit')).state).toBe('initial_review')
    expect((await product(owner, 'vm-one')).slots_used).toBe(2)
    await owner.act(two!.id, 'withdraw')
    await owner.act(three!.id, 'withdraw')
    expect((await product(owner, 'vm-one')).slots_used).toBe(0)
  }, 120_000)

  test('the last one goes to one of two who submit at once', async () => {
    const { id: vm } = await product(owner, 'vm-one')
    const done = await importing([header, rows[0]!.replace(',2,owner', ',1,owner')])
    expect(done.status).toBe(0)
    const drafts = []
    for (const n of [4, 5])
      drafts.push(
        await draftOn(owner, { enterprise: true, domains: [`slot-${n}.cn`], sequence: 300 + n }, [
          { path: 'sites.s1.access.product', to: vm },
          { path: 'sites.s1.access.ips', to: ['198.19.7.1'] },
        ]),
      )
    const ends = await Promise.allSettled(drafts.map((d) => owner.act(d.id, 'submit')))
    expect(ends.map((e) => e.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await product(owner, 'vm-one')).toMatchObject({ slots: 1, slots_used: 1 })
    for (const [i, end] of ends.entries()) if (end.status === 'fulfilled') await owner.act(drafts[i]!.id, 'withdraw')
    await importing([header, rows[0]!])
  }, 120_000)

  test('an address of another machine is named at its field', async () => {
    const { id: vm } = await product(owner, 'vm-one')
    const draft = await draftOn(owner, { enterprise: true, domains: ['slot-9.cn'], sequence: 309 }, [
      { path: 'sites.s1.access.product', to: vm },
      { path: 'sites.s1.access.ips', to: ['198.19.7.1', '203.0.113.9'] },
    ])
    const wrong = draft.problems.filter((p) => p.hard)
    expect(wrong.map((p) => [p.field, p.code])).toEqual([['sites.s1.access.ips', 'product_ip']])
    expect(wrong[0]!.message).toContain('203.0.113.9')
  })
})

describe('a service code', () => {
  const c: Case = { enterprise: true, domains: ['by-code.cn'], sequence: 320 }

  test('lets another account use one slot, once, and comes back when that is given up', async () => {
    const { id: vm } = await product(owner, 'vm-one')
    const { code } = await owner.call<{ code: string }>('POST', `/products/${vm}/codes`, { for_email: 'Guest@applicant.example' })
    expect(code).toMatch(/^[A-Z2-9]{16}$/)
    const listed = (await product(owner, 'vm-one')).codes
    expect(listed).toEqual([{ masked: `${code.slice(0, 4)}****${code.slice(-2)}`, state: 'unspent' }])
    expect(JSON.stringify(listed)).not.toContain(code)

    expect((await check(guest, { code })).problems).toEqual([])
    // It is meant for one account only.
    const other = new Applicant(platform)
    await other.register('code-thief@applicant.example')
    for (const who of [other, owner]) expect((await check(who, { code })).problems.map((p) => p.code)).toEqual(['code_unknown'])

    const use = (who: Applicant, which: Case) =>
      draftOn(who, which, [
        { path: 'sites.s1.access.code', to: code },
        { path: 'sites.s1.access.ips', to: ['198.19.7.1'] },
      ])
    const stolen = await use(other, { ...c, domains: ['by-thief.cn'], sequence: 321 })
    expect(stolen.problems.filter((p) => p.hard).map((p) => [p.field, p.code])).toEqual([['sites.s1.access.code', 'code_unknown']])

    const draft = await use(guest, c)
    expect(draft.problems.filter((p) => p.hard)).toEqual([])
    await guest.act(draft.id, 'submit')
    expect(await product(owner, 'vm-one')).toMatchObject({ slots_used: 1, codes: [{ state: 'spent' }] })
    const again = await use(guest, { ...c, domains: ['by-code-again.cn'], sequence: 322 })
    expect(again.problems.filter((p) => p.hard).map((p) => [p.field, p.code])).toEqual([['sites.s1.access.code', 'code_spent']])

    await guest.act(draft.id, 'withdraw')
    expect(await product(owner, 'vm-one')).toMatchObject({ slots_used: 0, codes: [{ state: 'unspent' }] })
    // What is shown may be a minute old where only a product changed; saving anything asks anew.
    await guest.change(again.id, [{ path: 'sites.s1.remark', to: '个人读书笔记' }])
    expect((await guest.filing(again.id)).problems.filter((p) => p.hard)).toEqual([])
    expect((await guest.act(again.id, 'submit')).state).toBe('initial_review')
  }, 120_000)

  test('no more codes than free slots, and only with an address', async () => {
    const { id: vm } = await product(owner, 'vm-one')
    await expect(owner.call('POST', `/products/${vm}/codes`, { for_email: 'nobody' })).rejects.toMatchObject({ status: 422 })
    await owner.call('POST', `/products/${vm}/codes`, { for_email: 'guest@applicant.example' })
    await expect(owner.call('POST', `/products/${vm}/codes`, { for_email: 'guest@applicant.example' })).rejects.toMatchObject({
      status: 409,
      reason: 'product_full',
    })
  })
})
