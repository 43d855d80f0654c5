// Where a path of the content is in the wizard, without the wizard being open.
import type { Form } from '@/shared/form/types'
import { belongs } from './findings'

/** The page and place for a path: a material's card, or the step that holds the field. */
export function step_link(form: Form, id: string, path: string) {
  const material = /^(?:sites\.(\w+)\.)?materials\.(\w+)/.exec(path)
  if (material)
    return { path: `/apply/${id}/materials`, hash: `#m-${material[1] ?? ''}-${material[2]}` }
  const site = /^sites\.(\w+)/.exec(path)?.[1]
  for (const page of form.pages) {
    if ((page.each === 'sites') !== (site !== undefined)) continue
    const item = site ? `sites.${site}` : ''
    const group = page.groups.find((one) =>
      one.fields.some((field) =>
        belongs(path, field.path.startsWith('.') ? item + field.path : field.path),
      ),
    )
    if (group)
      return {
        path: `/apply/${id}`,
        query: { step: `${site ?? page.id}.${group.id}`, field: path },
      }
  }
  return { path: `/apply/${id}` }
}
