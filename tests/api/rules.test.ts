// The bureaus' rules from all sides: what anybody may read, what an applicant is told while filling
// in, the reviewer's word, and an operator who confirms a rule with its bureau.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Applicant, type DeskFiling, Refused, sample, type ShownProblem, Staff } from '../support/people.ts'
import { Platform, run, binary, root } from '../support/platform.ts'

let platform: Platform
let applicant: Applicant
let reviewer: Staff
let senior: Staff
let editor: Staff
let old = '' // a filing that began before the operator changed a rule

interface Item {
  rule: string
  verdict: string
  field: string
  text: string
  source: string
  blocks: boolean
}
interface Report {
  province: string
  items: Item[]
  rules: { id: string }[]
  problems: ShownProblem[]
  decisions: { rule: string; decision: string; reason: string; by: string }[]
}
interface DeskRules {
  rules: { rule: string; blocks: boolean; confirmed: { by: string } | null }[]
  history: { rule: string; note: string; by: string; agreed_by: string; members: Member[] }[]
  waits?: boolean
}
interface Member {
  member: string
  before: string
  after: string
}
interface Change {
  id: string
  province: string
  rule: string
  note: string
  by: string
  mine: boolean
  may_agree: boolean
  members: Member[]
}
const refusal = async (call: Promise<unknown>): Promise<Refused> =>
  call.then(
    () => Promise.reject(new Error('was not refused')),
    (error: unknown) => error as Refused,
  )
const rules_of = async (id: string, who = applicant) =>
  (await who.filing(id)).problems.filter((one) => one.rule).map((one) => `${one.rule} ${one.field}`)

const waiting = async (who: Staff) => (await who.call<{ changes: Change[] }>('GET', '/desk/rule_changes')).changes
const decide = (who: Staff, id: string, how: 'agree' | 'refuse') => who.call('POST', `/desk/rule_changes/${id}/${how}`)
// Written by the senior, agreed to by the rules editor.
async function publishes(path: string, edit: object): Promise<DeskRules> {
  expect((await senior.call<DeskRules>('POST', path, edit)).waits).toBe(true)
  await decide(editor, (await waiting(editor)).at(-1)!.id, 'agree')
  return senior.call<DeskRules>('GET', path.replace(/\/[^/]+$/, ''))
}

beforeAll(async () => {
  platform = await Platform.start()
  reviewer = await Staff.logIn(platform, 'reviewer')
  senior = await Staff.logIn(platform, 'senior')
  editor = await Staff.logIn(platform, 'rules')
  applicant = new Applicant(platform)
  await applicant.register('rules@applicant.example')
  old = (await applicant.draft({ enterprise: true, domains: ['rules-old.cn'], sequence: 11 })).id
}, 120_000)
afterAll(async () => platform?.stop())

describe('what anybody may ask', () => {
  test('every bureau says what it wants, each rule with its source', async () => {
    const { provinces } = await applicant.call<{ provinces: { province: string; count: number }[] }>('GET', '/rules')
    expect(provinces).toHaveLength(31)
    expect(provinces.reduce((sum, one) => sum + one.count, 0)).toBeGreaterThanOrEqual(541)
    const { rules } = await applicant.call<{ rules: { id: string; source: string[]; date: string }[] }>('GET', '/rules/440000')
    expect(rules.every((one) => one.source.length > 0 && one.date)).toBe(true)
    expect((await refusal(applicant.call('GET', '/rules/999999'))).status).toBe(404)
  })

  test('content is checked before there is a filing, whatever it looks like', async () => {
    const content = { organiser: { nature: 5, province: '370000' }, sites: [{ key: 's1', name: '甲的网络资讯' }] }
    const report = await applicant.call<Report>('POST', '/precheck', { content })
    expect(report.problems.map((one) => one.rule)).toContain('37-05')
    const said = report.problems.find((one) => one.rule === '37-05')
    expect(said?.message).toContain('资讯')
    expect(report.items.some((one) => one.verdict === 'reminds')).toBe(true)
    for (const odd of [{}, { sites: 7 }, { organiser: [] }, { sites: [null, { key: 's1', name: 5 }] }])
      expect((await applicant.call<Report>('POST', '/precheck', { content: odd })).problems.length).toBeGreaterThan(0)
    expect((await refusal(applicant.call('POST', '/precheck', { content: 5 }))).status).toBe(422)
    expect((await refusal(applicant.call('POST', '/precheck', {}))).status).toBe(422)
    expect((await refusal(applicant.call('POST', '/precheck', { kind: 'dance', content: {} }))).status).toBe(422)
  })
})

describe('in the flow', () => {
  test('a word in a name asks for a paper; uploading it answers the rule', async () => {
    await applicant.change(old, [{ path: 'sites.s1.name', to: '示例理财介绍' }])
    const before = await applicant.filing(old)
    const asked = before.problems.find((one) => one.rule === '33-10')
    expect(asked).toMatchObject({ field: 'materials.no_finance_pledge', hard: false })
    expect(asked?.source).toContain('腾讯云')
    expect(before.required_materials).toContainEqual({ purpose: 'no_finance_pledge', site: null, required: false })
    // The letter is there to print, and no other that this bureau does not ask for here.
    const print = (kind: string) => applicant.raw('GET', `/filings/${old}/sheets/${kind}`)
    expect((before as unknown as { sheets: string[] }).sheets).toContain('no_finance_pledge')
    const letter = await print('no_finance_pledge')
    expect(Buffer.from(await letter.arrayBuffer()).subarray(0, 5).toString()).toBe('%PDF-')
    expect((await print('no_training_pledge')).status).toBe(404)
    await applicant.upload(old, 'no_finance_pledge', null, sample('domain_certificate'))
    expect(await rules_of(old)).not.toContain('33-10 materials.no_finance_pledge')
  })

  test('the report says what only people can tell, and to nobody else', async () => {
    const report = await applicant.call<Report>('GET', `/filings/${old}/rules`)
    expect(report.province).toBe('330000')
    expect(report.items.find((one) => one.rule === '33-03')?.verdict).toBe('reminds')
    expect(report.items.some((one) => one.rule.startsWith('44-'))).toBe(false)
    expect(report.rules.length).toBeGreaterThan(20)
    const stranger = new Applicant(platform)
    await stranger.register('stranger@applicant.example')
    expect((await refusal(stranger.call('GET', `/filings/${old}/rules`))).status).toBe(404)
  })
})

describe('the reviewer', () => {
  test('sees the same, and waives a finding with a reason that stays on record', async () => {
    await applicant.change(old, [{ path: 'organiser.address', to: '市辖区示例路1号2幢301室' }])
    expect(await rules_of(old)).toContain('33-09 organiser.address')
    await applicant.uploadAll(old)
    await applicant.act(old, 'submit')
    const waive = (reason: string) =>
      reviewer.call('POST', `/desk/filings/${old}/rules/33-09`, { field: 'organiser.address', decision: 'waived', reason })
    expect((await refusal(waive('合同如此'))).status).toBe(409) // not claimed
    await reviewer.claim(old)
    const seen = await reviewer.call<Report>('GET', `/desk/filings/${old}/rules`)
    expect(seen.items.find((one) => one.rule === '33-09')?.verdict).toBe('fires')
    expect((await refusal(waive('  '))).status).toBe(422)
    await waive('地址与执照一致')
    const after = await reviewer.call<Report>('GET', `/desk/filings/${old}/rules`)
    expect(after.decisions).toMatchObject([{ rule: '33-09', decision: 'waived', reason: '地址与执照一致' }])
    const shown = await reviewer.call<DeskFiling>('GET', `/desk/filings/${old}`)
    expect(shown.problems.some((one) => one.rule === '33-09')).toBe(false)
    expect(shown.events.at(-1)).toMatchObject({ action: 'rule_waived', note: '地址与执照一致' })
    expect((await refusal(applicant.call('POST', `/desk/filings/${old}/rules/33-09`, {}))).status).toBe(403)
  })
})

describe('the operator', () => {
  const confirm = { confirmed: true, note: '电话问过管局' }
  test('sees the effect of a change first; only seniors may change', async () => {
    const effect = await senior.call<Record<string, number>>('POST', '/desk/rules/330000/33-09/preview', confirm)
    expect(effect).toMatchObject({ looked: 1, fires_before: 1, fires_after: 1, blocks_before: 0, blocks_after: 1 })
    expect((await refusal(reviewer.call('POST', '/desk/rules/330000/33-09', confirm))).status).toBe(403)
    expect((await refusal(senior.call('POST', '/desk/rules/330000/33-09', { confirmed: true, note: ' ' }))).status).toBe(422)
    expect((await refusal(senior.call('POST', '/desk/rules/330000/33-09', { severity: 'grave', note: 'x' }))).status).toBe(422)
    const backwards = { valid_from: '2027-02-01', valid_until: '2026-02-01', note: 'x' }
    for (const path of ['/desk/rules/330000/33-09', '/desk/rules/330000/33-09/preview'])
      expect((await refusal(senior.call('POST', path, backwards))).problems.map((one) => one.code)).toEqual(['rule_never_valid'])
    expect((await refusal(senior.call('POST', '/desk/rules/330000/99-99', confirm))).status).toBe(404)
    const rules = await senior.call<DeskRules>('GET', '/desk/rules/330000')
    expect(rules.rules.find((one) => one.rule === '33-09')?.blocks).toBe(false)
    expect(rules.history).toEqual([])
  })

  test('a rule that stops filings takes two people, and the second sees what it says and does', async () => {
    const path = '/desk/rules/330000/33-09'
    const asked = await senior.call<DeskRules>('POST', path, confirm)
    expect(asked.waits).toBe(true)
    expect(asked.rules.find((one) => one.rule === '33-09')?.blocks).toBe(false)
    expect(asked.history).toEqual([])
    expect((await refusal(editor.call('POST', path, confirm))).reason).toBe('rule_change_open')

    const [mine] = await waiting(senior)
    expect(mine).toMatchObject({ mine: true, may_agree: false })
    expect((await refusal(decide(senior, mine!.id, 'agree'))).reason).toBe('rule_own_change')
    const admin = await Staff.logIn(platform, 'admin')
    expect((await refusal(decide(admin, mine!.id, 'agree'))).reason).toBe('rule_second_not_yours')
    expect((await refusal(decide(reviewer, mine!.id, 'agree'))).status).toBe(403)

    const [seen] = await waiting(editor)
    expect(seen).toMatchObject({ province: '330000', rule: '33-09', by: '主管丁', note: '电话问过管局', mine: false, may_agree: true })
    expect(seen!.members).toEqual([{ member: 'confirmed', before: '', after: '主管丁' }])
    expect(await editor.call('POST', `/desk/rule_changes/${seen!.id}/preview`)).toMatchObject({ blocks_before: 0, blocks_after: 1 })
    await decide(editor, seen!.id, 'refuse')
    expect((await refusal(decide(editor, seen!.id, 'agree'))).reason).toBe('rule_change_decided')
    expect(await waiting(senior)).toEqual([])
  })

  test('a change agreed to too late, to a rule that is another by now, does not hold', async () => {
    const path = '/desk/rules/330000/33-10'
    await senior.call('POST', path, { confirmed: true, severity: 'hard', note: '电话问过' })
    const id = (await waiting(editor)).at(-1)!.id
    // What stops nobody is published by one.
    const aside = { severity: 'info', note: '先只说明' }
    expect(await editor.call('POST', `${path}/preview`, aside)).toMatchObject({ needs_second: false })
    expect((await editor.call<DeskRules>('POST', path, aside)).waits).toBe(false)
    expect((await refusal(decide(editor, id, 'agree'))).reason).toBe('rule_changed_meanwhile')
    await decide(senior, id, 'refuse') // taken back by its editor
  })

  test('where the operator says so, one person publishes alone', async () => {
    const admin = await Staff.logIn(platform, 'admin')
    const path = '/desk/rules/330000/33-10'
    const hard = { confirmed: true, severity: 'hard', note: '管局书面答复' }
    const soft = { confirmed: false, severity: 'warn', note: '回到原样' }
    const set = async (value: boolean) => {
      const { version } = await admin.call<{ version: string }>('GET', '/desk/settings/rules.second_editor')
      await admin.call('PUT', '/desk/settings/rules.second_editor', { value, version, note: '' })
    }
    expect(await senior.call('POST', `${path}/preview`, hard)).toMatchObject({ needs_second: true })
    await set(false)
    expect(await senior.call('POST', `${path}/preview`, hard)).toMatchObject({ needs_second: false })
    expect((await senior.call<DeskRules>('POST', path, hard)).waits).toBe(false)
    await set(true)
    // To let go what was stopped takes two again.
    expect(await senior.call('POST', `${path}/preview`, soft)).toMatchObject({ needs_second: true })
    await publishes(path, soft)
  })

  test('a confirmed rule stops new filings; those under way keep what they began with', async () => {
    const kept = (await applicant.draft({ enterprise: true, domains: ['rules-kept.cn'], sequence: 12 })).id
    const now = await publishes('/desk/rules/330000/33-09', confirm)
    expect(now.rules.find((one) => one.rule === '33-09')).toMatchObject({ blocks: true, confirmed: { by: '主管丁' } })
    expect(now.history[0]).toMatchObject({ rule: '33-09', note: '电话问过管局', by: '主管丁', agreed_by: '规则维护员辛' })
    expect(now.history[0]!.members).toEqual([{ member: 'confirmed', before: '', after: '主管丁' }])

    const address = [{ path: 'organiser.address', to: '市辖区示例路1号2幢301室' }]
    await applicant.change(kept, address)
    const mild = (await applicant.filing(kept)).problems.find((one) => one.rule === '33-09')
    expect(mild?.hard).toBe(false)
    await applicant.act(kept, 'withdraw').catch(() => undefined)

    const fresh = (await applicant.draft({ enterprise: true, domains: ['rules-new.cn'], sequence: 13 })).id
    await applicant.change(fresh, address)
    await applicant.uploadAll(fresh)
    const refused = await refusal(applicant.act(fresh, 'submit'))
    expect(refused.status).toBe(422)
    expect(refused.problems.find((one) => one.rule === '33-09')).toMatchObject({ hard: true, field: 'organiser.address' })
    await applicant.change(fresh, [{ path: 'organiser.address', to: '示例路1号2幢301室' }])
    expect((await applicant.act(fresh, 'submit')).state).toBe('initial_review')
  })
})

describe('the rules of the whole country', () => {
  const path = '/desk/rules/000000/ADR-01'
  const confirm = { confirmed: true, severity: 'hard', note: '按部里答复' }
  const address = [{ path: 'organiser.address', to: '示例路大厦' }]
  test('show their words and where they are written, in both languages', async () => {
    const { rules } = await senior.call<{ rules: { rule: string; text: string; source: string; texts: Record<string, string> }[] }>('GET', '/desk/rules/000000')
    for (const one of rules) {
      expect(one.text, one.rule).not.toContain('{{')
      expect(one.texts.en, one.rule).toBeTruthy()
      expect(one.source, one.rule).toMatch(/[\u4e00-\u9fff]/)
    }
    const open = await applicant.call<{ rules: { id: string }[] }>('GET', '/rules/000000')
    expect(open.rules.length).toBe(rules.length)
  })

  test('are confirmed as a bureau’s are: previewed, published by seniors, and not for filings under way', async () => {
    const kept = (await applicant.draft({ enterprise: true, domains: ['nation-kept.cn'], sequence: 14 })).id
    await applicant.change(kept, address)
    const effect = await senior.call<Record<string, number>>('POST', `${path}/preview`, confirm)
    expect(effect.looked).toBeGreaterThan(0)
    expect(effect.blocks_before).toBe(0)
    expect((await refusal(reviewer.call('POST', path, confirm))).status).toBe(403)
    const now = await publishes(path, confirm)
    expect(now.rules.find((one) => one.rule === 'ADR-01')).toMatchObject({ blocks: true })
    const mild = (await applicant.filing(kept)).problems.find((one) => one.rule === 'ADR-01')
    expect(mild).toMatchObject({ hard: false, field: 'organiser.address' })
    await applicant.act(kept, 'withdraw').catch(() => undefined)

    const fresh = (await applicant.draft({ enterprise: true, domains: ['nation-new.cn'], sequence: 15 })).id
    await applicant.change(fresh, address)
    await applicant.uploadAll(fresh)
    const refused = await refusal(applicant.act(fresh, 'submit'))
    expect(refused.problems.find((one) => one.rule === 'ADR-01')).toMatchObject({ hard: true })
    const report = await applicant.call<Report & { nation: { id: string }[] }>('GET', `/filings/${fresh}/rules`)
    expect(report.nation.find((one) => one.id === 'ADR-01')).toMatchObject({ confirmed: { by: expect.any(String) as string } })
  })

  test('what the bureau says more closely is said once', async () => {
    const twice = (await applicant.draft({ enterprise: true, domains: ['nation-once.cn'], sequence: 16 })).id
    await applicant.change(twice, [{ path: 'organiser.address', to: '市辖区示例路1号2幢301室' }])
    const said = (await applicant.filing(twice)).problems.filter((one) => one.field === 'organiser.address')
    expect(said.map((one) => one.rule)).toEqual(['33-09'])
  })
})

describe('beian rules', () => {
  test('checks, tests and explains what is shipped', async () => {
    const checked = await run(binary, ['rules', 'check', '--data', `${root}/data`])
    expect(checked.said).toContain('0 faults, 0 silent')
    expect(checked.said).toMatch(/ 4 wait for what nothing tells/)
    expect(checked.status).toBe(0)
    const { writeFileSync } = await import('node:fs')
    const file = `${platform.folder}/content.json`
    writeFileSync(file, JSON.stringify({ organiser: { nature: 5, province: '370000' }, sites: [{ key: 's1', name: '网络资讯' }] }))
    const why = await run(binary, ['rules', 'explain', file, '--data', `${root}/data`])
    expect(why.status).toBe(2)
    expect(why.said).toContain('37-05')
    const broken = `${platform.folder}/broken.json`
    writeFileSync(broken, '{"organiser": {"nature": 5}')
    expect((await run(binary, ['rules', 'explain', broken, '--data', `${root}/data`])).status).toBe(1)
    const same = await run(binary, ['rules', 'diff', `${root}/data/rules`, `${root}/data/rules`])
    expect(same.said).toContain('0 differences')
  })
})
