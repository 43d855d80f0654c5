// Two tabs on one draft: neither loses what it typed, neither overwrites the other unseen.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Applicant, type Filing } from '../support/people.ts'
import { Platform } from '../support/platform.ts'

let platform: Platform
let left: Applicant
let right: Applicant
let id: string
beforeAll(async () => {
  platform = await Platform.start()
  left = new Applicant(platform)
  await left.register('tabs@applicant.example')
  right = new Applicant(platform, 'en')
  Object.assign(right, { cookie: left.cookie, csrf: left.csrf })
  id = (await left.draft({ enterprise: true, domains: ['two-tabs.cn'], sequence: 131 })).id
})
afterAll(async () => platform?.stop())

const patch = (who: Applicant, changes: { path: string; from?: unknown; to: unknown }[]) =>
  who.raw('PATCH', `/filings/${id}/content`, { changes })
const content = async () => (await left.filing(id)).content as {
  organiser: Record<string, unknown>
  principal: Record<string, unknown>
  sites: { key: string; name: string; services: number[] }[]
}

test('different fields of both arrive', async () => {
  const from = (await content()).principal
  const answers = await Promise.all([
    patch(left, [{ path: 'principal.mobile', from: from.mobile, to: '19900001311' }]),
    patch(right, [{ path: 'principal.email', from: from.email, to: 'both@organiser.example' }]),
  ])
  expect(answers.map((r) => r.status)).toEqual([200, 200])
  expect((await content()).principal).toMatchObject({ mobile: '19900001311', email: 'both@organiser.example' })
})

test('the same field: the second is told what stands there, and nothing of its call is saved', async () => {
  const before = await content()
  const was = before.organiser.address
  expect((await patch(left, [{ path: 'organiser.address', from: was, to: '左页路1号' }])).status).toBe(200)
  const clash = await patch(right, [
    { path: 'organiser.name', from: before.organiser.name, to: '右页科技有限公司' },
    { path: 'organiser.address', from: was, to: '右页路2号' },
  ])
  expect(clash.status).toBe(409)
  const problem = await clash.json()
  expect(problem).toMatchObject({
    code: 'stale',
    reason: 'field_changed',
    problems: [{ field: 'organiser.address', params: { theirs: '左页路1号', yours: '右页路2号' } }],
  })
  expect(problem.problems[0].message).toContain('左页路1号')
  expect((await content()).organiser).toMatchObject({ name: before.organiser.name, address: '左页路1号' })
  // Having seen it, one may decide.
  expect((await patch(right, [{ path: 'organiser.address', from: '左页路1号', to: '右页路2号' }])).status).toBe(200)
})

test('what one typed oneself, kept in another spelling, is no clash', async () => {
  const was = (await content()).organiser.address
  for (const [from, to, kept] of [
    [was, '示例路１号 ', '示例路1号'],
    ['示例路１号 ', '示例路１号　３楼（东）', '示例路1号 3楼（东）'],
    ['示例路１号　３楼（东）', '示例路１号　３楼（东）Ａ座', '示例路1号 3楼（东）A座'],
  ]) {
    expect((await patch(left, [{ path: 'organiser.address', from, to }])).status).toBe(200)
    expect((await content()).organiser.address).toBe(kept)
  }
  // Another value is one still.
  expect((await patch(right, [{ path: 'organiser.address', from: '示例路１号 ', to: '右页路3号' }])).status).toBe(409)
})

test('twenty at once on one field: exactly one wins, and all the others know', async () => {
  const was = (await content()).organiser.remark ?? null
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) => patch(i % 2 ? left : right, [{ path: 'organiser.remark', from: was, to: `第${i}页` }])),
  )
  const won = answers.flatMap((r, i) => (r.status === 200 ? [i] : []))
  expect(won).toHaveLength(1)
  expect(answers.filter((r) => r.status === 409)).toHaveLength(19)
  expect((await content()).organiser.remark).toBe(`第${won[0]}页`)
})

test('twenty at once on twenty fields: nothing is lost', async () => {
  const { sites } = await left.call<{ content: { sites: unknown[] } }>('POST', `/filings/${id}/sites`).then((f) => f.content)
  expect(sites).toHaveLength(2)
  const fields: [string, unknown][] = [
    ['organiser.investor', '投资者甲'],
    ['organiser.certificate_address', '浙江省杭州市西湖区示例路9号'],
    ['principal.name', '测试戊'],
    ['principal.office_phone', '0571-88889999'],
    ['principal.emergency_phone', '19900001399'],
    ['principal.certificate_from', '2019-02-03'],
    ['principal.certificate_until', 'long'],
    ['sites.s1.name', '示例图书目录'],
    ['sites.s1.remark', '左右两页一起写'],
    ['sites.s2.name', '示例软件下载'],
    ['sites.s2.domain', 'two-tabs-more.cn'],
    ['sites.s2.languages', [1, 2]],
  ]
  const now = (await left.filing(id)).content as Record<string, unknown>
  const at = (path: string) =>
    path.split('.').reduce<unknown>((v, step) => {
      if (Array.isArray(v)) return v.find((item) => (item as { key: string }).key === step)
      return (v as Record<string, unknown> | undefined)?.[step]
    }, now) ?? null
  const answers = await Promise.all(
    fields.map(([path, to], i) => patch(i % 2 ? left : right, [{ path, from: at(path), to }])),
  )
  expect(answers.map((r) => r.status)).toEqual(fields.map(() => 200))
  const after = (await left.filing(id)).content as Record<string, unknown>
  const there = (path: string) =>
    path.split('.').reduce<unknown>((v, step) => {
      if (Array.isArray(v)) return v.find((item) => (item as { key: string }).key === step)
      return (v as Record<string, unknown> | undefined)?.[step]
    }, after)
  for (const [path, to] of fields) expect([path, there(path)]).toEqual([path, to])
})

test('the same change twice is no clash: a save whose answer was lost may be sent again', async () => {
  const was = (await content()).principal.email
  const change = [{ path: 'principal.email', from: was, to: 'again@organiser.example' }]
  expect((await patch(left, change)).status).toBe(200)
  expect((await patch(left, change)).status).toBe(200)
})

test('submitting from one tab closes the other', async () => {
  const c = { enterprise: false, domains: ['two-tabs-close.cn'], sequence: 132 }
  const other = await left.draft(c)
  await left.uploadAll(other.id)
  const seen = await left.filing(other.id)
  await left.act(other.id, 'submit')
  const closed = await right.raw('PATCH', `/filings/${other.id}/content`, {
    changes: [{ path: 'principal.email', from: 'someone@organiser.example', to: 'late@organiser.example' }],
  })
  expect(closed.status).toBe(409)
  expect(await closed.json()).toMatchObject({ reason: 'not_editable' })
  const late = await right.call<Filing>('POST', `/filings/${other.id}/actions/withdraw`, { version: seen.version }).catch((e: unknown) => e)
  expect(late).toMatchObject({ status: 409, reason: 'changed_meanwhile' })
  expect((await left.filing(other.id)).state).toBe('initial_review')
})
