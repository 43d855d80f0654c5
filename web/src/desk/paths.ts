// Field paths of a filing's content (`organiser.name`, `sites.s1.manager.mobile`): websites are
// named by their stable key, not by their place in the list.
import type { Content, Json } from '@/shared/form/types'

export interface Site {
  key: string
  [field: string]: Json
}

export function sites_of(content: Content): Site[] {
  const sites = content.sites
  if (!Array.isArray(sites)) return []
  return sites.filter(
    (site): site is Site =>
      typeof site === 'object' &&
      site !== null &&
      !Array.isArray(site) &&
      typeof site.key === 'string',
  )
}

/** `*` in the pattern stands for exactly one step. */
export function fits(pattern: string, path: string): boolean {
  const wanted = pattern.split('.')
  const steps = path.split('.')
  return (
    wanted.length === steps.length && wanted.every((step, i) => step === '*' || step === steps[i])
  )
}
