// What an applicant does in the browser, page by page, as a person would: by the words that stand on
// the buttons, and by the labels of the fields.
import { eventually, type Platform } from '../support/platform.ts'
import { sample } from '../support/people.ts'
import { Seat } from './browser.ts'

export const password = 'correct horse battery'

export interface Answer {
  path: string
  /** Typed, chosen from a list, ticked or pressed according to what the field is. */
  value: string | number | (string | number)[]
}

/** The id of a field's control: `sites.s1.domain` is `f-sites-s1-domain`. */
const control_of = (path: string) => `#f-${path.replace(/[^\w]+/g, '-')}`

export async function paper(name: string) {
  return { name: `${name}.jpg`, mimeType: 'image/jpeg', buffer: Buffer.from(await sample(name).arrayBuffer()) }
}

export class ApplicantSeat {
  id = ''

  constructor(
    readonly seat: Seat,
    readonly platform: Platform,
    readonly email: string,
  ) {}

  get page() {
    return this.seat.page
  }

  async register(): Promise<void> {
    await this.seat.go('/register')
    await this.page.getByLabel('电子邮箱').fill(this.email)
    await this.page.getByLabel('密码').fill(password)
    await this.page.getByRole('checkbox').check()
    await this.seat.press(this.seat.button('注册'))
    await this.seat.heading('请查收邮件')
    const link = await eventually('the activation mail', async () => {
      const mail = this.platform.mail.mails().findLast((one) => one.to.includes(this.email))
      return mail && /https?:\S+\/activate\?token=[\w-]+/.exec(mail.text)?.[0]
    })
    await this.page.goto(link)
    await this.seat.press(this.seat.button('激活我的账号'))
    await this.seat.sees('账号已激活')
    await this.seat.press(this.page.getByRole('main').getByRole('link', { name: '登录', exact: true }))
    await this.log_in()
  }

  async log_in(): Promise<void> {
    await this.page.getByLabel('电子邮箱').fill(this.email)
    await this.page.getByLabel('密码').fill(password)
    await this.seat.press(this.page.getByRole('main').getByRole('button', { name: '登录', exact: true }))
    await this.page.waitForURL('**/apply')
  }

  /** From the check on the front page through the three questions into the wizard. */
  async begin(question: {
    domain: string
    nature: number
    certificate_type: number
    certificate_number: string
    province: string
  }): Promise<void> {
    await this.seat.go('/')
    await this.page.locator('#check-domain').fill(`https://${question.domain}/index.html`)
    await this.seat.press(this.seat.button('查询'))
    await this.seat.sees(`${question.domain} 还没有备案`)
    await this.seat.press(this.seat.link(`为 ${question.domain} 开始备案`))
    await this.seat.heading('开始新的备案')
    await this.page.locator('#f-nature').selectOption(String(question.nature))
    await this.page.locator(`#f-certificate_type-${question.certificate_type}`).check()
    await this.page.locator('#f-certificate_number').fill(question.certificate_number)
    await this.page.locator('#f-province').selectOption(question.province)
    await this.seat.press(this.seat.button('查一查该办哪种'))
    await this.page.locator('#outcome').getByText('首次备案').first().waitFor()
    await this.seat.press(this.seat.button('开始填写'))
    await this.page.waitForURL(/\/apply\/\d+/)
    this.id = /\/apply\/(\d+)/.exec(this.page.url())![1]!
  }

  async on(step: string): Promise<void> {
    await this.page.locator('main h1').filter({ hasText: step }).waitFor()
  }

  async answer({ path, value }: Answer): Promise<void> {
    const field = this.page.locator(control_of(path))
    await field.waitFor()
    const tag = await field.evaluate((element) => element.tagName)
    if (tag === 'SELECT') {
      // A county's list follows the city's.
      await field.locator(`option[value="${String(value)}"]`).waitFor({ state: 'attached' })
      await field.selectOption(String(value))
    } else if (tag === 'FIELDSET') {
      for (const one of Array.isArray(value) ? value : [value]) {
        const choice = this.page.locator(`${control_of(path)}-${one}`)
        // A long list of choices opens with its first rows.
        if ((await choice.count()) === 0) await this.seat.press(field.getByRole('button', { name: /^显示全部/ }))
        await choice.check()
      }
    } else await field.fill(String(value))
  }

  async fill(step: string, answers: Answer[]): Promise<void> {
    await this.on(step)
    for (const one of answers) await this.answer(one)
  }

  async next(button = '下一步'): Promise<void> {
    await this.seat.press(this.seat.button(button))
  }

  async value(path: string): Promise<string> {
    return this.page.locator(control_of(path)).inputValue()
  }

  async choose_product(site: string): Promise<void> {
    const choice = this.page.locator(`${control_of(`sites.${site}.access.product`)} input[type=radio]`).first()
    await choice.check()
    await this.seat.sees('可以使用')
  }

  card(purpose: string, site = '') {
    return this.page.locator(`#m-${site}-${purpose}`)
  }
  /** Several files at once where the card takes several. */
  async upload(purpose: string, papers: string[], site = ''): Promise<void> {
    const files = await Promise.all(papers.map(paper))
    await this.card(purpose, site).locator('input[type=file]:not([capture])').setInputFiles(files)
  }
  async uploaded(purpose: string, count = 1, site = ''): Promise<void> {
    await this.card(purpose, site).locator('.have li').nth(count - 1).waitFor()
  }

  async submit(): Promise<void> {
    await this.on('检查并提交')
    await this.seat.sees('没有发现问题，可以提交。')
    await this.seat.press(this.seat.button('提交初审'))
    await this.page.waitForURL(/\/status$/)
    await this.seat.sees('初审')
  }

  /** The page of the filing's progress, until it says this. */
  async sees_state(name: string | RegExp): Promise<void> {
    await eventually(
      `the page saying ${name}`,
      async () => {
        await this.seat.go(`/apply/${this.id}/status`)
        const card = this.page.locator('section.now')
        await card.waitFor()
        return (await card.getByText(name).count()) > 0
      },
      90_000,
    )
  }

  async order_backdrop(address: string): Promise<void> {
    await this.page.locator('#f-address').fill(address)
    await this.seat.press(this.seat.button('申请寄送幕布'))
    await this.seat.sees('已申请，等待寄出')
  }

  async send_photo(): Promise<void> {
    await this.upload('verification_photo', ['verification_photo'])
    await this.uploaded('verification_photo')
    await this.seat.press(this.seat.button('提交照片'))
    await this.seat.sees('照片审核')
  }
}
