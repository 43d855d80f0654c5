// What the bureaus want, from the server's own rules, sorted for people: whom it concerns and what
// has to be done.
import { api, ask } from './api/client'
import { blocks, sourceOf } from './form/judge'
import type { RequirementKind, Rule, RuleVocabulary } from './form/types'
import { said } from './catalogue'

export interface BureauRules {
  province: string
  version: string
  rules: Rule[]
}

const kept = new Map<string, Promise<unknown>>()
function once<T>(name: string, fetch_it: () => Promise<unknown>): Promise<T> {
  let found = kept.get(name)
  if (!found) {
    found = fetch_it().catch((error: unknown) => {
      kept.delete(name)
      throw error
    })
    kept.set(name, found)
  }
  return found as Promise<T>
}

export const load_vocabulary = () =>
  once<RuleVocabulary>('vocabulary', () => ask(api.GET('/rules')))
export const load_rules = (province: string) =>
  once<BureauRules>(province, () =>
    ask(api.GET('/rules/{province}', { params: { path: { province } } })),
  )

/** One thing that the bureau wants, as a list shows it. */
export interface Wish {
  id: string
  text: string
  fix: string
  template: string
  source: string
  whom: string
  severity: 'hard' | 'warn' | 'info'
  blocks: boolean
  conflict: boolean
  uncertain: boolean
}
export interface WishGroup {
  id: string
  wishes: Wish[]
}

// In the order in which people need them; each kind of requirement has its place.
const k_places: [string, RequirementKind[]][] = [
  ['papers', ['material', 'authorisation']],
  ['answers', ['value', 'relation', 'remark']],
  ['limits', ['limit']],
  ['notes', ['verification', 'notice']],
]

function wish_of(rule: Rule, vocabulary: RuleVocabulary): Wish {
  const groups = rule.applies_to ?? []
  const severity = rule.severity ?? 'warn'
  return {
    id: rule.id,
    text: said(rule.text),
    fix: said(rule.fix),
    template: rule.template?.['zh-CN'] ?? '',
    source: said(sourceOf(rule, vocabulary)),
    whom: groups.includes('indhh') ? said(vocabulary.groups.indhh?.label) : '',
    severity,
    blocks: blocks(rule),
    conflict: !!rule.conflict,
    uncertain: rule.confidence === 'low',
  }
}

/** What one bureau wants of one kind of organiser for one kind of filing. What is only remembered of
 *  older texts comes last, as `history`. */
export function wishes_for(
  all: Rule[],
  vocabulary: RuleVocabulary,
  groups: string[],
  kind: string,
  today: string,
): WishGroup[] {
  const rules = all.filter(
    (rule) =>
      rule.text &&
      (!rule.applies_to?.length || rule.applies_to.some((name) => groups.includes(name))) &&
      (!rule.kinds?.length || rule.kinds.includes(kind)) &&
      (!rule.valid_until || rule.valid_until >= today),
  )
  const old = (rule: Rule) => rule.severity === 'info' && rule.confidence === 'low'
  // One text for principal, manager and owner is said once.
  const said_once = (wishes: Wish[]) =>
    wishes.filter((one, at) => wishes.findIndex((other) => other.text === one.text) === at)
  const made = k_places.map(([id, kinds]) => ({
    id,
    wishes: said_once(
      rules
        .filter((rule) => kinds.includes(rule.requires ?? 'value') && !old(rule))
        .map((rule) => wish_of(rule, vocabulary)),
    ),
  }))
  const history = said_once(rules.filter(old).map((rule) => wish_of(rule, vocabulary)))
  return [...made, { id: 'history', wishes: history }].filter((group) => group.wishes.length)
}
