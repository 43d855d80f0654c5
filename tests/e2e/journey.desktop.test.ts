// A company's whole way through its own browser, on a desktop: from an e-mail address to a filing
// number, with the reviewers, the dispatcher and the bureau's officer each at theirs.
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { citizenId, creditCode } from '../support/people.ts'
import { eventually, Platform } from '../support/platform.ts'
import { ApplicantSeat } from './applicant.ts'
import { launch, Seat } from './browser.ts'
import { DeskSeat, OfficerSeat } from './desk.ts'

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
// What each of them was looking at when it went wrong.
afterEach(async (context) => {
  if (context.task.result?.state !== 'fail') return
  for (const [index, seat] of seats.entries()) {
    console.log(seat.page.url(), seat.faults)
    await seat.shot(`failed-desktop-${index}`).catch(() => undefined)
  }
})

const company = '示例科技有限公司'
const mobile = '19900001234'

async function fill_organiser_and_principal(me: ApplicantSeat) {
  await me.fill('是谁，用什么证件', [
    { path: 'organiser.name', value: company },
    { path: 'organiser.investor', value: '示例投资人' },
  ])
  await me.next()
  await me.fill('在哪里', [
    { path: 'organiser.city', value: '330100' },
    { path: 'organiser.county', value: '330106' },
    { path: 'organiser.certificate_address', value: '浙江省杭州市西湖区示例路1号' },
    { path: 'organiser.address', value: '示例路1号2幢301室' },
  ])
  await me.next()
  await me.fill('他是谁', [
    { path: 'principal.name', value: '测试乙' },
    { path: 'principal.certificate_number', value: citizenId(501) },
    { path: 'principal.certificate_from', value: '2020-01-01' },
    { path: 'principal.certificate_until', value: '2040-01-01' },
  ])

  // In the middle of a page, with the last words not yet sent: nothing is lost.
  await me.page.reload()
  await me.on('他是谁')
  expect(await me.value('principal.name')).toBe('测试乙')
  expect(await me.value('principal.certificate_number')).toBe(citizenId(501))
  expect(await me.value('principal.certificate_until')).toBe('2040-01-01')

  await me.next()
  await me.fill('怎么联系', [
    { path: 'principal.mobile', value: mobile },
    { path: 'principal.office_phone', value: '0571-88880000' },
    { path: 'principal.email', value: 'someone@organiser.example' },
  ])
  await me.next()
}

async function fill_site(me: ApplicantSeat, site: string, name: string, domain: string) {
  const at = `sites.${site}`
  await me.fill('网站叫什么', [
    { path: `${at}.name`, value: name },
    { path: `${at}.domain`, value: domain },
    { path: `${at}.home_url`, value: `www.${domain}` },
  ])
  await me.next()
  await me.fill('网站做什么', [{ path: `${at}.services`, value: 8 }])
  await me.next()
  await me.on('网站放在哪里')
  await me.choose_product(site)
  await me.answer({ path: `${at}.access.locations`, value: 34 })
  await me.next()
  await me.on('谁管理这个网站')
}

test('a company with two websites gets its numbers', async () => {
  const applicant = await Seat.take(browser, 'desktop', platform.url.replace(/\/$/, ''))
  seats.push(applicant)
  const me = new ApplicantSeat(applicant, platform, 'company@applicant.example')
  await me.register()
  await me.begin({
    domain: 'qiye-one.cn',
    nature: 4,
    certificate_type: 1,
    certificate_number: creditCode(11),
    province: '330000',
  })
  await fill_organiser_and_principal(me)
  await fill_site(me, 's1', '示例产品介绍', 'qiye-one.cn')
  await me.next('保存，再加一个')
  await fill_site(me, 's2', '示例技术资料', 'qiye-two.com')
  await me.next('下一步：证件和照片')

  await applicant.heading('证件和照片')
  await me.upload('organiser_certificate', ['business_licence'])
  await me.upload('principal_certificate_front', ['id_card_front'])
  await me.upload('principal_certificate_back', ['id_card_back'])
  await me.uploaded('organiser_certificate')
  await me.uploaded('principal_certificate_front')
  await me.uploaded('principal_certificate_back')
  await applicant.press(me.page.locator('details.others summary'))
  await me.upload('other', ['domain_certificate', 'business_licence'])
  await me.uploaded('other', 2)
  await applicant.press(applicant.button('下一步：检查并提交'))
  await me.submit()

  const reviewer = await DeskSeat.log_in(browser, platform, 'reviewer')
  seats.push(reviewer.seat)
  await reviewer.claim(me.id)
  await reviewer.objects_to('sites.s2.name', '名称和内容对不上')
  await reviewer.decides('退回修改', '已退回，申请人会收到通知。')

  await me.sees_state('请修改')
  await applicant.press(applicant.link('去修改'))
  await applicant.press(me.page.locator('.corrections').getByRole('button', { name: /名称和内容对不上/ }))
  await me.on('网站叫什么')
  // Exactly what was returned is open.
  expect(await me.page.locator('#f-sites-s2-name').isEnabled()).toBe(true)
  expect(await me.page.locator('#f-sites-s2-home_url').isEnabled()).toBe(false)
  await me.answer({ path: 'sites.s2.name', value: '示例客户支持' })
  await applicant.press(applicant.link('检查并提交'))
  await me.submit()

  await reviewer.claim(me.id)
  await reviewer.decides('通过初审', '已通过初审。')

  await me.sees_state('请拍核验照片')
  await me.order_backdrop('示例路1号')
  const dispatcher = await DeskSeat.log_in(browser, platform, 'dispatch')
  seats.push(dispatcher.seat)
  await dispatcher.posts('测试乙', '顺丰速运', 'SF100200300')
  await me.sees_state('请拍核验照片')
  await applicant.sees('SF100200300')
  await me.send_photo()

  const photographer = await DeskSeat.log_in(browser, platform, 'photo')
  seats.push(photographer.seat)
  await photographer.claim(me.id)
  await photographer.seat.press(photographer.seat.button(/^其余都符合/))
  await photographer.decides('照片通过', '照片已通过。')

  await me.sees_state('管局审核中')
  const officer = await OfficerSeat.enter(browser, platform)
  seats.push(officer.seat)
  await officer.decides(company, '材料齐全，准予备案', '通过并发号')

  await me.sees_state('备案成功')
  const number = await me.page.locator('.numbers .number').first().innerText()
  expect(number).toMatch(/^浙ICP备\d{10}号$/)
  await applicant.sees(`${number}-1`)
  await applicant.sees(`${number}-2`)
  const snippet = await me.page.locator('.snippet pre').first().innerText()
  expect(snippet).toContain('https://beian.miit.gov.cn/')
  expect(snippet).toContain(`${number}-1`)
  await applicant.sees('办理公安联网备案')
  await applicant.shot('journey-desktop-result')
  await eventually('the number in the mail', async () =>
    platform.mail.mails().some((one) => one.to.includes(me.email) && one.text.includes(number)),
  )
  await eventually('the number in the SMS', async () => platform.sms.received.some((one) => one.text.includes(number)))

  expect(seats.flatMap((seat) => seat.faults)).toEqual([])
}, 240_000)
