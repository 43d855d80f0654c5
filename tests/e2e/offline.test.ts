// The network goes away while somebody fills in a form: the steps that follow are all there, what is
// typed waits on this device, and it is saved by itself when the network is back.
import type { Browser as Chromium } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Applicant } from '../support/people.ts'
import { eventually, Platform } from '../support/platform.ts'
import { launch, Seat } from './browser.ts'

let platform: Platform
let chromium: Chromium
let applicant: Applicant
let id = ''
beforeAll(async () => {
  ;[platform, chromium] = await Promise.all([Platform.start(), launch()])
  applicant = new Applicant(platform)
  await applicant.register('offline@applicant.example')
  id = (await applicant.draft({ enterprise: true, domains: ['network-away.cn'], sequence: 611 })).id
}, 240_000)
afterAll(async () => {
  await chromium?.close()
  await platform?.stop()
})

async function seat(): Promise<Seat> {
  const one = await Seat.take(chromium, 'desktop', platform.url.replace(/\/$/, ''))
  const [name, value] = applicant.cookie.split('=')
  await one.context.addCookies([{ name: name!, value: value!, url: platform.url }])
  return one
}

test('all steps are there without the network, and what is typed is saved once it is back', async () => {
  const me = await seat()
  // The last piece that is fetched ahead of its need.
  const ahead = me.page.waitForResponse((answer) => /\/MaterialsPage-.*\.js$/.test(answer.url()))
  await me.go(`/apply/${id}?step=s1.site`)
  await me.page.locator('#f-sites-s1-name').waitFor()
  await ahead
  await me.page.waitForLoadState('networkidle')
  await me.context.setOffline(true)
  await me.page.locator('#f-sites-s1-name').fill('示例断网时写的名称')
  await me.sees('网络断了，修改已存在这台设备上')
  await me.press(me.button('下一步'))
  await me.page.locator('#f-sites-s1-services').waitFor()
  await me.page.locator('#f-sites-s1-remark').fill('断网时写的说明')
  await me.page.locator('#f-sites-s1-languages').waitFor()
  await me.press(me.button('下一步'))
  await me.page.locator('#f-sites-s1-access-ips, #f-sites-s1-access-ips-0').first().waitFor()
  await me.context.setOffline(false)
  await eventually('what was typed on the server', async () => {
    const [site] = (await applicant.filing(id)).content.sites as { name: string; remark: string }[]
    return site!.name === '示例断网时写的名称' && site!.remark === '断网时写的说明'
  })
  await me.leave()
}, 120_000)

test('a page that a part could not be fetched for says so, and can be loaded again', async () => {
  const me = await seat()
  await me.page.route(/\/CheckboxGroupField-.*\.js$/, (route) => route.abort())
  await me.go(`/apply/${id}?step=s1.content`)
  const notice = me.page.getByRole('alert').filter({ hasText: '有一部分没有载入' })
  await notice.waitFor()
  await me.page.unroute(/\/CheckboxGroupField-.*\.js$/)
  await me.press(notice.getByRole('button', { name: '重新载入这一页' }))
  await me.page.locator('#f-sites-s1-services').waitFor()
  expect(await notice.count()).toBe(0)
  await me.leave()
}, 120_000)
