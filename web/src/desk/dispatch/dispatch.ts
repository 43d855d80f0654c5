// What the parts of the post room share.
import { api, ask, type Problem, type Schemas } from '@/shared/api/client'
import { t } from '@/shared/i18n'
import { session } from '@/shared/session'

export type Order = Schemas['Order']
export const k_states = ['requested', 'posted', 'returned', 'delivered', 'cancelled'] as const
export type OrderState = (typeof k_states)[number]

/** Whoever may see addresses, print, take back and count. */
export const may_post_room = () =>
  ['dispatcher', 'senior', 'administrator'].includes(session.state.account?.role ?? '')

/** An address as it is typed. */
export interface Address {
  recipient: string
  phone: string
  place: { province: string | null; city: string | null; county: string | null }
  address: string
}
/** Of an order in clear; an order that does not say it in parts leaves the place open. */
export function address_of(order: Order | null): Address {
  const place = order?.place
  return {
    recipient: order?.recipient ?? '',
    phone: order?.phone ?? '',
    place: {
      province: place?.province || null,
      city: place?.city || null,
      county: place?.county || null,
    },
    address: place?.address ?? '',
  }
}
export function body_of({ place, ...typed }: Address): Schemas['BackdropAddress'] {
  const { province, city, county } = place
  return { ...typed, province: province ?? '', city: city ?? '', county: county ?? '' }
}
export const reveal = (id: string) =>
  ask(api.POST('/desk/backdrops/{id}/reveal', { params: { path: { id } } }))

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
  if (first) return `${first.message} ${first.fix}`
  if (refused.reason && refused.message !== refused.code)
    return [refused.message, refused.detail].filter(Boolean).join(' ')
  return t(`problem.${refused.code}.title`)
}

/** What a scanner read: the bars of one of our labels name an order, everything else is a number. */
export function scanned_order(code: string, orders: Order[]): Order | undefined {
  const clean = code.trim()
  return /^\d{15,19}$/.test(clean) ? orders.find((one) => one.id === clean) : undefined
}
