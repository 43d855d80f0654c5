// A bureau that says what it wants and not where: the applicant can put it right all the same.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { handOver, orderOf, type Staffed, submitted } from '../support/journey.ts'
import { Applicant, Officer, Staff } from '../support/people.ts'
import { Platform } from '../support/platform.ts'

let platform: Platform
let staff: Staffed
beforeAll(async () => {
  platform = await Platform.start({ policy: { sms: false } })
  staff = {
    reviewer: await Staff.logIn(platform, 'reviewer'),
    photo: await Staff.logIn(platform, 'photo'),
    officer: new Officer(platform),
  }
}, 120_000)
afterAll(() => platform?.stop())

test('an opinion without a field opens the filing, and it can be submitted again', async () => {
  const me = new Applicant(platform)
  await me.register('opinion@applicant.example')
  const { id } = await submitted(me, { enterprise: false, domains: ['opinion-one.cn'], sequence: 871 })
  await handOver(me, staff, id)
  const order = await orderOf(staff.officer, id)
  await staff.officer.call('POST', `orders/${order.id}/return`, { opinion: '网站名称与内容不符，请核实电话' })

  const back = await me.reaches(id, 'bureau_returned')
  expect(back.corrections.filter((one) => one.open).map((one) => one.field)).toEqual([''])
  expect(back.editable_paths).toEqual(expect.arrayContaining(['organiser.name', 'principal.mobile', 'sites.s1.name']))
  // As pasted from a message: blanks, full-width digits, a country code; a Chinese sentence stays one.
  await me.change(id, [
    { path: 'principal.mobile', to: '+86 １９９ ００００－８８７２' },
    { path: 'sites.s1.remark', to: '个人读书笔记，不涉及经营；（只写书评）' },
  ])
  const { content } = await me.filing(id)
  expect(content).toMatchObject({
    principal: { mobile: '19900008872' },
    sites: [{ remark: '个人读书笔记，不涉及经营；（只写书评）' }],
  })
  await me.act(id, 'submit')
  await me.reaches(id, 'initial_review')
}, 120_000)
