import { describe, expect, it } from 'vitest'
import { sourceOf, withoutReplaced, type RuleOutcome } from './judge'
import { problem } from './problem'
import type { Rule, RuleVocabulary } from './types'

const bureau: Rule = {
  id: '33-09',
  field: 'organiser.address',
  source: ['T', '!H'],
  date: 'undated',
  text: { 'zh-CN': '写全', en: 'Whole' },
  severity: 'hard',
  replaces: 'ADR-02',
}
const fired = (field: string, verdict: RuleOutcome['verdict'] = 'fires'): RuleOutcome => ({
  rule: bureau,
  verdict,
  field,
  words: [],
})

describe('what nation and bureau both say', () => {
  const soft = { ...problem('x'), rule: 'ADR-02', field: 'organiser.address', hard: false }
  it('is told once, in the bureau’s words', () => {
    expect(withoutReplaced([soft], [fired('organiser.address')])).toEqual([])
  })
  it('is told where the bureau’s rule is met, stands elsewhere, or the nation’s stops the filing', () => {
    const hard = { ...soft, hard: true }
    expect(withoutReplaced([soft], [fired('organiser.address', 'met')])).toEqual([soft])
    expect(withoutReplaced([soft], [fired('organiser.name')])).toEqual([soft])
    expect(withoutReplaced([hard], [fired('organiser.address')])).toEqual([hard])
  })
})

it('a source is said in both languages', () => {
  const vocabulary = {
    sources: {
      T: { title: { 'zh-CN': '甲', en: 'A' } },
      H: { title: { 'zh-CN': '乙', en: 'B' } },
    },
  } as unknown as RuleVocabulary
  expect(sourceOf(bureau, vocabulary)).toEqual({
    'zh-CN': '甲；不同说法：乙（无日期）',
    en: 'A; otherwise: B (undated)',
  })
})
