// Words for what the pages about bureaus show: refusals, kinds, what a record is about.
import type { Problem } from '@/shared/api/client'
import { t } from '@/shared/i18n'

export function problem_words(problem: Problem): string {
  return problem.message !== problem.code ? problem.message : t(`problem.${problem.code}.title`)
}

export const task_kinds = [
  'verification',
  'unfiled_site',
  'blacklisted_site',
  'finding',
  'notice',
  'unsendable',
  'unreported_ip',
  'difference',
  'dictionary',
  'cancelled',
  'unknown',
] as const

/** What of a task's content is shown, in this order; the rest is for programs. */
export const content_fields = [
  'text',
  'reason',
  'domain',
  'ip',
  'range',
  'other',
  'number',
  'ours',
  'theirs',
  'home_url',
  'first_detected',
  'last_detected',
  'times_detected',
  'inspected',
  'detected',
  'name',
  'detail',
  'changes',
  'remark',
]

/** "sites.0.manager.mobile" → 网站 1 负责人手机. */
export function field_words(path: string): string {
  const site = /^sites\.(\d+)\.(.*)$/.exec(path)
  if (site)
    return t('line.field.of_site', {
      n: Number(site[1]) + 1,
      field: t(`line.field.site.${site[2]!.replace('.', '_')}`),
    })
  return t(`line.field.${path.replace('.', '_')}`)
}
