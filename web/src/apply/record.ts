// What is registered, where a change answers otherwise: old beside new.
import { t } from '@/shared/i18n'
import { valueAt } from '@/shared/form/paths'
import type { Content, Field } from '@/shared/form/types'
import { show_value, type Words } from './values'
import type { Wizard } from './wizard'

/** The registered value of a field that is another by now, in words; "" where nothing changes. */
export function registered_before(
  wizard: Wizard,
  field: Field,
  path: string,
  words: Words,
): string {
  if (wizard.filing.value.kind !== 'change') return ''
  const record = (wizard.content.value.record ?? null) as Content | null
  // What is to be changed is this order's own question: nothing of it is registered.
  if (!record || /(^|\.)change\./.test(path)) return ''
  const old = valueAt(record, path) ?? null
  if (JSON.stringify(old) === JSON.stringify(valueAt(wizard.content.value, path) ?? null)) return ''
  return show_value(field, old, words) || t('wizard.empty')
}
