// What the parts of the post room share.
import type { Problem, Schemas } from '@/shared/api/client'
import { t } from '@/shared/i18n'
import { session } from '@/shared/session'

export type Order = Schemas['Order']
export const k_states = ['requested', 'posted', 'returned', 'delivered', 'cancelled'] as const
export type OrderState = (typeof k_states)[number]

/** Whoever may see addresses, print, take back and count. */
export const may_post_room = () =>
  ['dispatcher', 'senior', 'administrator'].includes(session.state.account?.role ?? '')

export function kept(name: string, otherwise: string): string {
  try {
    return localStorage.getItem(`beian.desk.${name}`) ?? otherwise
  } catch {
    return otherwise
  }
}
export function keep(name: string, value: string): void {
  try {
    localStorage.setItem(`beian.desk.${name}`, value)
  } catch {
    // Then it is chosen anew next time.
  }
}

/** A refusal in one line: what the first field says, else what the whole says. */
export function words_of(refused: Problem): string {
  const first = refused.problems[0]
  if (first) return `${first.message}${first.fix}`
  if (refused.reason && refused.message !== refused.code)
    return [refused.message, refused.detail].filter(Boolean).join(' ')
  return t(`problem.${refused.code}.title`)
}

/** What a scanner read: the bars of one of our labels name an order, everything else is a number. */
export function scanned_order(code: string, orders: Order[]): Order | undefined {
  const clean = code.trim()
  return /^\d{15,19}$/.test(clean) ? orders.find((one) => one.id === clean) : undefined
}
