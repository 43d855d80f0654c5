// The main path, from an e-mail address to a filing number, through the real program: real SMTP, a
// real SMS gateway, the ministry's SOAP with the reference bureau.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Applicant, type Filing, Officer, Refused, sample, Staff } from '../support/people.ts'
import { eventually, Platform } from '../support/platform.ts'

let platform: Platform
beforeAll(async () => {
  platform = await Platform.start()
})
afterAll(async () => {
  if (process.env.BEIAN_SHOW_LOG) console.log(platform?.log.split('\n').filter((line) => !line.includes('"request"')).join('\n'))
  await platform?.stop()
})

interface Order {
  id: string
  state: string
  isp_record?: string
}

async function orderOf(officer: Officer, filing: Filing): Promise<Order> {
  return eventually('the order on the officer’s desk', async () => {
    const { orders } = await officer.call<{ orders: Order[] }>('GET', 'orders')
    return orders.find((order) => JSON.stringify(order).includes(filing.id) && order.state === 'pending')
  })
}

describe('an enterprise with three websites', () => {
  test('is returned once by the staff and once by the bureau, and gets its numbers', async () => {
    const applicant = new Applicant(platform)
    await applicant.register('enterprise@applicant.example')
    const c = { enterprise: true, domains: ['qiye-one.cn', 'qiye-two.com', 'qiye-three.cn'], sequence: 1 }
    const draft = await applicant.draft(c)
    expect(draft.problems.filter((p) => p.hard && !p.field.includes('materials'))).toEqual([])

    // Everything that is missing is said at once, before anybody refuses anything.
    const refused = await applicant.act(draft.id, 'submit').catch((e: unknown) => e)
    expect(refused).toBeInstanceOf(Refused)
    expect((refused as Refused).problems.map((p) => p.field)).toContain('materials.organiser_certificate')

    await applicant.uploadAll(draft.id)
    const submitted = await applicant.act(draft.id, 'submit')
    expect(submitted.state).toBe('initial_review')
    expect(submitted.turn).toBe('staff')
    expect(submitted.due_at).toBeGreaterThan(Date.now())
    expect(submitted.editable_paths).toBe('none')

    const reviewer = await Staff.logIn(platform, 'reviewer')
    await reviewer.decide(draft.id, 'return_initial', [
      { field: 'sites.s2.name', text: '名称和内容对不上' },
      { field: 'materials.organiser_certificate', text: '照片模糊' },
    ])
    const returned = await applicant.reaches(draft.id, 'initial_returned')
    expect(returned.corrections.map((x) => x.field).sort()).toEqual([
      'materials.organiser_certificate',
      'sites.s2.name',
    ])
    // Exactly what was returned is open.
    expect(returned.editable_paths).toContain('sites.s2.name')
    await expect(applicant.change(draft.id, [{ path: 'organiser.name', to: '另一家公司' }])).rejects.toMatchObject({
      status: 403,
      reason: 'field_closed',
    })
    await applicant.change(draft.id, [{ path: 'sites.s2.name', to: '示例客户支持' }])
    await applicant.upload(draft.id, 'organiser_certificate', null, sample('business_licence'))
    await applicant.act(draft.id, 'submit')

    await reviewer.decide(draft.id, 'pass_initial')
    await applicant.call('POST', `/filings/${draft.id}/backdrop`, {
      recipient: '测试乙',
      phone: '19900001001',
      province: '330000',
      city: '330100',
      county: '330106',
      address: '示例路1号',
    })
    const dispatcher = await Staff.logIn(platform, 'dispatch')
    const { backdrops } = await dispatcher.call<{ backdrops: { id: string; filing_id: string }[] }>(
      'GET',
      '/desk/backdrops?state=requested',
    )
    const order = backdrops.find((b) => b.filing_id === draft.id)!
    await dispatcher.call('POST', `/desk/backdrops/${order.id}/posted`, { carrier: '顺丰', tracking_number: 'SF100200300' })
    expect((await applicant.filing(draft.id)).backdrop?.tracking_number).toBe('SF100200300')

    await applicant.uploadAll(draft.id)
    await applicant.act(draft.id, 'submit_photo')
    const photo = await Staff.logIn(platform, 'photo')
    await photo.decide(draft.id, 'return_photo', [{ field: 'materials.verification_photo', text: '上衣是红色的' }])
    await applicant.reaches(draft.id, 'verification')
    await applicant.upload(draft.id, 'verification_photo', null, sample('verification_photo'))
    await applicant.act(draft.id, 'submit_photo')
    await photo.decide(draft.id, 'pass_photo')

    const officer = new Officer(platform)
    await applicant.reaches(draft.id, 'bureau_review')
    const first = await orderOf(officer, draft)
    await officer.call('POST', `orders/${first.id}/return`, { opinion: '网站名称过于宽泛', codes: [1002] })
    const back = await applicant.reaches(draft.id, 'bureau_returned')
    expect(JSON.stringify(back.bureau_reasons)).toContain('网站名称过于宽泛')

    await applicant.act(draft.id, 'submit')
    // The photo was accepted before and is not asked for again.
    await reviewer.decide(draft.id, 'pass_initial')
    const second = await orderOf(officer, draft)
    await officer.call('POST', `orders/${second.id}/pass`, { opinion: '通过' })

    const done = await applicant.reaches(draft.id, 'approved')
    expect(done.result!.organiser_number).toMatch(/^浙ICP备\d{10}号$/)
    expect(done.result!.sites.map((s) => s.number)).toEqual(
      [1, 2, 3].map((n) => `${done.result!.organiser_number}-${n}`),
    )
    const number = done.result!.organiser_number
    await eventually('the number in the mail', async () =>
      platform.mail.mails().some((m) => m.to.includes(applicant.email) && m.text.includes(number)),
    )
    await eventually('the number in the SMS', async () => platform.sms.received.some((m) => m.text.includes(number)))
    expect(platform.sms.refused).toEqual([])
  }, 240_000)
})
