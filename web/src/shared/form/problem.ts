import type { Problem } from './types'

export function problem(code: string, params: Record<string, string> = {}): Problem {
  return { field: '', code, params, rule: '', source: '', hard: true }
}

export function advice(code: string, params: Record<string, string> = {}): Problem {
  return { ...problem(code, params), hard: false }
}
