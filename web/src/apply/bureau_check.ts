// What the bureau's own rules say of a draft, by the rules that the filing keeps. It comes after the
// check of the form.
import { api, ask } from '@/shared/api/client'
import { deriveFacts } from '@/shared/form/derived'
import { visibleFields } from '@/shared/form/form'
import { judge, problemsOf } from '@/shared/form/judge'
import { siteKeys, valueAt } from '@/shared/form/paths'
import type { Content, MaterialPlace, Problem, Rule } from '@/shared/form/types'
import { load_vocabulary } from '@/shared/rules'
import type { WizardGround } from './wizard'

// What is there of the papers only the server knows.
const k_no_papers: MaterialPlace[] = []

export interface BureauCheck {
  /** What is known beside the answers, and follows from them: for the national rules as well. */
  known_of: (content: Content) => Content
  problems: (content: Content, today: string) => Problem[]
}

export async function load_bureau_check(ground: WizardGround): Promise<BureauCheck> {
  const { id, kind } = ground.filing
  const [vocabulary, report] = await Promise.all([
    load_vocabulary(),
    ask(api.GET('/filings/{id}/rules', { params: { path: { id } } })),
  ])
  const rules = report.rules as unknown as Rule[]
  const known = (report.known ?? {}) as Content
  const known_of = (content: Content) =>
    deriveFacts(content, { ...known, kind, sites_new: siteKeys(content).length })
  const problems = (content: Content, today: string) => {
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
    return problemsOf(judge(rules, judged, visible), vocabulary)
  }
  return { known_of, problems }
}
