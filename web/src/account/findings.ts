// The problems that a refusal names for one field of a small form, as the field shows them.
import type { FieldFinding } from '@/fields/field'
import type { Problem } from '@/shared/api/client'

export function findings_for(problem: Problem | null, field: string): FieldFinding[] {
  return (problem?.problems ?? []).filter((one) => one.field === field)
}

/** True when everything a refusal says stands at these fields already. */
export function all_at_fields(problem: Problem | null, fields: string[]): boolean {
  if (!problem || problem.problems.length === 0) return false
  return problem.problems.every((one) => fields.includes(one.field))
}
