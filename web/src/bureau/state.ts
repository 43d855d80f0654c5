// What the console knows of the bureau at any moment: asked again every two seconds while in sight.
import { computed, shallowRef } from 'vue'
import { t } from '@/shared/i18n'
import { ask, is_open, Refused } from './console'
import type { BureauState, OrderState } from './shapes'

export const bureau = shallowRef<BureauState | null>(null)
export const trouble = shallowRef<Refused | null>(null)

export async function refresh(): Promise<void> {
  try {
    bureau.value = await ask<BureauState>('state')
    trouble.value = null
  } catch (error) {
    trouble.value = as_refused(error)
  }
}
setInterval(() => {
  if (is_open.value && document.visibilityState === 'visible') void refresh()
}, 2000)

export function count_of(state: OrderState): number {
  return (bureau.value?.provinces ?? []).reduce((sum, one) => sum + (one.orders[state] ?? 0), 0)
}
export const pending = computed(() => count_of('pending'))
export function province_name(path: string): string {
  return bureau.value?.provinces.find((one) => one.path === path)?.bureau ?? path
}

export function as_refused(error: unknown): Refused {
  if (error instanceof Refused) return error
  console.error(error)
  return new Refused(0, 'internal', '', [])
}

const k_known = [
  'sandbox_token_wrong',
  'sandbox_order_unknown',
  'sandbox_order_decided',
  'member_missing',
  'member_too_long',
  'sandbox_code_unknown',
  'sandbox_setting_invalid',
  'sandbox_order_unverified',
  'sandbox_order_target_gone',
  'sandbox_site_unknown',
  'sandbox_all_sites_returned',
  'sandbox_province_unknown',
  'sandbox_subject_cancelled',
  'sandbox_no_provider_left',
  'sandbox_nobody_to_tell',
  'sandbox_address_invalid',
  'sandbox_codes',
  'gbk_unencodable',
]
/** A refusal in words. */
export function words_of(refused: Refused): string {
  const named = [...refused.problems.map((one) => one.code), refused.reason]
  const known = named.find((one) => k_known.includes(one))
  const blanks = refused.problems.find((one) => one.code === known)?.params ?? {}
  if (known) return t(`bureau.refused.${known}`, blanks)
  return t(`bureau.refused.${refused.code === 'offline' ? 'offline' : 'other'}`, {
    code: named[0] || refused.code,
  })
}
