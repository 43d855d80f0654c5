// A slow network: every page of the desk says that it is loading, none calls empty what has not come
// yet, and a button pressed twice does its work once.
import type { Browser as Chromium } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { submitted } from '../support/journey.ts'
import { Applicant, Staff } from '../support/people.ts'
import { Platform } from '../support/platform.ts'
import { launch } from './browser.ts'
import { DeskSeat } from './desk.ts'

let platform: Platform
let chromium: Chromium
let desk: DeskSeat
let admin: Staff
let filing = ''
beforeAll(async () => {
  ;[platform, chromium] = await Promise.all([Platform.start(), launch()])
  const applicant = new Applicant(platform)
  await applicant.register('slow@applicant.example')
  filing = (await submitted(applicant, { enterprise: true, domains: ['slow-network.cn'], sequence: 95 })).id
  admin = await Staff.logIn(platform, 'admin')
  desk = await DeskSeat.log_in(chromium, platform, 'admin')
}, 300_000)
afterAll(async () => {
  await chromium?.close()
  await platform?.stop()
})

/** Answers of the API wait until they are let go; the pages themselves are fast. */
async function hold(): Promise<() => Promise<void>> {
  let let_go = () => {}
  const gone = new Promise<void>((done) => (let_go = done))
  await desk.page.route('**/api/v1/desk/**', async (route) => {
    await gone
    await route.continue().catch(() => undefined)
  })
  return async () => {
    let_go()
    await desk.page.unroute('**/api/v1/desk/**')
  }
}

const pages: [string, string][] = [
  ['/desk', 'a.open'],
  ['/desk/dispatch', '.panel .state'],
  ['/desk/numbers', '.filter'],
  ['/desk/enquiries', '.panel .state'],
  ['/desk/reminders', '.panel'],
  ['/desk/claims', '.panel .state'],
  ['/desk/tasks', '.panel'],
  ['/desk/agencies', '.panel'],
  ['/desk/bureaus', 'table.list'],
  ['/desk/bureaus/330000', '.panel'],
  ['/desk/bureaus/addresses', '.panel'],
  ['/desk/bureaus/codes', '.panel'],
  ['/desk/staff', 'table.list'],
  ...['products', 'connections', 'settings', 'texts', 'calendar', 'announcements', 'jobs', 'retention'].map(
    (page): [string, string] => [`/desk/admin/${page}`, '.panel'],
  ),
]

test('every page says that it is loading, and calls nothing empty before it knows', async () => {
  await desk.seat.go('/desk/reminders')
  const wrong: string[] = []
  for (const [path, then] of [...pages, [`/desk/${filing}`, 'button.handle'] as [string, string]]) {
    const let_go = await hold()
    await desk.page.goto(desk.seat.url + path)
    const main = desk.page.locator('main')
    await main.locator('.skeleton, [aria-busy="true"], .is-loading, [role="status"]').first().waitFor({ timeout: 10_000 }).catch(() => wrong.push(`${path}: says nothing`))
    for (const words of await main.locator('.state .title').allTextContents()) wrong.push(`${path}: “${words}” before anything came`)
    await let_go()
    await main.locator(then).first().waitFor().catch(() => wrong.push(`${path}: never came`))
  }
  expect(wrong).toEqual([])
}, 400_000)

test('a button pressed twice on a slow line does its work once', async () => {
  const { page } = desk
  await desk.seat.go('/desk/admin/products')
  await page.getByRole('button', { name: '新增产品' }).click()
  const dialog = page.locator('dialog[open]')
  await dialog.getByLabel('实例').fill('slow-one')
  await dialog.getByLabel('IP 地址').fill('198.19.60.1')
  await dialog.getByLabel('开始日').fill('2026-01-01')
  await dialog.getByLabel('到期日').fill('2027-12-31')
  await dialog.getByLabel('客户的邮箱').fill('slow@applicant.example')
  let sent = 0
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/desk/products')) ++sent
  })
  const let_go = await hold()
  const save = dialog.getByRole('button', { name: '保存' })
  await save.click()
  await dialog.locator('button.is-loading').waitFor()
  await save.click({ force: true, noWaitAfter: true }).catch(() => undefined)
  await dialog.getByLabel('实例').press('Enter')
  await let_go()
  await page.getByText('已保存。').first().waitFor()
  expect(sent).toBe(1)
  const { products } = await admin.call<{ products: unknown[] }>('GET', '/desk/products?q=slow-one')
  expect(products).toHaveLength(1)
  // The dialog gives the focus back to what opened it.
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' }).catch(() => undefined)
  expect(await page.locator('dialog[open]').count()).toBe(0)
  expect(await page.evaluate(() => document.activeElement?.textContent?.trim())).toBe('新增产品')
}, 240_000)
