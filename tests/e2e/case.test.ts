// The reviewer's screen in the browser: a clean filing passed with the keyboard alone, and what stands
// around a case. Its pictures are the handbook's (docs/handbook).
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { submitted } from '../support/journey.ts'
import { Applicant, type Case, Staff } from '../support/people.ts'
import { eventually, Platform } from '../support/platform.ts'
import { launch, Seat } from './browser.ts'
import { DeskSeat } from './desk.ts'
import { keeps_out, sticks_out } from './looks.ts'

let platform: Platform
let browser: Browser
let desk: DeskSeat
let colleague: Staff
const ids: string[] = []
beforeAll(async () => {
  ;[platform, browser] = await Promise.all([Platform.start(), launch()])
  for (const [at, domain] of ['clean-one.cn', 'clean-two.cn'].entries()) {
    const applicant = new Applicant(platform)
    await applicant.register(`clean${at}@applicant.example`)
    const c: Case = { enterprise: true, domains: [domain], sequence: 431 }
    const { id } = await submitted(applicant, c)
    if (at === 0) await applicant.act(id, 'withdraw')
    ids.push(id)
  }
  colleague = await Staff.logIn(platform, 'senior')
  await eventually('the pictures looked at', async () => {
    const { materials } = await colleague.call<{ materials: { inspection?: { state: string } }[] }>('GET', `/desk/filings/${ids[1]}`)
    return materials.every((one) => one.inspection && one.inspection.state !== 'waiting')
  }, 150_000)
  desk = await DeskSeat.log_in(browser, platform, 'reviewer')
}, 240_000)
afterAll(async () => {
  await browser?.close()
  await platform?.stop()
})
afterEach(async (context) => {
  if (context.task.result?.state === 'fail') await desk?.seat.shot('failed-case').catch(() => undefined)
})

/** Of the choice of a colleague: his role and how many cases he has stand behind his name. */
const option_of = async (name: string) => {
  const option = desk.page.locator('dialog[open] option').filter({ hasText: name })
  return { label: (await option.textContent())!.trim() }
}
async function fine(): Promise<void> {
  expect(await sticks_out(desk.page)).toEqual([])
  expect(await keeps_out(desk.page)).toEqual([])
}

test('a case that nobody has opened shows no picture in full', async () => {
  const full: string[] = []
  desk.page.on('request', (request) => {
    if (request.url().includes('size=full')) full.push(request.url())
  })
  await desk.seat.go(`/desk/${ids[1]}`)
  await desk.page.locator('.evidence .box img').waitFor()
  await desk.seat.sees('看原图（会留下记录）')
  expect(full).toEqual([])
  await desk.seat.shot('handbook-case-masked', false)
  await desk.seat.press(desk.page.getByRole('button', { name: '看原图（会留下记录）' }))
  await eventually('the picture', async () => full.length > 0)
  await fine()
})

test('around the case stand related filings, notes that name, calls agreed on', async () => {
  const { page } = desk
  await desk.seat.press(desk.bar.getByRole('button', { name: /^领取(?!下一件)/ }))
  await desk.bar.getByText('由我办理').waitFor()

  await page.keyboard.press('e')
  const row = page.getByRole('row').filter({ hasText: 'clean-one.cn' })
  await row.getByText('主体证件', { exact: true }).waitFor()
  await row.getByText('其他账号').waitFor()
  await page.locator('.field').filter({ hasText: '另有 1 件备案相同' }).first().waitFor()
  await desk.seat.shot('handbook-case', false)
  await fine()

  // What was read on the sample papers is not what was typed: the first such field is one key away.
  await page.keyboard.press('x')
  await page.locator('.field.doubt:focus-within .differs mark').first().waitFor()
  await desk.seat.shot('handbook-case-read', false)

  await page.keyboard.press('i')
  const note = page.getByRole('combobox', { name: /申请人看不到/ })
  await note.fill('请看执照 @主')
  await page.getByRole('option', { name: /主管丁/ }).waitFor()
  await desk.seat.shot('handbook-notes', false)
  await note.press('Enter')
  expect(await note.inputValue()).toBe('请看执照 @主管丁 ')
  await note.press('Control+Enter')
  await page.locator('section.notes ol').getByText('请看执照 @主管丁').waitFor()
  await fine()

  await page.locator('h1').click()
  await page.keyboard.press('t')
  await page.getByLabel('无人接听').check()
  await page.getByRole('button', { name: '明天' }).click()
  await desk.seat.shot('handbook-calls', false)
  await page.getByRole('button', { name: '记录通话' }).click()
  await page.locator('.notices').getByText(/约好 .* 再打/).waitFor()
  await fine()

  // A reason that was sent before stands first, one's own words are offered again.
  await page.locator('button.handle[data-path="organiser.name"]').focus()
  await page.keyboard.press('Enter')
  await page.locator('.editor').waitFor()
  await desk.seat.shot('handbook-correct', false)
  await fine()
  await page.keyboard.press('Escape')

  await page.setViewportSize({ width: 1920, height: 1080 })
  await desk.seat.shot('handbook-case-wide', false)
  await fine()
  await page.setViewportSize({ width: 1280, height: 900 })

  await page.locator('h1').click()
  await page.keyboard.press('g')
  const dialog = page.locator('dialog[open]')
  await dialog.getByLabel('交给谁').selectOption(await option_of('主管丁'))
  await desk.seat.shot('handbook-hand-over', false)
  await dialog.getByRole('button', { name: '取消' }).click()

  await desk.seat.go('/desk/reminders')
  await page.getByText('还没有人提到您').waitFor()
  await fine()
  await colleague.call('POST', `/desk/filings/${ids[1]}/notes`, { text: '@初审员甲 执照没问题' })
  await page.reload()
  await page.getByText('执照没问题').waitFor()
  await page.getByRole('link', { name: '我的提醒：1 条' }).waitFor()
  await fine()
  await desk.seat.shot('handbook-reminders', false)
  // A call that is due stands above the queues, and in the case.
  await platform.sql(`UPDATE appointments SET at = ${Date.now() - 60_000}`)
  await desk.seat.go('/desk?queue=mine')
  await page.getByText('现在该打的电话').waitFor()
  await page.getByRole('link', { name: '我的提醒：2 条' }).waitFor()
  await desk.seat.shot('handbook-due', false)
  await fine()
  await colleague.call('POST', `/desk/filings/${ids[1]}/claim`, { take_over: true, reason: '同事请假' })
  await colleague.call('DELETE', `/desk/filings/${ids[1]}/claim`)
})

// The English handbook shows English pages, asked for in English: server's words too.
test('the same in English', async () => {
  const { page } = desk
  const bar = page.getByRole('region', { name: 'Decision', exact: true })
  const shows = (name: string) => desk.seat.shot(`handbook-${name}-en`, false)
  await page.getByRole('button', { name: 'English' }).click()
  await desk.seat.go(`/desk/${ids[1]}`)
  await page.locator('.evidence .box img').waitFor()
  await desk.seat.sees('Show in full (this is recorded)')
  await shows('case-masked')
  await desk.seat.press(bar.getByRole('button', { name: /^Claim(?! next)/ }))
  await bar.getByText('With me').waitFor()
  await page.keyboard.press('e')
  await page.getByText('another account').waitFor()
  await shows('case')
  await fine()
  await page.keyboard.press('x')
  await page.locator('.field.doubt:focus-within .differs mark').first().waitFor()
  await shows('case-read')
  await page.keyboard.press('i')
  const note = page.getByRole('combobox', { name: /Applicants never see these/ })
  await note.fill('Please see the licence @主')
  await page.getByRole('option', { name: /主管丁/ }).waitFor()
  await shows('notes')
  await note.fill('')
  await page.locator('h1').click()
  await page.keyboard.press('t')
  await page.getByLabel('no answer').check()
  await page.getByRole('button', { name: 'tomorrow', exact: true }).click()
  await shows('calls')
  await page.locator('button.handle[data-path="organiser.name"]').focus()
  await page.keyboard.press('Enter')
  await page.locator('.editor').waitFor()
  await shows('correct')
  await page.keyboard.press('Escape')
  await page.locator('h1').click()
  await page.keyboard.press('g')
  const dialog = page.locator('dialog[open]')
  await dialog.getByRole('combobox').selectOption(await option_of('主管丁'))
  await shows('hand-over')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await page.locator('h1').click()
  await page.keyboard.press('p')
  await dialog.waitFor()
  await shows('decide')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: /^Put back/ }).click()
  await page.getByText('Put back into the queue').waitFor()
  await desk.seat.go('/desk/reminders')
  await page.getByText('执照没问题').waitFor()
  await shows('reminders')
  await page.getByRole('button', { name: '中文' }).click()
}, 240_000)

test('a clean filing is passed with the keyboard alone in under ten actions', async () => {
  const { page } = desk
  await desk.seat.go('/desk')
  await page.locator(`a.open[href$="/desk/${ids[1]}"]`).waitFor()
  let actions = 0
  const press = async (key: string) => {
    ++actions
    await page.keyboard.press(key)
  }
  await press('n')
  await desk.bar.getByText('由我办理').waitFor()
  await page.locator('button.handle').first().waitFor()
  // Along the pictures and to what needs a closer look.
  await press(']')
  await press(']')
  await press('x')
  await press('p')
  await page.locator('dialog[open]').waitFor()
  await desk.seat.shot('handbook-decide', false)
  await press('Enter')
  await desk.seat.sees('已通过初审。')
  expect(actions).toBeLessThan(10)
  const { state } = await colleague.call<{ state: string }>('GET', `/desk/filings/${ids[1]}`)
  expect(state).toBe('verification')
  // Back in the queue one goes on from the row where one left.
  await desk.seat.go('/desk?queue=all')
  await page.locator('a.open').nth(1).waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  const left = await page.locator('a.open:focus').getAttribute('href')
  await page.keyboard.press('Enter')
  await page.locator('button.handle').first().waitFor()
  await page.keyboard.press('q')
  await page.locator(`a.open:focus[href="${left}"]`).waitFor()
  expect(desk.seat.faults).toEqual([])
})
