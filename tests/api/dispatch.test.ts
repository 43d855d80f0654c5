// The post room: labels, numbers by hand and by table, parcels that came back, and the stock.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Applicant, Refused, Staff } from '../support/people.ts'
import { eventually, Platform, run } from '../support/platform.ts'

interface Order {
  id: string
  filing_id: string
  state: string
  recipient: string
  phone: string
  address: string
  masked: boolean
  needed: boolean
  printed_at: number | null
  again_of: string | null
  tracking_number: string | null
  end_reason: string
}
interface Stock {
  kinds: { kind: string; n: number | null; is_low: boolean }[]
  moves: { reason: string; delta: number; n: number; order: string | null }[]
}

let platform: Platform
let dispatch: Staff
let reviewer: Staff
const owners: Applicant[] = []
const filings: string[] = []
const orders: string[] = []
const secret = ['测试收件甲', '19900005678', '示例路77号']
const address = { recipient: secret[0], phone: secret[1], province: '330000', city: '330100', county: '330106', address: secret[2] }

const list = async (query: string) => (await dispatch.call<{ backdrops: Order[] }>('GET', `/desk/backdrops?${query}`)).backdrops
const found = async (id: string) => (await list(`q=${id}`)).find((one) => one.id === id)!
const posted = (id: string, tracking_number: string, carrier = '顺丰速运') =>
  dispatch.call<Order>('POST', `/desk/backdrops/${id}/posted`, { carrier, tracking_number })
const stock = () => dispatch.call<Stock>('GET', '/desk/dispatch/stock')
const refusal = async (work: Promise<unknown>) => (await work.catch((e: unknown) => e)) as Refused

async function newOrder(i: number): Promise<string> {
  return (await owners[i]!.call<{ id: string }>('POST', `/filings/${filings[i]}/backdrop`, address)).id
}

beforeAll(async () => {
  platform = await Platform.start()
  dispatch = await Staff.logIn(platform, 'dispatch')
  reviewer = await Staff.logIn(platform, 'reviewer')
  for (let i = 0; i < 4; ++i) {
    const owner = new Applicant(platform)
    await owner.register(`post${i}@applicant.example`)
    const { id } = await owner.draft({ enterprise: true, domains: [`post-${i}.cn`], sequence: 31 + i })
    await owner.uploadAll(id)
    await owner.act(id, 'submit')
    await reviewer.decide(id, 'pass_initial')
    owners.push(owner)
    filings.push(id)
    orders.push(await newOrder(i))
  }
}, 240_000)
afterAll(async () => platform?.stop())

describe('an address', () => {
  test('is masked in lists, shown on request, and every look is written down', async () => {
    const all = await list('state=requested')
    expect(all.map((one) => one.id)).toEqual(orders)
    for (const word of secret) expect(JSON.stringify(all)).not.toContain(word)
    expect(all[0]).toMatchObject({ masked: true, phone: '199****5678', address: '浙江省杭州市****' })
    const clear = await dispatch.call<Order>('POST', `/desk/backdrops/${orders[0]}/reveal`)
    expect(clear).toMatchObject({ masked: false, recipient: secret[0], phone: secret[1], address: `浙江省杭州市西湖区${secret[2]}` })
    expect((await refusal(reviewer.call('POST', `/desk/backdrops/${orders[0]}/reveal`))).status).toBe(403)
    const audit = await Staff.logIn(platform, 'audit')
    const { entries } = await audit.call<{ entries: { act: string; subject: string; detail: { backdrop?: string } }[] }>('GET', '/desk/audit?act=look.address')
    expect(entries.map((e) => [e.act, e.subject, e.detail.backdrop])).toEqual([['look.address', `filing/${filings[0]}`, orders[0]]])
    expect(JSON.stringify(entries)).not.toContain(secret[1])
  })
})

describe('labels', () => {
  const print = (body: object, who = dispatch) => who.raw('POST', '/desk/dispatch/labels', body)
  test('are a PDF with the whole address and the order under its bars; the order remembers', async () => {
    const answer = await print({ orders: [orders[1], orders[0]], format: 'a4_2x7', start: 14 })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/pdf'])
    // Said twice, a browser refuses the file.
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="labels.pdf"')
    const file = join(platform.folder, 'labels.pdf')
    writeFileSync(file, Buffer.from(await answer.arrayBuffer()))
    const text = (await run('pdftotext', [file, '-'])).said.replace(/\s/g, '')
    for (const word of [...secret, ...orders.slice(0, 2)]) expect(text).toContain(word)
    expect(text.indexOf(orders[1]!)).toBeLessThan(text.indexOf(orders[0]!))
    expect((await run('pdfinfo', [file])).said).toMatch(/Pages:\s+2/)
    expect((await found(orders[0]!)).printed_at).toBeGreaterThan(0)
    expect((await found(orders[2]!)).printed_at).toBeNull()
    const again = await print({ orders: [orders[0]], format: 'roll_100x150' })
    expect(again.status).toBe(200)
  })
  test.each([
    [{ orders: [], format: 'a4_2x7' }, 422, 'labels_none'],
    [{ format: 'a4_2x7' }, 422, 'labels_none'],
    [{ orders: ['1'], format: 'a4_2x7' }, 404, undefined],
    [{ orders: ['x'], format: 'a4_2x7' }, 404, undefined],
    [{ orders: Array(201).fill('1'), format: 'a4_2x7' }, 422, 'labels_too_many'],
    [{ orders: ['1'], format: 'a5' }, 422, 'label_format_unknown'],
    [{ orders: ['1'], format: 'a4_2x7', start: 15 }, 422, 'label_start_invalid'],
    [{ orders: ['1'], format: 'a4_2x7', start: 0 }, 422, 'label_start_invalid'],
  ])('%# of nonsense are refused', async (body, status, code) => {
    const answer = await print(body)
    expect(answer.status).toBe(status)
    expect(((await answer.json()) as { problems: { code: string }[] }).problems[0]?.code).toBe(code)
  })
  test('are for the post room alone', async () => {
    expect((await print({ orders: [orders[0]], format: 'a4_2x7' }, reviewer)).status).toBe(403)
  })
})

describe('stock', () => {
  test('is kept from the first count on, and says when it is low', async () => {
    expect((await stock()).kinds).toMatchObject([{ kind: 'standard', n: null, is_low: false }])
    const change = (reason: string, n: number) => dispatch.call<Stock>('POST', '/desk/dispatch/stock', { kind: 'standard', reason, n, note: '第一批' })
    expect(await refusal(change('received', 50))).toMatchObject({ status: 409, reason: 'stock_not_counted' })
    await change('counted', 5)
    expect((await change('received', 17)).kinds[0]).toMatchObject({ n: 22, is_low: false })
    expect((await change('lost', 3)).kinds[0]).toMatchObject({ n: 19, is_low: true })
    for (const [reason, n] of [['lost', 0], ['received', -1], ['counted', -1], ['given', 1]] as const)
      expect((await refusal(change(reason, n))).status).toBe(422)
    expect((await refusal(reviewer.call('POST', '/desk/dispatch/stock', { kind: 'standard', reason: 'lost', n: 1 }))).status).toBe(403)
    expect((await stock()).moves.map((m) => [m.reason, m.delta, m.n])).toEqual([['lost', -3, 19], ['received', 17, 22], ['counted', 5, 5]])
  })
})

describe('posting', () => {
  test('is done once for an order and once with a number, however many try at once', async () => {
    const ends = await Promise.allSettled(['SF90001', 'SF90002', 'SF90003', 'SF90004'].map((number) => posted(orders[0]!, number)))
    expect(ends.filter((e) => e.status === 'fulfilled')).toHaveLength(1)
    for (const lost of ends.filter((e) => e.status === 'rejected'))
      expect((lost as PromiseRejectedResult).reason).toMatchObject({ status: 409, reason: 'backdrop_posted_before' })
    const number = (await found(orders[0]!)).tracking_number!
    const twice = await refusal(posted(orders[1]!, number))
    expect(twice).toMatchObject({ status: 409, reason: 'tracking_used' })
    expect(twice.title).toContain(orders[0])
    expect((await found(orders[1]!)).state).toBe('requested')
    expect((await stock()).moves[0]).toMatchObject({ reason: 'posted', delta: -1, n: 18, order: orders[0] })
    expect((await list(`q=${number}`)).map((o) => o.id)).toEqual([orders[0]])
    const mails = platform.mail.mails().filter((m) => m.subject.includes('幕布已寄出') && m.subject.includes('post-0'))
    await eventually('one mail', async () => platform.mail.mails().filter((m) => m.subject.includes('幕布已寄出') && m.subject.includes('post-0')).length === 1)
    expect(mails.length).toBeLessThanOrEqual(1)
  })

  test('by a carrier’s table says for every row what became of it, and does nothing twice', async () => {
    const upload = (text: string | Uint8Array) => {
      const form = new FormData()
      form.append('file', new Blob([text as BlobPart]), 'numbers.csv')
      return dispatch.call<{ posted: number; done: number; failed: number; rows: { line: number; message: string }[] }>('POST', '/desk/dispatch/tracking', form)
    }
    const number = (await found(orders[0]!)).tracking_number
    const table = [
      '备注,快递公司,订单号,运单号',
      `"一,二",中通快递,${orders[1]},ZT70001`,
      `,中通快递,'${orders[0]},${number}`,
      `,中通快递,${orders[2]},ZT70001`,
      `,,${orders[2]},ZT70002`,
      ',中通快递,915000000000000000,ZT70003',
      ',中通快递,9.15E+17,ZT70004',
      `,中通快递,${orders[0]},ZT70005`,
      '',
    ].join('\r\n')
    const first = await upload(`\uFEFF${table}`)
    expect([first.posted, first.done, first.failed]).toEqual([1, 1, 5])
    expect(first.rows.map((r) => r.line)).toEqual([4, 5, 6, 7, 8])
    for (const row of first.rows) expect(row.message).toMatch(/[\u4e00-\u9fff]/)
    expect(first.rows[0]!.message).toContain('ZT70001')
    const second = await upload(table)
    expect([second.posted, second.done, second.failed]).toEqual([0, 2, 5])
    expect(await refusal(upload('a,b\n1,2'))).toMatchObject({ status: 422, reason: 'tracking_table_invalid' })
    expect((await refusal(upload(''))).status).toBe(422)
    expect((await refusal(upload(new Uint8Array([0xff, 0xfe, 0x00, 0x41])))).status).toBe(422)
  })
})

describe('a parcel that came back', () => {
  test('is recorded with why, the applicant is told, and it goes out once more', async () => {
    const id = orders[1]!
    const back = (body: object) => dispatch.call('POST', `/desk/backdrops/${id}/returned`, body)
    expect((await refusal(back({ reason: 'no idea' }))).status).toBe(422)
    expect(await refusal(dispatch.call('POST', `/desk/backdrops/${id}/again`, {}))).toMatchObject({ status: 409, reason: 'backdrop_not_returned' })
    const before = (await stock()).kinds[0]!.n!
    await back({ reason: 'address_wrong', restock: true })
    expect(await refusal(back({ reason: 'address_wrong' }))).toMatchObject({ status: 409, reason: 'backdrop_not_posted' })
    expect((await stock()).kinds[0]!.n).toBe(before + 1)
    expect(await found(id)).toMatchObject({ state: 'returned', end_reason: 'address_wrong' })
    const mail = await eventually('the mail', async () => platform.mail.mails().find((m) => m.subject.includes('幕布被退回') && m.subject.includes('post-1')))
    expect(mail.text).toContain('地址有误或不全')
    expect(mail.text).toContain('ZT70001')
    await eventually('the message', async () => platform.sms.received.some((m) => m.text.includes('幕布被退回')))
    expect((await owners[1]!.filing(filings[1]!)).backdrop).toMatchObject({ state: 'returned', end_reason: 'address_wrong' })

    const wrong = await refusal(dispatch.call('POST', `/desk/backdrops/${id}/again`, { address: { ...address, phone: '1', city: '', county: '' } }))
    expect(wrong.problems.map((p) => p.field)).toEqual(expect.arrayContaining(['phone', 'city']))
    const next = await dispatch.call<Order>('POST', `/desk/backdrops/${id}/again`, { address: { ...address, address: '更正路8号' } })
    expect(next).toMatchObject({ state: 'requested', again_of: id })
    expect(await refusal(dispatch.call('POST', `/desk/backdrops/${id}/again`, {}))).toMatchObject({ reason: 'backdrop_ordered' })
    const clear = await dispatch.call<Order>('POST', `/desk/backdrops/${next.id}/reveal`)
    expect(clear.address).toBe('浙江省杭州市西湖区更正路8号')
    await posted(next.id, 'SF90009')
    await dispatch.call('POST', `/desk/backdrops/${next.id}/delivered`)
    expect((await owners[1]!.filing(filings[1]!)).backdrop).toMatchObject({ state: 'delivered' })
  })

  test('can be asked for again by its applicant', async () => {
    const id = orders[2]!
    await posted(id, 'SF90010')
    await dispatch.call('POST', `/desk/backdrops/${id}/returned`, { reason: 'not_reached' })
    const next = await newOrder(2)
    expect(await found(next)).toMatchObject({ state: 'requested', again_of: id })
  })
})

describe('what was typed wrongly', () => {
  const put = (id: string, what: string, body: object, who = dispatch) => who.call<Order>('PUT', `/desk/backdrops/${id}/${what}`, body)
  const mails = (subject: string, i: number) => platform.mail.mails().filter((m) => m.subject.includes(subject) && m.subject.includes(`post-${i}.`))
  let id: string

  test('an address is put right until the parcel is on its way, and its label wants printing again', async () => {
    id = (await list('state=requested')).find((one) => one.again_of === orders[2])!.id
    await dispatch.raw('POST', '/desk/dispatch/labels', { orders: [id], format: 'a4_2x7' })
    expect((await found(id)).printed_at).toBeGreaterThan(0)
    const right = { ...address, recipient: '测试收件乙', address: '更正路9号' }
    expect((await refusal(put(id, 'address', { ...right, phone: '1', county: '' }))).problems.map((p) => p.field)).toEqual(expect.arrayContaining(['phone']))
    expect((await refusal(put(id, 'address', right, reviewer))).status).toBe(403)
    expect(await put(id, 'address', right)).toMatchObject({ printed_at: null, state: 'requested', masked: true })
    const clear = await dispatch.call<Order & { place: object }>('POST', `/desk/backdrops/${id}/reveal`)
    expect(clear).toMatchObject({ recipient: '测试收件乙', address: '浙江省杭州市西湖区更正路9号', place: { county: '330106', address: '更正路9号' } })
    await posted(id, 'SF91001')
    expect(await refusal(put(id, 'address', right))).toMatchObject({ status: 409, reason: 'backdrop_posted_before' })
  })

  test('a number is put right, the applicant is told, and the wrong one is free for its own order', async () => {
    const other = orders[3]!
    expect(await refusal(put(other, 'tracking', { carrier: '顺丰速运', tracking_number: 'SF91002' }))).toMatchObject({ reason: 'backdrop_not_posted' })
    const taken = (await found(orders[0]!)).tracking_number!
    expect(await refusal(put(id, 'tracking', { carrier: '顺丰速运', tracking_number: taken }))).toMatchObject({ reason: 'tracking_used' })
    expect((await found(id)).tracking_number).toBe('SF91001')
    expect(await put(id, 'tracking', { carrier: '中通快递', tracking_number: 'ZT91002' })).toMatchObject({ state: 'posted', tracking_number: 'ZT91002' })
    expect((await list('q=ZT91002')).map((one) => one.id)).toEqual([id])
    expect(await list('q=SF91001')).toEqual([])
    const mail = await eventually('the mail', async () => mails('单号更正', 2)[0])
    expect(mail.text).toContain('ZT91002')
    expect(await posted(other, 'SF91001')).toMatchObject({ state: 'posted' })
  })

  test('posted into the wrong row is taken back: it waits again, is counted again, and its posting is told anew', async () => {
    const other = orders[3]!
    const before = (await stock()).kinds[0]!.n!
    const undone = await dispatch.call<Order>('DELETE', `/desk/backdrops/${other}/tracking`)
    expect(undone).toMatchObject({ state: 'requested', tracking_number: null })
    expect(await refusal(dispatch.call('DELETE', `/desk/backdrops/${other}/tracking`))).toMatchObject({ reason: 'backdrop_not_posted' })
    expect((await stock()).moves[0]).toMatchObject({ reason: 'unposted', delta: 1, n: before + 1, order: other })
    expect((await owners[3]!.filing(filings[3]!)).backdrop).toMatchObject({ state: 'requested' })
    await eventually('the mail', async () => mails('还没有寄出', 3)[0])
    await posted(other, 'SF91001')
    await eventually('the second mail', async () => mails('幕布已寄出', 3).length === 2)
    await dispatch.call('DELETE', `/desk/backdrops/${other}/tracking`)
  })
})

describe('an order whose filing has ended', () => {
  test('is marked, not posted, and can be cancelled', async () => {
    await owners[3]!.act(filings[3]!, 'withdraw')
    expect(await found(orders[3]!)).toMatchObject({ state: 'requested', needed: false })
    expect(await refusal(posted(orders[3]!, 'SF90011'))).toMatchObject({ status: 409, reason: 'backdrop_not_needed' })
    await dispatch.call('POST', `/desk/backdrops/${orders[3]}/cancelled`)
    expect((await found(orders[3]!)).state).toBe('cancelled')
    expect(await refusal(dispatch.call('POST', `/desk/backdrops/${orders[3]}/cancelled`))).toMatchObject({ status: 409 })
  })
})
