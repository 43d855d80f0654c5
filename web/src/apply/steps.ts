// The pages of the wizard, worked out of the form document and the websites there are: one group of
// fields at a time; groups that only sometimes show go with the one before them.
import { said } from '@/shared/catalogue'
import { holds, type Facts } from '@/shared/form/condition'
import { absolutePath, siteKeys, valueAt } from '@/shared/form/paths'
import type { Content, Field, Form, Group, Page } from '@/shared/form/types'
import { t } from '@/shared/i18n'

export interface Step {
  /** In the address: `organiser.place`, `s2.access`, `report`. */
  id: string
  page: Page
  /** "sites.s2" for a step of a website, else "". */
  item: string
  groups: Group[]
  title: string
}
export interface Chapter {
  id: string
  title: string
  official: string
  site: string | null
  steps: Step[]
}

export const k_report = 'report'

function steps_of_page(page: Page, item: string): Step[] {
  const steps: Step[] = []
  const prefix = item ? item.split('.')[1]! : page.id
  for (const group of page.groups) {
    const last = steps.at(-1)
    if (group.shown !== undefined && !group.step && last) last.groups.push(group)
    else
      steps.push({
        id: `${prefix}.${group.id}`,
        page,
        item,
        groups: [group],
        title: said(group.title),
      })
  }
  return steps
}

/** Where a part begins a step of its own and does not show as the answers are, there is no step. */
const shows = (content: Content) => (step: Step) =>
  step.groups.some((group) => holds(group.shown, { content, today: '', item: step.item }))

export function chapters_of(form: Form, content: Content): Chapter[] {
  return all_chapters(form, content)
    .map((one) => ({ ...one, steps: one.steps.filter(shows(content)) }))
    .filter((one) => one.steps.length > 0)
}

function all_chapters(form: Form, content: Content): Chapter[] {
  return form.pages.flatMap((page): Chapter[] => {
    if (page.groups.length === 0) return []
    const official = said(page.official)
    if (page.each !== 'sites')
      return [
        {
          id: page.id,
          title: said(page.title),
          official,
          site: null,
          steps: steps_of_page(page, ''),
        },
      ]
    return siteKeys(content).map((key, index) => ({
      id: key,
      title: site_title(content, key, index, page),
      official,
      site: key,
      steps: steps_of_page(page, `sites.${key}`),
    }))
  })
}

export function site_title(content: Content, key: string, index: number, page: Page): string {
  const name =
    valueAt(content, `sites.${key}.name`) || valueAt(content, `sites.${key}.domain`) || ''
  const number = t('filing.site_n', { item: said(page.item), n: index + 1 })
  return name ? `${number} · ${String(name)}` : number
}

/** The groups and fields of a step that show as the answers are now. */
export function shown_groups(
  step: Step,
  facts: Omit<Facts, 'item'>,
): { group: Group; fields: Field[] }[] {
  const here = { ...facts, item: step.item }
  return step.groups
    .filter((group) => holds(group.shown, here))
    .map((group) => ({ group, fields: group.fields.filter((field) => holds(field.shown, here)) }))
}

export function path_of(field: Field, step: Step): string {
  return absolutePath(field.path, step.item)
}

export interface Place {
  step: Step
  field: Field
  path: string
}

/** Every field there is, by absolute path. */
export function places_of(chapters: Chapter[]): Map<string, Place> {
  const places = new Map<string, Place>()
  for (const step of chapters.flatMap((chapter) => chapter.steps))
    for (const field of step.groups.flatMap((group) => group.fields)) {
      const path = path_of(field, step)
      places.set(path, { step, field, path })
    }
  return places
}

/** The field a problem speaks of: itself, or the nearest field that holds it (`….approvals.0.kind`). */
export function place_of(places: Map<string, Place>, path: string): Place | undefined {
  for (let at = path; at; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
    const found = places.get(at)
    if (found) return found
  }
  return undefined
}
