// Field paths of a filing's content (`organiser.name`, `sites.s1.manager.mobile`): websites are
// named by their stable key, not by their place in the list.

export type Content = Record<string, unknown>

interface Site {
  key: string
  [field: string]: unknown
}

export function sites_of(content: Content): Site[] {
  const sites = content.sites
  return Array.isArray(sites)
    ? sites.filter(
        (site): site is Site =>
          typeof site === 'object' && site !== null && typeof site.key === 'string',
      )
    : []
}

/** What the content holds at a path; undefined where there is nothing. */
export function value_at(content: Content, path: string): unknown {
  const steps = path.split('.')
  let at: unknown = content
  for (const [index, step] of steps.entries()) {
    if (Array.isArray(at))
      at = index === 1 && steps[0] === 'sites' ? at.find((s) => s?.key === step) : at[Number(step)]
    else if (typeof at === 'object' && at !== null) at = (at as Content)[step]
    else return undefined
  }
  return at
}

export function is_empty(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === '' ||
    (Array.isArray(value) && value.length === 0)
  )
}

/** `*` stands for exactly one step. */
export function fits(pattern: string, path: string): boolean {
  const wanted = pattern.split('.')
  const steps = path.split('.')
  return wanted.length === steps.length && wanted.every((step, i) => step === '*' || step === steps[i])
}

/** True for the path itself and everything inside it. */
export function is_within(path: string, outer: string): boolean {
  return path === outer || path.startsWith(outer + '.')
}
