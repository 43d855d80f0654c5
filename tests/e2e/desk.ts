// What staff and the officer of the reference bureau do in the browser.
import type { Browser } from 'playwright-core'
import type { Platform } from '../support/platform.ts'
import { Seat } from './browser.ts'

export class DeskSeat {
  private constructor(readonly seat: Seat) {}

  static async log_in(browser: Browser, platform: Platform, name: string): Promise<DeskSeat> {
    const seat = await Seat.take(browser, 'desktop', platform.url.replace(/\/$/, ''))
    await seat.go('/login')
    await seat.page.getByLabel('电子邮箱').fill(platform.staff[name]!.email)
    await seat.page.getByLabel('密码').fill(platform.staff[name]!.password)
    await seat.press(seat.page.getByRole('main').getByRole('button', { name: '登录', exact: true }))
    await seat.page.waitForURL(/\/desk/)
    return new DeskSeat(seat)
  }

  get page() {
    return this.seat.page
  }

  /** From the queue of what nobody has to the case, and takes it. */
  async claim(id: string): Promise<void> {
    await this.seat.go('/desk')
    await this.seat.heading('待领取')
    await this.seat.press(this.page.locator(`a.open[href$="/desk/${id}"]`))
    await this.seat.press(this.bar.getByRole('button', { name: '领取', exact: true }))
    await this.bar.getByText('由我办理').waitFor()
  }
  get bar() {
    return this.page.getByRole('region', { name: '处理', exact: true })
  }

  async objects_to(path: string, words: string): Promise<void> {
    await this.seat.press(this.page.locator(`button.handle[data-path="${path}"]`))
    const editor = this.page.locator('.editor')
    await editor.getByRole('textbox', { name: '补充说明' }).fill(words)
    await this.bar.getByText('已保存').waitFor()
    await this.seat.press(editor.getByRole('button', { name: /^完成/ }))
  }

  async decides(button: string, then: string): Promise<void> {
    // With objections their number stands behind the words.
    await this.seat.press(this.bar.getByRole('button', { name: new RegExp(`^${button}( ?\\(\\d+\\))?$`) }))
    const dialog = this.page.locator('dialog[open]')
    await this.seat.press(dialog.getByRole('button', { name: button, exact: true }))
    await this.seat.sees(then)
  }

  async posts(recipient: string, carrier: string, number: string): Promise<void> {
    await this.seat.go('/desk/dispatch')
    // Lists show names masked.
    const masked = recipient[0] + '*'.repeat(recipient.length - 1)
    const order = this.page.locator('.orders > li').filter({ hasText: masked }).first()
    await this.page.getByLabel('快递公司').fill(carrier)
    await order.getByPlaceholder('扫描或输入运单号').fill(number)
    await this.seat.press(order.getByRole('button', { name: '寄出' }))
    await order.getByText(number).waitFor()
  }
}

export class OfficerSeat {
  private constructor(readonly seat: Seat) {}

  static async enter(browser: Browser, platform: Platform): Promise<OfficerSeat> {
    const seat = await Seat.take(browser, 'desktop', platform.console.replace(/\/$/, ''))
    await seat.page.goto(`${platform.console}#token=${platform.consoleToken}`)
    return new OfficerSeat(seat)
  }

  async decides(organiser: string, opinion: string, button: string): Promise<void> {
    const { page } = this.seat
    await this.seat.press(page.getByRole('link', { name: organiser }))
    await this.seat.heading(organiser)
    await page.getByLabel('审核意见').fill(opinion)
    await this.seat.press(this.seat.button(button))
    await this.seat.sees(opinion)
  }
}
