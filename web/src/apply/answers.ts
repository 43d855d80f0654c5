// The answers to the first questions, kept while this tab is open, so that going back or logging in
// again loses nothing.
export interface Answers {
  nature: number | null
  certificate_type: number | null
  certificate_number: string
  province: string | null
  domain: string
}

const k_kept = 'beian.new'

export function kept_answers(): Partial<Answers> {
  try {
    return JSON.parse(sessionStorage.getItem(k_kept) ?? '{}') as Partial<Answers>
  } catch {
    return {}
  }
}
export function keep_answers(answers: Partial<Answers>): void {
  try {
    sessionStorage.setItem(k_kept, JSON.stringify(answers))
  } catch {
    // Then only the page holds them.
  }
}
export function forget_answers(): void {
  sessionStorage.removeItem(k_kept)
}
