// What was read from papers, beside what was typed.
import { show_plain_date } from '@/shared/format'
import { t } from '@/shared/i18n'
import type { Material } from './materials'

/** A value read from a paper as people write it. */
export function shown_reading(value: string | null): string {
  if (value === 'long') return t('materials.seen.long')
  return /^\d{4}-\d\d-\d\d$/.test(value ?? '') ? show_plain_date(value!) : (value ?? '—')
}

/** What the reviewer will see about these pictures, a sentence each: for the report before submitting. */
export function remarks_on(pictures: Material[]): string[] {
  return pictures.flatMap(({ inspection }) =>
    inspection?.state === 'waiting'
      ? [t('materials.seen.waiting')]
      : [
          ...(inspection?.findings ?? []).map((one) => one.message + one.fix),
          ...(inspection?.readings ?? [])
            .filter((one) => one.verdict === 'differs')
            .map((one) =>
              t('materials.seen.differs_in', {
                field: t(`materials.seen.field.${one.field}`),
                read: shown_reading(one.read),
                typed: shown_reading(one.typed),
              }),
            ),
        ],
  )
}
