// The provider's products: imported by the operator, checked for a website, handed on by code, given
// back.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answers, Applicant, type Case, type Filing, Refused, type Schemas, Staff } from '../support/people.ts'
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
    ['a column too few', 'x8,server,198.19.8.1,,r,2026-01-01,2027-01-01,1', 'owner_email'],
    ['a column too many', 'x9,server,198.19.8.1,,r,2026-01-01,2027-01-01,1,a@b.example,more', 'product_columns'],
    ['an address of another server', 'x10,server,198.19.7.1,,r,2026-01-01,2027-01-01,1,a@b.example', 'product_ip_taken'],
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

describe('on the desk', () => {
  type Sold = Schemas['SoldProductInFull']
  let admin: Staff
  let auditor: Staff
  beforeAll(async () => {
    admin = await Staff.logIn(platform, 'admin')
    auditor = await Staff.logIn(platform, 'audit')
  })
  const wish = (more: object = {}) => ({
    instance: 'desk-one', kind: 'server', ips: ['198.19.20.1', '2001:DB8::20'], host_name: '', region: '华北 1',
    term_from: day(-1), term_until: day(11), slots: 2, owner_email: 'Desk-Owner@applicant.example', ...more,
  })
  const list = (query: string, who = admin) =>
    who.call<{ products: Sold[]; counts: Record<string, number>; next: string | null }>('GET', `/desk/products?${query}`)
  const open = (id: string) => admin.call<Sold>('GET', `/desk/products/${id}`)
  const faults = async (call: Promise<unknown>) => {
    const refused = (await call.catch((e: unknown) => e)) as Refused
    expect(refused).toBeInstanceOf(Refused)
    return refused.problems.map((p) => `${p.field}:${p.code}`).sort()
  }
  let made: Sold

  test('one is added, found by whatever is known of it, and is the customer’s', async () => {
    made = await admin.call<Sold>('POST', '/desk/products', wish())
    expect(made).toMatchObject({ instance: 'desk-one', slots_used: 0, owner_email: 'Desk-Owner@applicant.example', ended_at: null })
    expect(made.history).toMatchObject([{ act: 'added', by_name: '系统管理员戊', changes: { slots: [null, 2] } }])
    for (const q of ['desk-on', 'DESK-ONE', '198.19.20.1', '2001:db8:0:0::20', 'desk-owner@applicant.example', '华北 1'])
      expect([q, (await list(`q=${encodeURIComponent(q)}`)).products.map((p) => p.instance)]).toEqual([q, expect.arrayContaining(['desk-one'])])
    for (const q of ['198.19.20.11', 'desk-owner', '%', 'desk_one'])
      expect([q, (await list(`q=${encodeURIComponent(q)}`)).products]).toEqual([q, []])
    const mine = new Applicant(platform)
    await mine.register('desk-owner@applicant.example')
    expect((await products(mine)).map((p) => p.instance)).toContain('desk-one')
  })

  test('the list masks whose it is; opening one is a look that is written down', async () => {
    const row = (await list('q=desk-one')).products[0]!
    expect(JSON.stringify(row)).not.toContain('Desk-Owner')
    expect(row.owner).toMatch(/^D\*+@applicant.example$/)
    await open(made.id)
    const { entries } = await auditor.call<{ entries: { subject: string }[] }>('GET', '/desk/audit?act=look.product')
    expect(entries.map((e) => e.subject)).toContain(`product/${made.id}`)
  })

  test('everything that is wrong is said at once, at its field', async () => {
    expect(
      await faults(admin.call('POST', '/desk/products', {
        instance: ' ', kind: 'balloon', ips: ['1.2.3'], term_from: '2026-02-30', term_until: 'soon', slots: 0, owner_email: 'nobody',
      })),
    ).toEqual(['instance:required', 'ips:ip_syntax', 'kind:product_kind_unknown', 'owner_email:email_invalid', 'slots:setting_range', 'term_from:date_invalid', 'term_until:date_invalid'])
    expect(await faults(admin.call('POST', '/desk/products', wish({ ips: ['198.19.20.1'] })))).toEqual(['instance:product_instance_taken', 'ips:product_ip_taken'])
    expect(await faults(admin.call('POST', '/desk/products', wish({ instance: 'h', kind: 'virtual_host', host_name: 'host-one.platform.example' })))).toEqual(['host_name:product_host_taken'])
  })

  test('a change keeps who, when and what; a stale one is refused', async () => {
    const change = (more: object, version: number) => admin.call<Sold>('PUT', `/desk/products/${made.id}`, { ...wish(more), version, note: '扩容' })
    const after = await change({ slots: 5, owner_email: 'next-owner@applicant.example' }, made.version)
    expect(after.history[0]).toMatchObject({ act: 'changed', note: '扩容', changes: { slots: [2, 5], owner: ['D***@applicant.example', 'n***@applicant.example'] } })
    expect(Object.keys(after.history[0]!.changes)).toHaveLength(2)
    await expect(change({ slots: 6 }, made.version)).rejects.toMatchObject({ status: 409, reason: 'product_changed_meanwhile' })
    await expect(change({ slots: 5, owner_email: 'next-owner@applicant.example' }, after.version)).rejects.toMatchObject({ reason: 'product_same' })
    made = after
  })

  test('slots that filings hold cannot be taken away, and an end leaves them where they are', async () => {
    const { id: vm } = await product(owner, 'vm-one')
    await importing([header, rows[0]!.replace(',2,owner', ',5,owner')])
    const draft = await draftOn(owner, { enterprise: true, domains: ['desk-slot.cn'], sequence: 340 }, [
      { path: 'sites.s1.access.product', to: vm },
      { path: 'sites.s1.access.ips', to: ['198.19.7.1'] },
    ])
    await owner.act(draft.id, 'submit')
    const one = await open(vm)
    expect(one.sites[0]).toMatchObject({ filing_id: draft.id, domain: 'desk-slot.cn' })
    expect(one.sites).toHaveLength(one.slots_used)
    const as_it_is = { ...one, host_name: '', owner_email: 'owner@applicant.example' }
    expect(await faults(admin.call('PUT', `/desk/products/${vm}`, { ...as_it_is, slots: 0 }))).toContain('slots:product_slots_in_use')

    const before = (await list('state=ended')).counts.ended!
    const ended = await admin.call<Sold>('POST', `/desk/products/${vm}/end`, { version: one.version, note: '退租' })
    expect(ended).toMatchObject({ slots_used: one.slots_used, ended_at: expect.any(Number) })
    expect((await list('state=ended')).counts.ended).toBe(before + 1)
    expect((await products(owner)).map((p) => p.instance)).not.toContain('vm-one')
    expect((await check(owner, { ip: '198.19.7.1' })).problems.map((p) => p.code)).toEqual(['product_unknown'])
    await expect(admin.call('POST', `/desk/products/${vm}/end`, { version: ended.version })).rejects.toMatchObject({ reason: 'product_ended_before' })

    // Its address may be sold again; a change sells itself again, unless somebody has the address now.
    const next = await admin.call<Sold>('POST', '/desk/products', wish({ instance: 'desk-two', ips: ['198.19.7.1'] }))
    expect(await faults(admin.call('PUT', `/desk/products/${vm}`, { ...as_it_is, version: ended.version }))).toEqual(['ips:product_ip_taken'])
    await admin.call('POST', `/desk/products/${next.id}/end`, { version: next.version })
    const again = await admin.call<Sold>('PUT', `/desk/products/${vm}`, { ...as_it_is, version: ended.version })
    expect(again).toMatchObject({ ended_at: null, history: expect.anything() })
    expect(again.history.slice(0, 2)).toMatchObject([{ act: 'opened' }, { act: 'ended', note: '退租' }])
    await owner.act(draft.id, 'withdraw')
  }, 120_000)

  test('a table is taken whole or not at all, and again changes nothing', async () => {
    const send = (lines: string[]) => {
      const form = new FormData()
      form.set('file', new Blob([lines.join('\r\n')]), 'products.csv')
      return admin.call<{ added: number; changed: number; same: number }>('POST', '/desk/products/import', form)
    }
    const row = (instance: string, ip: string) => `${instance},server,${ip},,r,${day(-1)},${day(11)},1,"table@applicant.example"`
    expect(await faults(send([header, row('t-1', '198.19.30.1'), row('t-1', 'x')]))).toEqual(['3.instance:product_instance_twice', '3.ips:ip_syntax'])
    expect((await list('q=t-1')).products).toEqual([])
    expect(await send([header, row('t-1', '198.19.30.1'), row('t-2', '198.19.30.2')])).toEqual({ added: 2, changed: 0, same: 0 })
    expect(await send([header, row('t-1', '198.19.30.1'), row('t-2', '198.19.30.3')])).toEqual({ added: 0, changed: 1, same: 1 })
  })

  test('pages by instance hold everything once', async () => {
    const lines = Array.from({ length: 120 }, (_, i) => `many-${String(i).padStart(3, '0')},server,198.19.40.${i + 1},,r,${day(-1)},${day(11)},1,many@applicant.example`)
    expect((await importing([header, ...lines])).status).toBe(0)
    const seen: string[] = []
    for (let after: string | null = ''; after !== null; ) {
      const page: { products: Sold[]; next: string | null } = await list(`q=many-&after=${after}`)
      seen.push(...page.products.map((p) => p.instance))
      after = page.next
    }
    expect(seen).toEqual(lines.map((line) => line.split(',')[0]))
  })
})
