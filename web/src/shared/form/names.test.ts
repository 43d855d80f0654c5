import { describe, expect, it } from 'vitest'
import { coreOf, proposeNames } from './names'
import type { Content } from './types'

const content = (organiser: Content, remark = ''): Content => ({
  organiser,
  sites: [{ key: 's1', name: '网络平台', remark }],
})
const all = () => true

describe('proposed names', () => {
  it('know the part of a name that is the organisation’s own', () => {
    expect(coreOf('浙江省杭州市示例科技有限公司')).toBe('示例科技')
    expect(coreOf('示例（杭州）数据股份有限公司')).toBe('示例数据')
    expect(coreOf('杭州市西湖区甲乙商行')).toBe('甲乙')
  })

  it('come from the owner’s own name and remark, two owners never get the same', () => {
    const one = proposeNames(content({ nature: 4, name: '甲乙科技有限公司' }), 'sites.s1', [], all)
    const two = proposeNames(content({ nature: 4, name: '丙丁农场' }), 'sites.s1', [], all)
    expect(one).toContain('甲乙科技')
    expect(one.every((name) => name.includes('甲乙'))).toBe(true)
    expect(two.every((name) => name.includes('丙丁'))).toBe(true)
    expect(one.filter((name) => two.includes(name))).toEqual([])
  })

  it('of a person speak of what the remark says, not of the person', () => {
    const made = proposeNames(
      content({ nature: 5, name: '测试甲' }, '记录读书心得和生活'),
      'sites.s1',
      [],
      all,
    )
    expect(made.length).toBeGreaterThan(1)
    expect(made.every((name) => name.includes('读书心得'))).toBe(true)
    expect(made).not.toContain('测试甲')
  })

  it('leave out what a check refuses, and propose nothing out of nothing', () => {
    const made = proposeNames(content({ nature: 4, name: '甲乙科技' }), 'sites.s1', [], (name) =>
      name.includes('官网'),
    )
    expect(made).toEqual(['甲乙科技官网'])
    expect(proposeNames(content({ nature: 5, name: '测试甲' }), 'sites.s1', [], all)).toEqual([])
    expect(proposeNames({}, 'sites.s1', [], all)).toEqual([])
  })
})
