// An administrator at work in the browser: a setting changed, seen in its history and taken back; a
// holiday with its effect; words with made-up data; an announcement that its reader closes.
import type { Browser as Chromium } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { submitted } from '../support/journey.ts'
import { Applicant } from '../support/people.ts'
import { Platform } from '../support/platform.ts'
import { launch, Seat } from './browser.ts'
import { DeskSeat } from './desk.ts'
import { keeps_out, sticks_out } from './looks.ts'

let platform: Platform
let chromium: Chromium
let desk: DeskSeat
beforeAll(async () => {
  ;[platform, chromium] = await Promise.all([Platform.start(), launch()])
  const applicant = new Applicant(platform)
  await applicant.register('deadline@applicant.example')
  await submitted(applicant, { enterprise: true, domains: ['deadline.cn'], sequence: 91 })
  desk = await DeskSeat.log_in(chromium, platform, 'admin')
}, 300_000)
afterAll(async () => {
  await chromium?.close()
  await platform?.stop()
})

const dialog = () => desk.page.locator('dialog[open]')
async function looks_good(name: string) {
  await desk.seat.shot(name)
  expect([...(await sticks_out(desk.page)), ...(await keeps_out(desk.page)), ...desk.seat.faults]).toEqual([])
}

// What was refused on purpose is in the browser's console, and nothing else.
function was_refused() {
  expect(desk.seat.faults.splice(0)).toEqual([expect.stringContaining('422')])
}

test('a setting is changed, kept in its history, and taken back', async () => {
  await desk.seat.go('/desk/admin/settings')
  await desk.page.getByRole('button', { name: '修改: 接入服务商名称' }).click()
  await dialog().getByLabel('接入服务商名称').fill('')
  await dialog().getByRole('button', { name: '保存' }).click()
  await dialog().getByRole('alert').waitFor()
  was_refused()
  await dialog().getByLabel('接入服务商名称').fill('浏览器里改的名字')
  await dialog().getByRole('button', { name: '保存' }).click()
  await desk.page.locator('header small').getByText('浏览器里改的名字').waitFor()
  await dialog().getByText('历史').click()
  await looks_good('dialog-setting')
  await dialog().getByRole('button', { name: '恢复默认' }).click()
  await desk.page.locator('header small').getByText('示例云').waitFor()
}, 240_000)

test('a holiday shows which deadlines move before anything is saved', async () => {
  await desk.seat.go('/desk/admin/calendar')
  const year = new Date(Date.now() + 8 * 3600_000).getUTCFullYear()
  await desk.page.getByRole('button', { name: `修改: ${year} 年` }).click()
  await dialog().getByText('粘贴', { exact: true }).click()
  const days = Array.from({ length: 9 }, (_, i) => new Date(Date.now() + (8 + 24 * i) * 3600_000).toISOString().slice(0, 10)).filter((day) => day.startsWith(String(year)))
  await dialog().locator('details textarea').fill(`放长假 ${days[0]} ${days.at(-1)}`)
  await dialog().getByRole('button', { name: '填入表格' }).click()
  await dialog().getByRole('button', { name: '预览效果' }).click()
  await dialog().getByText(/件正在办理的备案会改变时限/).waitFor()
  await looks_good('dialog-calendar')
}, 240_000)

test('words are seen with made-up data, and a mistake in them is said', async () => {
  await desk.seat.go('/desk/admin/texts')
  await desk.page.getByRole('button', { name: '修改: filing_initial_returned, 中文' }).click()
  await dialog().getByLabel('标题').fill('请修改 {{domains}}')
  await dialog().getByRole('button', { name: '预览效果' }).click()
  await dialog().getByText('请修改 example.cn').waitFor()
  await looks_good('dialog-notice')
  await dialog().getByLabel('标题').fill('请修改 {{nobody}}')
  await dialog().getByRole('button', { name: '保存' }).click()
  await dialog().getByText(/不能用变量 nobody/).waitFor()
  was_refused()
}, 240_000)

test('a rule that stops filings is written by one, and holds when another has seen it', async () => {
  const path = '/desk/rules?province=330000'
  const senior = await DeskSeat.log_in(chromium, platform, 'senior')
  await senior.seat.go(path)
  const rule = senior.page.locator('ul.list > li').filter({ has: senior.page.getByText('33-09', { exact: true }) })
  await rule.getByRole('button', { name: '修改' }).click()
  await rule.getByLabel('已向管局确认').check()
  await rule.getByLabel('修改原因（必填）').fill('电话问过管局')
  await rule.getByRole('button', { name: '先看影响' }).click()
  await rule.getByText(/要由另一位规则维护员或审核组长同意后才生效/).waitFor()
  await rule.getByRole('button', { name: '提交，等第二人同意' }).click()
  await senior.page.getByRole('button', { name: '撤回' }).waitFor()
  const editor = await DeskSeat.log_in(chromium, platform, 'rules')
  await editor.seat.go(path)
  const change = editor.page.getByRole('group', { name: /33-09$/ })
  await change.getByRole('button', { name: '先看影响' }).click()
  await editor.page.getByText(/最近 \d+ 份备案/).waitFor()
  await editor.seat.shot('rule-change')
  expect([...(await sticks_out(editor.page)), ...(await keeps_out(editor.page)), ...editor.seat.faults]).toEqual([])
  await change.getByRole('button', { name: '同意并发布' }).click()
  await editor.page.getByText(/主管丁 提出，规则维护员辛 同意/).waitFor()
  await senior.seat.leave()
  await editor.seat.leave()
}, 240_000)

test('an announcement stands above the pages until its reader closes it', async () => {
  await desk.seat.go('/desk/admin/announcements')
  await desk.page.getByRole('button', { name: '发公告' }).click()
  await dialog().getByLabel('中文').fill('本周日 2:00–4:00 维护，期间不能提交。')
  await dialog().getByLabel('英文').fill('Maintenance on Sunday, 2:00 to 4:00: nothing can be submitted.')
  await looks_good('dialog-announcement')
  await dialog().getByRole('button', { name: '发布' }).click()
  await desk.page.getByText('正在显示').waitFor()
  const seat = await Seat.take(chromium, 'phone', platform.url.replace(/\/$/, ''))
  await seat.go('/')
  const bar = seat.page.getByRole('region', { name: '公告' })
  await bar.getByText('本周日 2:00–4:00 维护').waitFor()
  await seat.shot('announcement-phone')
  expect([...(await sticks_out(seat.page)), ...(await keeps_out(seat.page))]).toEqual([])
  await seat.press(bar.getByRole('button', { name: '关掉这条公告' }))
  await bar.waitFor({ state: 'detached' })
  await seat.go('/login')
  expect(await bar.count()).toBe(0)
  await seat.leave()
}, 240_000)
