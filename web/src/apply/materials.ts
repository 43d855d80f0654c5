// Which papers a filing needs, what is there, and what is said about them.
import type { Schemas, ShownProblem } from '@/shared/api/client'
import { entry_label, said } from '@/shared/catalogue'
import { valueAt } from '@/shared/form/paths'
import type { Content, Dictionaries, Form, MaterialRule } from '@/shared/form/types'

type Filing = Schemas['Filing']
export type Material = Schemas['Material']
export type Purpose = Schemas['Purpose']

export interface Need {
  key: string
  purpose: Purpose
  site: string | null
  required: boolean
  have: Material[]
  /** Path as problems and corrections name it. */
  path: string
}

const k_at_verification: Purpose[] = ['verification_photo', 'verification_form']

export function path_of_material(purpose: string, site: string | null): string {
  return site ? `sites.${site}.materials.${purpose}` : `materials.${purpose}`
}

/** The needs of one stage, required ones first; what is there without being asked for comes last. */
export function need_of(filing: Filing, stage: MaterialRule['stage']): Need[] {
  const at_stage = (purpose: Purpose) =>
    (stage === 'verification') === k_at_verification.includes(purpose)
  const needs: Need[] = (filing.required_materials ?? [])
    .filter((one) => at_stage(one.purpose))
    .map((one) => make_need(filing, one.purpose, one.site, one.required !== false))
  const extra = filing.materials.filter(
    (one) =>
      at_stage(one.purpose) &&
      !needs.some((need) => need.purpose === one.purpose && need.site === one.site),
  )
  for (const one of extra)
    if (!needs.some((need) => need.purpose === one.purpose && need.site === one.site))
      needs.push(make_need(filing, one.purpose, one.site, false))
  return needs.sort((one, other) => Number(other.required) - Number(one.required))
}

function make_need(filing: Filing, purpose: Purpose, site: string | null, required: boolean): Need {
  return {
    key: `${site ?? ''}-${purpose}`,
    purpose,
    site,
    required,
    have: filing.materials.filter((one) => one.purpose === purpose && one.site === site),
    path: path_of_material(purpose, site),
  }
}

export function rule_of(
  form: Form,
  purpose: Purpose,
  site: string | null,
): MaterialRule | undefined {
  const scope = site ? 'site' : 'filing'
  return (
    form.materials.find((one) => one.purpose === purpose && one.scope === scope) ??
    form.materials.find((one) => one.purpose === purpose)
  )
}

export function title_of(
  rule: MaterialRule | undefined,
  purpose: string,
  content: Content,
  dictionaries: Dictionaries,
): string {
  const own = rule?.title_from
  const id = own && valueAt(content, own.path)
  if (own && id !== undefined) return entry_label(dictionaries, own.dictionary, id)
  return rule ? said(rule.label) : purpose
}

/** A picture is still being looked at; the page asks again. */
export const is_waiting = (filing: Filing) =>
  filing.materials.some((one) => one.inspection?.state === 'waiting')

export function problems_of(need: Need, problems: ShownProblem[]): ShownProblem[] {
  return problems.filter((one) => one.field === need.path)
}
