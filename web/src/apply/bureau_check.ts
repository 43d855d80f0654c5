// What the bureau's own rules say of a draft, by the rules that the filing keeps. It comes after the
// check of the form.
import { api, ask } from '@/shared/api/client'
import { deriveFacts } from '@/shared/form/derived'
import { visibleFields } from '@/shared/form/form'
import { judge, type RuleOutcome } from '@/shared/form/judge'
import { siteKeys, valueAt } from '@/shared/form/paths'
import type { Content, MaterialPlace, Rule, RuleVocabulary } from '@/shared/form/types'
import { load_vocabulary } from '@/shared/rules'
import type { WizardGround } from './wizard'

// What is there of the papers only the server knows.
const k_no_papers: MaterialPlace[] = []

export interface BureauCheck {
  /** The nation's rules that the filing keeps. */
  nation: Rule[]
  vocabulary: RuleVocabulary
  /** What is known beside the answers, and follows from them: for the national rules as well. */
  known_of: (content: Content) => Content
  outcomes: (content: Content, today: string) => RuleOutcome[]
}

export async function load_bureau_check(ground: WizardGround): Promise<BureauCheck> {
  const { id, kind } = ground.filing
  const [vocabulary, report] = await Promise.all([
    load_vocabulary(),
    ask(api.GET('/filings/{id}/rules', { params: { path: { id } } })),
  ])
  const rules = report.rules as unknown as Rule[]
  const nation = report.nation as unknown as Rule[]
  const known = (report.known ?? {}) as Content
  const known_of = (content: Content) =>
    deriveFacts(content, { ...known, kind, sites_new: siteKeys(content).length })
  const outcomes = (content: Content, today: string) => {
    // The rules that this filing keeps are those of its province; of another one the server tells.
    if (valueAt(content, 'organiser.province') !== report.province) return []
    const judged = {
      content,
      kind,
      known: known_of(content),
      present: k_no_papers,
      today,
      divisions: ground.divisions,
      groups: vocabulary.groups,
    }
    const visible = new Set(visibleFields(ground.form, content, today).map((one) => one.path))
    return judge(rules, judged, visible)
  }
  return { nation, vocabulary, known_of, outcomes }
}
