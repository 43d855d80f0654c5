// A person files a website of their own with nothing but a phone; one picture is taken by another phone,
// through the link that a computer shows as a QR code.
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { Applicant, citizenId } from '../support/people.ts'
import { Platform } from '../support/platform.ts'
import { ApplicantSeat, paper, password } from './applicant.ts'
import { launch, Seat } from './browser.ts'

let platform: Platform
let browser: Browser
const seats: Seat[] = []
beforeAll(async () => {
  ;[platform, browser] = await Promise.all([Platform.start(), launch()])
})
afterAll(async () => {
  await browser?.close()
  await platform?.stop()
})
afterEach(async (context) => {
  if (context.task.result?.state !== 'fail') return
  for (const [index, seat] of seats.entries()) {
    console.log(seat.page.url(), seat.faults)
    await seat.shot(`failed-phone-${index}`).catch(() => undefined)
  }
})

async function fill(me: ApplicantSeat, domain: string) {
  await me.fill('是谁，用什么证件', [{ path: 'organiser.name', value: '测试甲' }])
  await me.next()
  await me.fill('在哪里', [
    { path: 'organiser.city', value: '330100' },
    { path: 'organiser.county', value: '330106' },
    { path: 'organiser.certificate_address', value: '浙江省杭州市西湖区示例路1号' },
    { path: 'organiser.address', value: '示例路1号2幢301室' },
  ])
  await me.next()
  await me.fill('他是谁', [
    { path: 'principal.certificate_from', value: '2020-01-01' },
    { path: 'principal.certificate_until', value: '2040-01-01' },
  ])
  await me.next()
  await me.fill('怎么联系', [
    { path: 'principal.mobile', value: '19900004321' },
    { path: 'principal.email', value: 'someone@organiser.example' },
  ])
  await me.next()
  await me.fill('网站叫什么', [
    { path: 'sites.s1.name', value: '我的读书笔记' },
    { path: 'sites.s1.home_url', value: `www.${domain}` },
  ])
  await me.next()
  await me.fill('网站做什么', [
    { path: 'sites.s1.services', value: 24 },
    { path: 'sites.s1.remark', value: '个人读书笔记，不涉及经营' },
  ])
  await me.next()
  await me.on('网站放在哪里')
  await me.choose_product('s1')
  await me.answer({ path: 'sites.s1.access.locations', value: 34 })
  await me.next()
  await me.on('谁管理这个网站')
  await me.next('下一步：证件和照片')
}

test('a person files on a phone, with one picture from another phone', async () => {
  const url = platform.url.replace(/\/$/, '')
  const phone = await Seat.take(browser, 'phone', url)
  seats.push(phone)
  const me = new ApplicantSeat(phone, platform, 'person@applicant.example')
  await me.register()
  await me.begin({
    domain: 'geren-one.cn',
    nature: 5,
    certificate_type: 2,
    certificate_number: citizenId(21),
    province: '330000',
  })
  await fill(me, 'geren-one.cn')

  await phone.heading('证件和照片')
  await me.upload('principal_certificate_front', ['id_card_front'])
  await me.uploaded('principal_certificate_front')

  // The same person at a computer asks for a link; whoever opens it is not logged in.
  const computer = new Applicant(platform)
  await computer.logIn(me.email, password)
  const ticket = await computer.call<{ url: string }>('POST', `/filings/${me.id}/tickets`, {
    purpose: 'principal_certificate_back',
  })
  const other = await Seat.take(browser, 'phone', url)
  seats.push(other)
  await other.go(new URL(ticket.url).pathname)
  await other.button('打开相机').waitFor()
  await other.page.locator('input[type=file][capture]').setInputFiles([await paper('id_card_back')])
  await other.heading('已上传')
  await other.page.reload()
  await other.heading('照片已上传过')

  await phone.page.reload()
  await me.uploaded('principal_certificate_back')
  await phone.press(phone.button('下一步：检查并提交'))
  await me.submit()
  await me.sees_state('初审')
  await phone.shot('journey-phone-status')
  expect((await computer.filing(me.id)).state).toBe('initial_review')

  expect(seats.flatMap((seat) => seat.faults)).toEqual([])
}, 240_000)
