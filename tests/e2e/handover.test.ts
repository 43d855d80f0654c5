// The pages on which filings pass from account to account, looked at as wide as a desk and as narrow as
// a phone; and a claim, from the applicant's form to the reviewer's decision, by hand.
import type { Browser as Chromium } from 'playwright-core'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { approved } from '../support/journey.ts'
import { Applicant, type Browser, creditCode, type Filing, Officer, sample, Staff } from '../support/people.ts'
import { eventually, Platform } from '../support/platform.ts'
import { launch, Seat, type Width } from './browser.ts'
import { keeps_out, sticks_out } from './looks.ts'

let platform: Platform
let chromium: Chromium
let owner: Applicant
let receiver: Applicant
let reviewer: Staff
let organiser: { id: string; number: string; sites: { id: string }[] }
let token = ''
let claim = ''
let cancel = ''
const sequence = 490

beforeAll(async () => {
  ;[platform, chromium] = await Promise.all([
    Platform.start({ policy: { sms: false, verification: false } }),
    launch(),
  ])
  owner = new Applicant(platform)
  await owner.register('holder@applicant.example')
  receiver = new Applicant(platform)
  await receiver.register('receiver@applicant.example')
  reviewer = await Staff.logIn(platform, 'reviewer')
  const staff = { reviewer, photo: await Staff.logIn(platform, 'photo'), officer: new Officer(platform) }
  await approved(owner, staff, { enterprise: true, domains: ['pass-one.cn', 'pass-two.cn'], sequence })
  const got = await owner.call<{ organisers: (typeof organiser)[] }>('GET', '/registry')
  organiser = got.organisers[0]!
  const form = new FormData()
  form.set('number', organiser.number)
  form.set('certificate_type', '1')
  form.set('certificate_number', creditCode(sequence))
  form.set('note', '原经办人已离职，账号的邮箱也已停用。')
  form.set('certificate', sample('business_licence'), 'a.jpg')
  form.set('proof', sample('domain_certificate'), 'b.jpg')
  claim = (await receiver.call<{ id: string }>('POST', '/claims', form)).id
  const draft = await owner.draft({ enterprise: true, domains: ['pass-draft.cn'], sequence: sequence + 1 })
  await owner.call('POST', '/transfers', { what: 'filing', subject_id: draft.id, email: receiver.email, password: owner.password })
  token = await eventually('the link', async () => {
    const mail = platform.mail.mails().findLast((m) => m.to.includes(receiver.email) && m.text.includes('/transfer?token='))
    return mail && /transfer\?token=([\w-]+)/.exec(mail.text)?.[1]
  })
  const filing = await owner.call<Filing>('POST', `/registry/${organiser.id}/filings`, { kind: 'cancel_website', sites: organiser.sites.map((one) => one.id) })
  cancel = filing.id
  await owner.change(cancel, [{ path: 'cancel.reason', to: 1 }, { path: 'confirm.consequences', to: true }])
  await owner.uploadAll(cancel)
  await owner.act(cancel, 'submit')
}, 240_000)
afterAll(async () => {
  await chromium?.close()
  await platform?.stop()
})

async function seat_of(who: Browser, width: Width, locale = 'zh-CN'): Promise<Seat> {
  const seat = await Seat.take(chromium, width, platform.url.replace(/\/$/, ''), locale)
  const [name, value] = who.cookie.split('=')
  await seat.context.addCookies([{ name: name!, value: value!, url: platform.url }])
  return seat
}

const looks: { width: Width; locale: string }[] = [
  { width: 'desktop', locale: 'zh-CN' },
  { width: 'phone', locale: 'zh-CN' },
  { width: 'desktop', locale: 'en' },
]
describe.each(looks)('$width $locale', ({ width, locale }) => {
  test('the pages of what passes from account to account', async () => {
    const places: [Browser, string, string, string][] = [
      [receiver, 'claims', '/apply/claims', 'form'],
      [receiver, 'transfer-link', `/transfer?token=${token}`, 'dl'],
      [receiver, 'transfer-broken', '/transfer', '.notice'],
      [owner, 'transfers', '/apply/transfers', 'ul.card li'],
      [owner, 'transfer-start', `/apply/transfers/new?what=organiser&id=${organiser.id}`, '#f-email'],
      [owner, 'registry-links', '/apply/registry', 'section.organiser'],
      [reviewer, 'desk-claims', '/desk/claims', 'table.list'],
      [reviewer, 'desk-claim', `/desk/claims/${claim}`, '.four img'],
      [reviewer, 'desk-consequences', `/desk/${cancel}`, '.follows'],
    ]
    const wrong: Record<string, string[]> = {}
    for (const who of [receiver, owner, reviewer]) {
      const seat = await seat_of(who, width, locale)
      for (const [of, name, path, shows] of places) {
        if (of !== who) continue
        seat.faults.length = 0
        try {
          await seat.go(path)
          await seat.page.locator(shows).first().waitFor()
          await seat.page.waitForLoadState('networkidle')
          await seat.shot(`handover-${name}-${width}-${locale}`)
          const found = [...seat.faults, ...(await sticks_out(seat.page)), ...(await keeps_out(seat.page))]
          if (found.length > 0) wrong[name] = found
        } catch (error) {
          wrong[name] = [String(error), ...seat.faults]
          await seat.shot(`handover-${name}-${width}-${locale}`).catch(() => undefined)
        }
      }
      await seat.leave()
    }
    expect(wrong).toEqual({})
  }, 180_000)
})

test('from “in another account” to a message, and to a claim filled in by hand', async () => {
  const seat = await seat_of(receiver, 'phone')
  await seat.go('/apply/new')
  await seat.page.locator('#f-nature').selectOption({ value: '4' })
  await seat.page.locator('#f-certificate_number').fill(creditCode(sequence))
  await seat.page.locator('#f-province').selectOption('330000')
  await seat.page.locator('#f-domain').fill('pass-one.cn')
  await seat.press(seat.button('查一查该办哪种'))
  await seat.sees('请我们转告')
  await seat.page.locator('#f-message').fill('我是这家公司的新经办人，请转移给我。')
  await seat.shot('handover-holder-phone')
  await seat.press(seat.button('转告'))
  await seat.sees('已经转告')
  await seat.press(seat.link('申请认领'))
  await seat.heading('认领备案')
  // What was typed for the determination is there already.
  expect(await seat.page.locator('#f-certificate_number').inputValue()).toBe(creditCode(sequence))
  await seat.press(seat.button('申请认领'))
  await seat.sees('这一项还没有填')
  await seat.page.locator('#f-number').fill('浙ICP备2099999999号')
  const folder = mkdtempSync(join(tmpdir(), 'beian-claim-'))
  for (const [field, paper] of [['certificate', 'business_licence'], ['proof', 'domain_certificate']] as const) {
    const file = join(folder, `${field}.jpg`)
    writeFileSync(file, Buffer.from(await sample(paper).arrayBuffer()))
    await seat.page.locator(`#f-${field}`).setInputFiles(file)
  }
  await seat.page.locator('.picture img').nth(1).waitFor()
  await seat.press(seat.button('申请认领'))
  await seat.sees('备案号和证件对不上')
  await seat.shot('handover-claim-refused-phone')
  expect(await seat.page.locator('.picture img').count()).toBe(2) // nothing chosen is lost
  await seat.leave()
}, 180_000)
