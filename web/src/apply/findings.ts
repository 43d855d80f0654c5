// What stands against the draft, by field: the checks of this page as one types, the server's where
// this page does not know better, and the reviewers' corrections.
import type { FieldFinding } from '@/fields/field'
import type { ShownProblem } from '@/shared/api/client'
import { isAbsent, valueAt } from '@/shared/form/paths'
import type { Content } from '@/shared/form/types'

export interface Sources {
  /** Of the server, about what it has saved. */
  server: ShownProblem[]
  /** Of this page, about what is shown. */
  local: ShownProblem[]
}

/** One list, each thing said once; the page's own word on a field is the newer one. */
export function merge(sources: Sources): ShownProblem[] {
  const said = new Set<string>()
  const key = (one: ShownProblem) => `${one.field}\n${one.code}\n${one.rule ?? ''}`
  return [...sources.local, ...sources.server].filter((one) => {
    if (said.has(key(one))) return false
    said.add(key(one))
    return true
  })
}

/**
 * A field that nobody has come to yet is not blamed for being empty: `met` says whether the person
 * has been there.
 */
export function worth_saying(one: ShownProblem, content: Content, met: (path: string) => boolean) {
  if (is_of_the_whole(one)) return false
  if (one.code === 'nothing_chosen') return met(one.field)
  return met(one.field) || !isAbsent(valueAt(content, one.field))
}
/** Cannot be put right in the field it stands at, only by what follows: a matter for the report. */
export const is_of_the_whole = (one: ShownProblem) => one.code === 'nothing_changed'

export function as_finding(one: ShownProblem): FieldFinding {
  return { message: one.message, fix: one.fix, hard: one.hard, source: one.source || undefined }
}

export function belongs(problem_field: string, path: string): boolean {
  return problem_field === path || problem_field.startsWith(`${path}.`)
}
