// A real browser for the tests: contexts as wide as a desk or as a phone, each with an ear for what
// goes wrong in it without being seen: errors of scripts, refusals of the content security policy.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core'
import { root } from '../support/platform.ts'

// A server with sanitizers on a busy machine may take its time over any one answer.
const k_patience_ms = Number(process.env.BEIAN_PATIENCE ?? 45_000)

const shots = join(root, 'tests/e2e/shots')

export async function launch(): Promise<Browser> {
  mkdirSync(shots, { recursive: true })
  return chromium.launch({
    executablePath: process.env.BEIAN_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

export type Width = 'desktop' | 'phone'
const widths = {
  desktop: { viewport: { width: 1280, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
}

/** One person's browser with one page open. */
export class Seat {
  readonly faults: string[] = []

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    readonly width: Width,
    readonly url: string,
  ) {
    this.listen(page)
  }

  static async take(browser: Browser, width: Width, url: string, locale = 'zh-CN'): Promise<Seat> {
    const context = await browser.newContext({
      ...widths[width],
      locale,
      timezoneId: 'Asia/Shanghai',
      reducedMotion: 'reduce',
    })
    context.setDefaultTimeout(k_patience_ms)
    context.setDefaultNavigationTimeout(k_patience_ms)
    return new Seat(context, await context.newPage(), width, url)
  }

  private listen(page: Page) {
    page.on('pageerror', (error) => this.faults.push(`${page.url()}: ${error.message}`))
    page.on('console', (message) => {
      if (message.type() === 'error') this.faults.push(`${page.url()}: ${message.text()} ${message.location().url}`)
    })
  }

  async go(path: string): Promise<void> {
    await this.page.goto(this.url + path)
  }

  /** A finger on a phone, the mouse elsewhere. */
  async press(target: Locator): Promise<void> {
    if (this.width === 'phone') await target.tap()
    else await target.click()
  }
  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: typeof name === 'string' })
  }
  link(name: string | RegExp): Locator {
    return this.page.getByRole('link', { name, exact: typeof name === 'string' })
  }
  async sees(what: string | RegExp): Promise<void> {
    await this.page.getByText(what).filter({ visible: true }).first().waitFor()
  }
  async heading(name: string | RegExp): Promise<void> {
    await this.page.getByRole('heading', { name, exact: typeof name === 'string' }).first().waitFor()
  }

  async shot(name: string, fullPage = true): Promise<void> {
    await this.page.screenshot({ path: join(shots, `${name}.png`), fullPage })
  }

  async leave(): Promise<void> {
    await this.context.close()
  }
}
