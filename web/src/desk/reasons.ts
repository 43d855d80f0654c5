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

/** A field whatever its website: `sites.s2.name` is `sites.*.name`. */
export function field_pattern(field: string): string {
  return field.replace(/^sites\.[^.]+/, 'sites.*')
}

type Use = Schemas['ReasonUses']['uses'][number]
/**
 * Those used most for this field come first: for the same kind in the same province, then for the
 * kind anywhere, then at all. Unused ones keep the order of their file.
 */
export function by_use(reasons: Reason[], field: string, uses: Use[]): Reason[] {
  const pattern = field_pattern(field)
  const of = (reason: Reason) =>
    uses.find((one) => one.field === pattern && one.reason_code === reason.code)
  const more = (a: Reason, b: Reason) => {
    const [x, y] = [of(a), of(b)]
    return (
      (y?.here ?? 0) - (x?.here ?? 0) ||
      (y?.kind ?? 0) - (x?.kind ?? 0) ||
      (y?.all ?? 0) - (x?.all ?? 0)
    )
  }
  return [...reasons].sort(more)
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

/** Drafts of the server's with those of this page upon them: a field has what was written here last. */
export function laid_over(there: CorrectionDraft[], here: CorrectionDraft[]): CorrectionDraft[] {
  const own = new Set(here.map((one) => one.field))
  return [...there.filter((one) => !own.has(one.field)), ...here]
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
