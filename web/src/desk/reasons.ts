// Ready-made reasons for returning a filing (GET /desk/reasons, from data/reasons.json) and the
// corrections drafted with them.
import type { Schemas } from '@/shared/api/client'
import { fits } from './paths'

/** `check` is there on reasons about the photograph: what the reviewer affirms instead. */
export interface Reason {
  code: string
  fields: string[]
  text: Record<string, string>
  check?: Record<string, string>
}
export type CorrectionDraft = Schemas['CorrectionDraft']

export function text_in(texts: Record<string, string> | undefined, locale: string): string {
  return texts?.[locale] ?? texts?.['zh-CN'] ?? Object.values(texts ?? {})[0] ?? ''
}

export function reasons_for(reasons: Reason[], field: string): Reason[] {
  return reasons.filter((reason) => reason.fields.some((pattern) => fits(pattern, field)))
}

/** The drafted words about one field: any number of ready-made reasons, and words of one's own. */
export interface FieldDraft {
  codes: string[]
  text: string
}

export function draft_of(corrections: CorrectionDraft[], field: string): FieldDraft {
  const own = corrections.filter((correction) => correction.field === field)
  return {
    codes: own.flatMap((correction) => (correction.reason_code ? [correction.reason_code] : [])),
    text: own.flatMap((correction) => (correction.text ? [correction.text] : [])).join('\n'),
  }
}

/** The corrections with those of one field replaced; fields keep the order they were drafted in. */
export function with_draft(
  corrections: CorrectionDraft[],
  field: string,
  draft: FieldDraft,
): CorrectionDraft[] {
  const text = draft.text.trim()
  const own: CorrectionDraft[] = draft.codes.map((code) => ({
    field,
    reason_code: code,
    text: null,
  }))
  if (text !== '') own.push({ field, reason_code: null, text })
  const first = corrections.findIndex((correction) => correction.field === field)
  const others = corrections.filter((correction) => correction.field !== field)
  if (first < 0) return [...others, ...own]
  const before = corrections.slice(0, first).filter((correction) => correction.field !== field)
  return [...before, ...own, ...others.slice(before.length)]
}
