import { said } from '@/shared/catalogue'
import type { Labels } from '@/shared/form/types'

export interface Bureau {
  code: string
  name: string
  short_name: string
  policy: { verification?: boolean; sms?: boolean; filing_password?: boolean }
  notes: string[]
}

interface BureauDocument {
  province?: string
  code?: string
  name?: Labels | string
  prefix?: string
  policy?: Bureau['policy']
  notes?: (Labels | string)[]
}

/** The bureaus in the answer of GET /bureaus, whose entries are a list or named by province code. */
export function bureaus_of(answer: Record<string, unknown>): Bureau[] {
  const entries = (answer.bureaus ?? answer) as Record<string, BureauDocument> | BureauDocument[]
  const list = Array.isArray(entries)
    ? entries.map((one) => [one.province ?? one.code ?? '', one] as const)
    : Object.entries(entries).filter(([code]) => /^\d{6}$/.test(code))
  return list.map(([code, one]) => ({
    code,
    name: said(one.name) || code,
    short_name: one.prefix ?? '',
    policy: one.policy ?? {},
    notes: (one.notes ?? []).map((note) => said(note)),
  }))
}
