// Every page there is, with something in it, as wide as a desk and as narrow as a phone: nothing sticks
// out, no script fails, nothing breaks the content security policy, and axe finds nothing that keeps
// somebody out. A picture of each lies in shots afterwards.
import type { Browser as Chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { submitted } from '../support/journey.ts'
import { Applicant, type Browser, type Case, Staff } from '../support/people.ts'
import { Platform } from '../support/platform.ts'
import { launch, Seat, type Width } from './browser.ts'
import { keeps_out, sticks_out } from './looks.ts'

type Person = 'nobody' | 'applicant' | 'staff' | 'admin' | 'security' | 'audit' | 'officer'
interface Place {
  name: string
  path: () => string
  who: Person
  /** What stands there once the page is complete. */
  shows?: string
  /** An answer of the server that is a refusal on purpose: the browser logs it as an error. */
  refused?: string
}

let draft = ''
let filed = ''
const place = (name: string, who: Person, path: string | (() => string), more: Partial<Place> = {}): Place => ({
  name,
  who,
  path: typeof path === 'string' ? () => path : path,
  ...more,
})
const places: Place[] = [
  place('front', 'nobody', '/'),
  place('guide', 'nobody', '/guide'),
  place('guide-steps', 'nobody', '/guide/steps'),
  place('guide-materials', 'nobody', '/guide/materials'),
  place('guide-photo', 'nobody', '/guide/photo'),
  place('guide-bureaus', 'nobody', '/guide/bureaus'),
  place('guide-province', 'nobody', '/guide/provinces/440000?who=enterprise', { shows: '.wishes' }),
  place('guide-questions', 'nobody', '/guide/questions'),
  place('login', 'nobody', '/login'),
  place('register', 'nobody', '/register'),
  place('forgot', 'nobody', '/forgot'),
  place('privacy', 'nobody', '/privacy'),
  place('not-found', 'nobody', '/no-such-page'),
  place('ticket-unknown', 'nobody', '/m/no-such-ticket', { refused: '/tickets/' }),
  place('inbox', 'nobody', '/demo/inbox'),
  place('my-filings', 'applicant', '/apply', { shows: 'main a[href*="/apply/"]' }),
  place('new', 'applicant', '/apply/new', { shows: '#f-nature' }),
  place('products', 'applicant', '/apply/products'),
  place('sessions', 'applicant', '/account/sessions'),
  place('second-factor', 'applicant', '/account/second_factor'),
  place('my-data', 'applicant', '/account/my_data', { shows: 'main dl' }),
  place('report', 'applicant', () => `/apply/${draft}`, { shows: 'main h1' }),
  place('wizard', 'applicant', () => `/apply/${draft}?step=organiser.certificate`, { shows: '#f-organiser-name' }),
  place('wizard-server', 'applicant', () => `/apply/${draft}?step=s1.access`, { shows: '#f-sites-s1-access-locations' }),
  place('materials', 'applicant', () => `/apply/${draft}/materials`, { shows: '#m--organiser_certificate' }),
  place('status', 'applicant', () => `/apply/${filed}/status`, { shows: 'section.now' }),
  place('desk', 'staff', '/desk', { shows: 'a.open' }),
  place('desk-dispatch', 'staff', '/desk/dispatch'),
  place('desk-enquiries', 'staff', '/desk/enquiries'),
  place('desk-reminders', 'staff', '/desk/reminders', { shows: 'section.panel' }),
  place('desk-bureaus', 'staff', '/desk/bureaus'),
  place('desk-rules', 'staff', '/desk/rules?province=440000', { shows: 'ul.list code' }),
  place('desk-rules-nation', 'staff', '/desk/rules?province=000000', { shows: 'ul.list code' }),
  place('desk-case', 'staff', () => `/desk/${filed}`, { shows: 'button.handle' }),
  ...['products', 'connections', 'settings', 'texts', 'calendar', 'announcements', 'jobs', 'retention'].map((page) =>
    place(`desk-${page}`, 'admin', `/desk/admin/${page}`, { shows: 'main .panel' }),
  ),
  place('desk-staff', 'security', '/desk/staff', { shows: 'table.list' }),
  place('desk-audit', 'audit', '/desk/audit', { shows: 'table.list' }),
  ...['orders', 'registry', 'traffic', 'settings', 'providers', 'public'].map((page) =>
    place(`console-${page}`, 'officer', `#/${page}`),
  ),
]

let platform: Platform
let chromium: Chromium
let applicant: Applicant
let staff: Staff
let admin: Staff
let security: Staff
let audit: Staff
beforeAll(async () => {
  ;[platform, chromium] = await Promise.all([Platform.start(), launch()])
  applicant = new Applicant(platform)
  await applicant.register('pages@applicant.example')
  const company = (domain: string, sequence: number): Case => ({ enterprise: true, domains: [domain], sequence })
  filed = (await submitted(applicant, company('pages-one.cn', 71))).id
  draft = (await applicant.draft(company('pages-two.cn', 72))).id
  staff = await Staff.logIn(platform, 'senior')
  admin = await Staff.logIn(platform, 'admin')
  security = await Staff.logIn(platform, 'security')
  audit = await Staff.logIn(platform, 'audit')
  await security.call('POST', '/desk/staff/grants', {
    email: 'a.colleague.with.a.long.name@staff.example',
    display_name: '名字很长很长的新同事（第二审核组）',
    role: 'photo_reviewer',
    provinces: ['330000', '440000', '650000'],
    customers: ['pages@applicant.example'],
  })
})
afterAll(async () => {
  await chromium?.close()
  await platform?.stop()
})

async function sit_down(who: Person, width: Width, locale: string): Promise<Seat> {
  const base = who === 'officer' ? platform.console : platform.url
  const seat = await Seat.take(chromium, width, base.replace(/\/$/, ''), locale)
  const login: Partial<Record<Person, Browser>> = { applicant, staff, admin, security, audit }
  const cookie = login[who]?.cookie.split('=')
  if (cookie) await seat.context.addCookies([{ name: cookie[0]!, value: cookie[1]!, url: platform.url }])
  if (who === 'officer') {
    await seat.page.goto(`${platform.console}#token=${platform.consoleToken}`)
    await seat.page.locator('main h1').first().waitFor()
  }
  return seat
}

async function open(seat: Seat, place: Place): Promise<void> {
  const path = place.path()
  // A fragment alone is no navigation.
  if (path.startsWith('#')) await seat.page.evaluate((hash) => (location.hash = hash), path)
  else await seat.go(path)
  await seat.page.locator('h1').filter({ visible: true }).or(seat.page.locator('main h1')).first().waitFor({
    state: 'attached',
  })
  if (place.shows) await seat.page.locator(place.shows).first().waitFor()
  await seat.page.waitForLoadState('networkidle')
}

const looks: { width: Width; locale: string }[] = [
  { width: 'desktop', locale: 'zh-CN' },
  { width: 'phone', locale: 'zh-CN' },
  { width: 'desktop', locale: 'en' },
]
describe.each(looks)('$width $locale', ({ width, locale }) => {
  test.each(['nobody', 'applicant', 'staff', 'admin', 'security', 'audit', 'officer'] as const)(
    'pages of: %s',
    async (who) => {
      const seat = await sit_down(who, width, locale)
      const wrong: Record<string, string[]> = {}
      for (const one of places.filter((place) => place.who === who)) {
        seat.faults.length = 0
        try {
          await open(seat, one)
          await seat.shot(`${one.name}-${width}-${locale}`)
          const faults = seat.faults.filter((fault) => !one.refused || !fault.includes(one.refused))
          const found = [...faults, ...(await sticks_out(seat.page)), ...(await keeps_out(seat.page))]
          expect.soft(await seat.page.locator('html').getAttribute('lang')).toBe(locale)
          if (found.length > 0) wrong[one.name] = found
        } catch (error) {
          wrong[one.name] = [String(error), ...seat.faults]
          await seat.shot(`${one.name}-${width}-${locale}`).catch(() => undefined)
        }
      }
      await seat.leave()
      expect(wrong).toEqual({})
    },
    300_000,
  )
})
