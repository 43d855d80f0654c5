// Whatever the server writes into the audit trail has words in both languages, and no member of a
// detail is shown as it stands in the database: read from the server's own source.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import events from '@data/texts/zh-CN/events.json'
import zh from '../texts/zh-CN/admin.json'
import en from '../texts/en/admin.json'
import '../routes'
import { load_texts } from '@/shared/i18n'
import {
  act_words,
  detail_words,
  is_said,
  k_unsaid,
  subject_words,
  type Entry,
} from './audit_words'

const root = resolve(import.meta.dirname, '../../../../src')
function sources(folder: string): string {
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .map((path) =>
      statSync(path).isDirectory()
        ? sources(path)
        : path.endsWith('.cc')
          ? readFileSync(path, 'utf8')
          : '',
    )
    .join('\n')
}
// Every call that writes an entry, to its semicolon.
const calls = [...sources(root).matchAll(/\b(?:record\(s, tx,|append_audit\()[^;]*;/g)].map(
  ([call]) => call,
)
const families = Object.keys(zh.admin.audit.acts)
const acts = [
  ...new Set([
    ...calls.flatMap((call) => [...call.matchAll(/"([a-z_]+\.[a-z_]+)"/g)].map(([, act]) => act!)),
    ...Object.keys(events).map((event) => `filing.${event}`),
  ]),
].filter((act) => act !== 'audit.event') // what a proof is keyed for
const members = [
  ...new Set(
    calls.flatMap((call) => [...call.matchAll(/\{\s*"([a-z_]+)",\s/g)].map(([, name]) => name!)),
  ),
].filter((name) => !['staff', 'applicant', 'clock', 'operator', 'nobody'].includes(name))

beforeAll(() =>
  load_texts('admin', 'desk', 'states', 'manage', 'line', 'dispatch', 'products', 'phone'),
)

const entry = (act: string, detail: object, subject = ''): Entry => ({
  seq: 1,
  at: 0,
  actor: 'staff',
  actor_id: '7',
  actor_name: '安全管理员己',
  people: { '7': '安全管理员己', '8': 'a***@example.com' },
  act,
  subject,
  detail: detail as Entry['detail'],
})

describe('the audit trail in words', () => {
  it('has a name for every act the server writes', () => {
    expect(acts.length).toBeGreaterThan(90)
    for (const texts of [zh, en]) {
      const known = texts.admin.audit.acts as unknown as Record<string, Record<string, string>>
      const missing = acts.filter((act) => {
        const [family, name] = act.split('.') as [string, string]
        return !known[family]?.[name]
      })
      expect(missing).toEqual([])
    }
    expect(families).toContain('rule')
  })

  it('knows every member of a detail', () => {
    expect(members.length).toBeGreaterThan(15)
    expect(members.filter((name) => !is_said(name) && !k_unsaid.includes(name))).toEqual([])
  })

  it('says who became what, by whom, and for which filings', () => {
    const detail = {
      role: 'senior',
      before: 'first_reviewer',
      scope: '{"provinces":["330000"],"customers":["8"]}',
      asked_by: '7',
    }
    const said = detail_words(entry('grant.granted', detail, 'account/8'))
    expect(said).toContain('初审 → 审核组长')
    expect(said).toContain('1 个客户')
    expect(said).toContain('由 安全管理员己 提出')
    expect(subject_words(entry('grant.granted', detail, 'account/8'))).toBe('账号 a***@example.com')
  })

  it('names states, materials and settings, and keeps proofs to itself', () => {
    const step = { event: '5', from: 'draft', to: 'initial_review', proof: 'ab12' }
    expect(detail_words(entry('filing.submit', step))).toBe('草稿 → 待初审')
    expect(act_words('look.material organiser_certificate')).toBe('查看材料：单位证件')
    expect(subject_words(entry('setting.changed', {}, 'setting/provider.phone'))).toBe(
      '设置 客服电话',
    )
  })
})
