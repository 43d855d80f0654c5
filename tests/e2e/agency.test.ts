// The agency's pages and its client's, with something in them, at both widths: nothing sticks out, no
// script fails, axe finds nothing; and the client finishes his part on a phone with his own hands.
import type { Browser as Chromium } from 'playwright-core'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Applicant, type Browser, creditCode, type Filing, sample, Staff } from '../support/people.ts'
import { eventually, Platform } from '../support/platform.ts'
import { launch, Seat, type Width } from './browser.ts'
import { keeps_out, sticks_out } from './looks.ts'

let platform: Platform
let chromium: Chromium
let agency: Applicant
let plain: Applicant
let admin: Staff
let filing: Filing
let link = ''
const ids = { client: '', faulty: '', done: '' }

async function upload(csv: string, name: string): Promise<{ id: string }> {
  const form = new FormData()
  form.set('file', new Blob([csv]), name)
  return agency.call('POST', '/agency/imports', form)
}

beforeAll(async () => {
  ;[platform, chromium] = await Promise.all([Platform.start(), launch()])
  agency = new Applicant(platform)
  plain = new Applicant(platform)
  await agency.register('agency-pages@applicant.example')
  await plain.register('plain@applicant.example')
  await plain.call('POST', '/account/agency', { name: '等着的代办公司', note: '为约 30 家客户办理网站备案' })
  admin = await Staff.logIn(platform, 'admin')
  await admin.call('POST', '/desk/agencies', { email: 'agency-pages@applicant.example', name: '示例代办公司' })
  const head = '客户,organiser.nature,organiser.certificate_type,organiser.certificate_number,organiser.name,organiser.province,sites.domain,principal.mobile,备注列'
  const row = (n: number, province = '浙江', mobile = '19900001000') =>
    `客户名称比较长的第${n}家示例有限责任公司,企业,营业执照,${creditCode(8000 + n)},示例${n}公司,${province},pages-agency-${n}.cn,${mobile},x`
  ids.done = (await upload([head, ...Array.from({ length: 8 }, (_, i) => row(i))].join('\n'), '八家客户.csv')).id
  await agency.call('POST', `/agency/imports/${ids.done}/confirm`, {})
  await eventually('the import', async () => (await agency.call<{ state: string }>('GET', `/agency/imports/${ids.done}`)).state === 'done')
  ids.faulty = (await upload([head, row(20), row(21, '没有这个省'), row(22, '浙江', '12')].join('\n'), '有错误的一份名字很长的客户资料表格.csv')).id
  const { filings } = await agency.call<{ filings: (Filing & { client_id: string })[] }>('GET', '/agency/filings')
  filing = filings[0]!
  ids.client = filings[0]!.client_id
  await agency.change(filing.id, [{ path: 'principal.certificate_type', to: 2 }])
  await agency.call('POST', '/agency/invitations', { email: 'somebody.with.a.long.address@colleague.example', role: 'viewer' })
  link = (await agency.call<{ url: string }>('POST', `/filings/${filing.id}/client_links`, { send_to: 'client@client.example' })).url.replace(platform.url, '')
}, 120_000)
afterAll(async () => {
  await chromium?.close()
  await platform?.stop()
})

async function sit_down(who: Browser | null, width: Width, locale = 'zh-CN'): Promise<Seat> {
  const seat = await Seat.take(chromium, width, platform.url, locale)
  const cookie = who?.cookie.split('=')
  if (cookie) await seat.context.addCookies([{ name: cookie[0]!, value: cookie[1]!, url: platform.url }])
  return seat
}
async function look(seat: Seat, name: string): Promise<void> {
  await seat.page.waitForLoadState('networkidle')
  await seat.shot(`agency-${name}-${seat.width}`)
  expect.soft([name, ...seat.faults, ...(await sticks_out(seat.page)), ...(await keeps_out(seat.page))]).toEqual([name])
  seat.faults.length = 0
}

test.each(['desktop', 'phone'] as const)('every page, %s', async (width) => {
  const applicant = await sit_down(plain, width)
  await applicant.go('/agency')
  await applicant.sees('等着的代办公司')
  await look(applicant, 'apply')
  await applicant.leave()

  const seat = await sit_down(agency, width)
  const pages: [string, string, string][] = [
    ['clients', '/agency', 'main li.card'],
    ['client', `/agency/clients/${ids.client}`, 'main li.card'],
    ['filings', '/agency/filings', 'main li.card'],
    ['imports', '/agency/imports', 'main li.card'],
    ['faulty', `/agency/imports/${ids.faulty}`, 'tbody tr'],
    ['done', `/agency/imports/${ids.done}`, 'progress'],
    ['members', '/agency/members', 'main li.member'],
    ['materials', `/apply/${filing.id}/materials`, '#client-link-title'],
    ['new', '/apply/new', '.notice'],
  ]
  for (const [name, path, shows] of pages) {
    await seat.go(path)
    await seat.page.locator(shows).first().waitFor()
    await look(seat, name)
  }
  await seat.leave()

  const desk = await sit_down(admin, width)
  await desk.go('/desk/agencies')
  await desk.sees('等着的代办公司')
  await look(desk, 'desk')
  await desk.leave()
}, 300_000)

test('the client on a phone: reads, agrees, takes each picture, finishes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'beian-client-'))
  const seat = await sit_down(null, 'phone')
  await seat.go(link)
  await seat.heading('提供备案需要的证件和照片')
  await look(seat, 'consent')
  expect(await seat.button('同意并开始拍照').isDisabled()).toBe(true)
  await seat.page.getByRole('checkbox').check()
  await seat.press(seat.button('同意并开始拍照'))
  await seat.heading('请拍摄下面的照片')
  await look(seat, 'pictures')
  const papers = ['business_licence', 'id_card_front', 'id_card_back']
  for (const [i, paper] of papers.entries()) {
    const file = join(folder, `${paper}.jpg`)
    writeFileSync(file, Buffer.from(await sample(paper).arrayBuffer()))
    await seat.page.locator('article').nth(i).locator('input[type=file]').first().setInputFiles(file)
    await seat.page.locator('article').nth(i).getByText('已收到').waitFor()
  }
  await seat.sees('都拍好了')
  await look(seat, 'pictures-done')
  await seat.press(seat.button('完成'))
  await seat.heading('已经交齐，谢谢')
  await look(seat, 'completed')
  expect((await agency.filing(filing.id)).materials).toHaveLength(3)
  await seat.leave()

  const english = await sit_down(agency, 'desktop', 'en')
  await english.go(`/apply/${filing.id}/materials`)
  await english.sees('client has finished')
  await look(english, 'materials-en')
  await english.leave()
}, 180_000)
