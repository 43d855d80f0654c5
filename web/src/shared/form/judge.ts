// Which rules speak about a filing, and why: twin of src/filing/judge.cc (tests/vectors/rules.json).
import { canonicalNumber } from './clean'
import { compared, holds, pathsOf, valuesOf, wordsFound, type Facts } from './condition'
import { addMonths, ageOn, isDay } from './dates'
import { materialPath } from './form'
import { birthDate } from './identity'
import { absolutePath, isAbsent, siteKeys, valueAt } from './paths'
import type {
  Content,
  DivisionTree,
  Json,
  Labels,
  MaterialPlace,
  Problem,
  Rule,
  RuleGroup,
  RuleVocabulary,
} from './types'

export type Verdict =
  | 'fires' // not met: a finding at the field
  | 'reminds' // it applies, and nothing in the filing can show whether it is met
  | 'met'
  | 'no_answer' // the field it looks at is empty, or not on this form
  | 'other_case' // its condition does not hold here
  | 'other_kind' // it is for another kind of filing
  | 'other_person' // it is for other organisers
  | 'out_of_date'

export interface RuleOutcome {
  rule: Rule
  verdict: Verdict
  field: string
  words: string[]
}

export interface Judged {
  content: Content
  kind?: string
  known?: Content
  present: MaterialPlace[]
  today: string
  divisions?: DivisionTree
  groups: Record<string, RuleGroup>
}

const text = (value: Json | undefined) => (typeof value === 'string' ? value : '')

function namesCity(address: string, code: string, tree: DivisionTree | undefined): boolean {
  const name = tree?.[`${code.slice(0, 2)}0000`]?.[1][code]?.[0]
  if (!name || name === '市辖区' || name === '县' || address === '') return true
  return address.includes(name.endsWith('市') ? name.slice(0, -1) : name)
}

// Is `body` in the text, or for four characters and more all of it but one?
function resembles(text: string[], body: string[]): boolean {
  const allowed = body.length >= 4 ? 1 : 0
  for (let at = 0; at + body.length <= text.length; at++)
    if (body.filter((char, i) => text[at + i] !== char).length <= allowed) return true
  return false
}

function bodiesFound(rule: Rule, facts: Facts, name: string): string[] {
  const lower = (value: string) => value.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
  const own = lower(text(valuesOf(rule.params?.of ?? '', facts)[0]))
  return (rule.params?.bodies ?? '')
    .split('、')
    .filter((body) => body && !own.includes(body) && resembles([...lower(name)], [...body]))
}

// The checks that a condition cannot say (src/filing/rule.h).
function passesNamed(rule: Rule, facts: Facts, value: string, judged: Judged): boolean {
  const params = rule.params ?? {}
  const at = (name: string) => text(valuesOf(params[name] ?? '', facts)[0])
  const shown = params.value ? at('value') : value
  switch (rule.check) {
    case 'differs':
      return shown === '' || at('from') === '' || compared(shown) !== compared(at('from'))
    case 'later':
      return !isDay(at('from')) || !isDay(shown) || shown > at('from')
    case 'age': {
      const birth = birthDate(shown)
      return !birth || birth > facts.today || ageOn(birth, facts.today) >= Number(params.years)
    }
    case 'months_left':
      return !isDay(shown) || shown >= addMonths(facts.today, Number(params.months))
    case 'region': {
      const [number, province, offset] = [canonicalNumber(shown), at('of'), Number(params.offset)]
      if (number.length !== 18 || province.length !== 6) return true
      const region = number.slice(offset, offset + 2)
      return region === '10' || region === province.slice(0, 2)
    }
    case 'city_named':
      return namesCity(shown, at('of'), judged.divisions)
    case 'known_body':
      return bodiesFound(rule, facts, shown).length === 0
    default:
      return true
  }
}

export const isPaper = (rule: Rule) =>
  rule.requires === 'material' || rule.requires === 'authorisation'

function needsOf(rule: Rule): string[] {
  return [...pathsOf(rule.when), ...pathsOf(rule.must), rule.params?.value ?? ''].filter(
    (path) => path.startsWith('$') && path !== '$kind',
  )
}

function judgeOne(rule: Rule, judged: Judged, item: string, visible: Set<string>): RuleOutcome {
  const facts: Facts = {
    content: judged.content,
    today: judged.today,
    item,
    ...(judged.known && { known: judged.known }),
  }
  const outcome: RuleOutcome = {
    rule,
    verdict: 'met',
    field: absolutePath(rule.field, item),
    words: [],
  }
  outcome.verdict = decide()
  return outcome

  function decide(): Verdict {
    if (rule.valid_from && rule.valid_from > judged.today) return 'out_of_date'
    if (rule.valid_until && judged.today > rule.valid_until) return 'out_of_date'
    if (judged.kind && rule.kinds?.length && !rule.kinds.includes(judged.kind)) return 'other_kind'
    const groups = rule.applies_to ?? []
    if (groups.length && !groups.some((name) => holds(judged.groups[name]?.holds ?? false, facts)))
      return 'other_person'
    const told = needsOf(rule).every((path) => !isAbsent(valuesOf(path, facts)[0]))
    const checks = isPaper(rule) || rule.must !== undefined || !!rule.check
    if (checks && told && !isPaper(rule)) return judgeValue()
    if (told && !holds(rule.when, facts)) return 'other_case'
    if (!told || !checks) return 'reminds'
    outcome.field = materialPath({ purpose: rule.purpose ?? '', site: item.slice(6) })
    return judged.present.map(materialPath).includes(outcome.field) ? 'met' : 'fires'
  }

  function judgeValue(): Verdict {
    const { field } = outcome
    if (field !== 'sites' && !visible.has(field)) return 'no_answer'
    const value = valueAt(judged.content, field)
    if (isAbsent(value) && !rule.when_absent && rule.requires !== 'remark') return 'no_answer'
    if (!holds(rule.when, facts)) return 'other_case'
    const good = rule.check
      ? passesNamed(rule, facts, text(value), judged)
      : holds(rule.must, facts)
    if (good) return 'met'
    outcome.words =
      rule.check === 'known_body'
        ? bodiesFound(rule, facts, text(value))
        : wordsFound(rule.must, facts)
    return 'fires'
  }
}

/** `visible` are the paths of the fields on the pages. */
export function judge(rules: Rule[], judged: Judged, visible: Set<string>): RuleOutcome[] {
  const items = siteKeys(judged.content).map((key) => `sites.${key}`)
  return rules.flatMap((rule) =>
    (rule.each ? items : ['']).map((item) => judgeOne(rule, judged, item, visible)),
  )
}

/** Not met, it stops a submission: national law, or confirmed by the operator. */
export const blocks = (rule: Rule) => rule.severity === 'hard' && (!!rule.law || !!rule.confirmed)

const k_source_words = {
  'zh-CN': { between: '；', against: '不同说法：', open: '（', undated: '无日期', close: '）' },
  en: { between: '; ', against: 'otherwise: ', open: ' (', undated: 'undated', close: ')' },
}

function sourceIn(
  language: keyof typeof k_source_words,
  rule: Rule,
  vocabulary?: RuleVocabulary,
): string {
  const words = k_source_words[language]
  const keys = Array.isArray(rule.source) ? rule.source : [rule.source]
  const shown = keys
    .map((written) => {
      const against = written.startsWith('!')
      const key = against ? written.slice(1) : written
      return (against ? words.against : '') + (vocabulary?.sources[key]?.title[language] ?? key)
    })
    .join(words.between)
  if (!rule.date || !rule.text) return shown
  return `${shown}${words.open}${rule.date === 'undated' ? words.undated : rule.date}${words.close}`
}

/** Where a rule is written, in both languages. */
export const sourceOf = (rule: Rule, vocabulary?: RuleVocabulary): Labels => ({
  'zh-CN': sourceIn('zh-CN', rule, vocabulary),
  en: sourceIn('en', rule, vocabulary),
})

export function problemOf(outcome: RuleOutcome, vocabulary?: RuleVocabulary): Problem {
  const { rule, field, words } = outcome
  const source = sourceOf(rule, vocabulary)
  const params: Record<string, string> = { ...rule.params, 'source@en': source.en ?? '' }
  delete params.bodies
  for (const [locale, said] of Object.entries(rule.text ?? {})) params[`says@${locale}`] = said
  for (const [locale, said] of Object.entries(rule.fix ?? {})) params[`fix@${locale}`] = said
  if (words.length) params.words = words.join('、')
  const own = words.length ? 'province_rule_words' : 'province_rule'
  return {
    field,
    code: rule.text ? own : (rule.code ?? ''),
    params,
    rule: rule.id,
    source: source['zh-CN'] ?? '',
    hard: blocks(rule),
  }
}

/** What fires, as problems; what is for information only is none. */
export function problemsOf(outcomes: RuleOutcome[], vocabulary?: RuleVocabulary): Problem[] {
  return outcomes
    .filter((one) => one.verdict === 'fires' && one.rule.severity !== 'info')
    .map((one) => problemOf(one, vocabulary))
}

/** Without the national problems that the bureau's rules say more closely at the same field; one that
 *  stops a submission stays. */
export function withoutReplaced(problems: Problem[], bureau: RuleOutcome[]): Problem[] {
  const closer = bureau.filter(
    (one) => one.rule.replaces && one.verdict === 'fires' && one.rule.severity !== 'info',
  )
  return problems.filter(
    (problem) =>
      problem.hard ||
      !closer.some((one) => one.rule.replaces === problem.rule && one.field === problem.field),
  )
}
