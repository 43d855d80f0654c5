// The pages of what is filed and of the filings that begin from it, looked at as wide as a desk and as
// narrow as a phone; and a cancellation from its beginning, by hand.
import type { Browser as Chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { orderOf, submitted } from '../support/journey.ts'
import { Applicant, type Filing, Officer, Staff } from '../support/people.ts'
import { Platform } from '../support/platform.ts'
import { launch, Seat, type Width } from './browser.ts'
import { keeps_out, sticks_out } from './looks.ts'

let platform: Platform
let chromium: Chromium
let applicant: Applicant
let organiser = ''
let change = ''
let waiting = ''

beforeAll(async () => {
  ;[platform, chromium] = await Promise.all([
    Platform.start({ policy: { sms: true, verification: false, filing_password: true } }),
    launch(),
  ])
  applicant = new Applicant(platform)
  await applicant.register('kinds@applicant.example')
  const reviewer = await Staff.logIn(platform, 'reviewer')
  const officer = new Officer(platform)
  await officer.call('PUT', 'settings', { filing_passwords: true })
  const { id } = await submitted(applicant, { enterprise: true, domains: ['look-one.cn', 'look-two.cn'], sequence: 351 })
  await reviewer.decide(id, 'pass_initial')
  const order = await orderOf(officer, id)
  await officer.call('POST', `orders/${order.id}/pass`, { opinion: '通过' })
  await applicant.reaches(id, 'approved')
  const { published } = await officer.call<{ published: { filing_password: string } }>('GET', `orders/${order.id}`)
  const registry = await applicant.call<{ organisers: { id: string; sites: { id: string }[] }[] }>('GET', '/registry')
  organiser = registry.organisers[0]!.id
  const site = registry.organisers[0]!.sites[0]!.id
  const draft = await applicant.call<Filing>('POST', `/registry/${organiser}/filings`, {
    kind: 'change',
    sites: [site],
    password: published.filing_password,
  })
  change = draft.id
  await applicant.change(change, [
    { path: 'sites.s1.change.site', to: true },
    { path: 'sites.s1.name', to: '示例新的名称' },
  ])
  const second = await submitted(applicant, { enterprise: false, domains: ['look-three.cn'], sequence: 352 })
  await reviewer.decide(second.id, 'pass_initial')
  await applicant.reaches(second.id, 'sms_pending')
  waiting = second.id
}, 240_000)
afterAll(async () => {
  await chromium?.close()
  await platform?.stop()
})

async function seat_of(width: Width, locale = 'zh-CN'): Promise<Seat> {
  const seat = await Seat.take(chromium, width, platform.url.replace(/\/$/, ''), locale)
  const [name, value] = applicant.cookie.split('=')
  await seat.context.addCookies([{ name: name!, value: value!, url: platform.url }])
  return seat
}

const looks: { width: Width; locale: string }[] = [
  { width: 'desktop', locale: 'zh-CN' },
  { width: 'phone', locale: 'zh-CN' },
  { width: 'desktop', locale: 'en' },
]
describe.each(looks)('$width $locale', ({ width, locale }) => {
  test('the pages of what is filed', async () => {
    const places: [string, string, string][] = [
      ['registry', '/apply/registry', 'section.organiser'],
      ['start-cancel', `/apply/registry/${organiser}/start?kind=cancel_organiser`, '.follows'],
      // The change begun before is offered.
      ['start-change', `/apply/registry/${organiser}/start?kind=change`, `main a[href="/apply/${change}"]`],
      ['sms', `/apply/${waiting}/status`, '[role=timer]'],
      ['change-what', `/apply/${change}?step=what.parts`, 'main form'],
      ['change-site', `/apply/${change}?step=s1.site`, '.before'],
    ]
    const seat = await seat_of(width, locale)
    const wrong: Record<string, string[]> = {}
    for (const [name, path, shows] of places) {
      seat.faults.length = 0
      try {
        await seat.go(path)
        await seat.page.locator(shows).first().waitFor()
        await seat.page.waitForLoadState('networkidle')
        await seat.shot(`kinds-${name}-${width}-${locale}`)
        const found = [...seat.faults, ...(await sticks_out(seat.page)), ...(await keeps_out(seat.page))]
        if (found.length > 0) wrong[name] = found
      } catch (error) {
        wrong[name] = [String(error), ...seat.faults]
        await seat.shot(`kinds-${name}-${width}-${locale}`).catch(() => undefined)
      }
    }
    await seat.leave()
    expect(wrong).toEqual({})
  }, 120_000)
})

test('a website is cancelled by hand: what follows is said before anything begins', async () => {
  const seat = await seat_of('phone')
  await seat.go('/apply/registry')
  await seat.press(seat.link('取消接入').first())
  await seat.sees('我们不再接入这些网站')
  await seat.press(seat.page.getByRole('radio', { name: /注销网站/ }))
  await seat.sees('这些网站的备案会注销')
  await seat.press(seat.page.getByRole('radio', { name: /取消接入/ }))
  await seat.sees('可能是唯一的接入')
  await seat.press(seat.button(/我知道了，继续/))
  await seat.heading('理由')
  await seat.sees('我们不再接入这些网站')
  expect(seat.faults).toEqual([])
  await seat.leave()
}, 120_000)
