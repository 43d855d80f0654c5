// Which fields and materials apply, and what the answers mean together. Twin of src/filing/form.cc.
import { holds, type Facts } from './condition'
import { absolutePath, siteKeys } from './paths'
import type {
  Content,
  Field,
  Form,
  Group,
  Labels,
  Locale,
  MaterialPlace,
  MaterialRule,
  Page,
  Problem,
} from './types'

export function label(labels: Labels | undefined, locale: Locale): string {
  return labels?.[locale] ?? labels?.['zh-CN'] ?? ''
}

export interface PlacedField {
  field: Field
  path: string
  item: string // "sites.s1", or "" outside the websites
  group: Group
  page: Page
}

// "sites.s1" for each website of a repeated page, else one empty item.
export function itemsOf(page: Page, content: Content): string[] {
  return page.each ? siteKeys(content).map((key) => `sites.${key}`) : ['']
}

export function visibleFieldsOf(
  page: Page,
  item: string,
  content: Content,
  today: string,
): PlacedField[] {
  const facts: Facts = { content, today, item }
  return page.groups
    .filter((group) => holds(group.shown, facts))
    .flatMap((group) =>
      group.fields
        .filter((field) => holds(field.shown, facts))
        .map((field) => ({ field, group, page, item, path: absolutePath(field.path, item) })),
    )
}

// The fields that apply to this content, in the order of the pages.
export function visibleFields(form: Form, content: Content, today: string): PlacedField[] {
  return form.pages.flatMap((page) =>
    itemsOf(page, content).flatMap((item) => visibleFieldsOf(page, item, content, today)),
  )
}

export function isRequired(placed: PlacedField, content: Content, today: string): boolean {
  return holds(placed.field.required ?? false, { content, today, item: placed.item })
}

export interface NeededMaterial extends MaterialPlace {
  required: boolean
  rule: MaterialRule
}

export function requiredMaterials(
  form: Form,
  content: Content,
  today: string,
  stage: MaterialRule['stage'],
): NeededMaterial[] {
  return form.materials
    .filter((rule) => rule.stage === stage)
    .flatMap((rule) => {
      const sites = rule.scope === 'site' ? siteKeys(content) : ['']
      return sites.flatMap((site) => {
        const facts: Facts = { content, today, item: site && `sites.${site}` }
        if (!holds(rule.shown, facts)) return []
        return [{ purpose: rule.purpose, site, required: holds(rule.required, facts), rule }]
      })
    })
}

export function materialPath(place: MaterialPlace): string {
  return place.site
    ? `sites.${place.site}.materials.${place.purpose}`
    : `materials.${place.purpose}`
}

export function materialFromPath(path: string): MaterialPlace | undefined {
  const parts = /^(?:sites\.([^.]+)\.)?materials\.(.+)$/.exec(path)
  return parts ? { site: parts[1] ?? '', purpose: parts[2] as string } : undefined
}

const atOrBelow = (path: string, root: string) => path === root || path.startsWith(root + '.')

// The page (and website) where a problem stands, to link to it; undefined for what is on no page.
export function whereIs(form: Form, field: string): { page: Page; item: string } | undefined {
  const item = /^sites\.[^.]+/.exec(field)?.[0] ?? ''
  if (materialFromPath(field)) {
    const page = form.pages.find((one) => one.id === 'materials')
    return page && { page, item }
  }
  for (const page of form.pages) {
    if (page.each && field === page.each) return { page, item: '' }
    const found = page.groups.some((group) =>
      group.fields.some((one) => atOrBelow(field, absolutePath(one.path, item))),
    )
    if (found) return { page, item: page.each ? item : '' }
  }
  return undefined
}

// Problems at a field and its parts.
export function problemsAt(problems: Problem[], path: string): Problem[] {
  return problems.filter((one) => atOrBelow(one.field, path))
}
