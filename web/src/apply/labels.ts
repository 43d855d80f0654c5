import { said } from '@/shared/catalogue'
import { siteKeys } from '@/shared/form/paths'
import type { Form } from '@/shared/form/types'
import { chapters_of, place_of, places_of, site_title } from './steps'
import { content_of, type Filing } from './filing'

/** A path of the content in words: "网站 1 · 示例 · 域名". */
export function label_of(form: Form, filing: Filing, path: string): string {
  const content = content_of(filing)
  const key = /^sites\.(\w+)/.exec(path)?.[1]
  const page = form.pages.find((one) => one.each === 'sites')
  const index = key ? siteKeys(content).indexOf(key) : -1
  const site = key && page && index >= 0 ? site_title(content, key, index, page) : ''
  const purpose = /(?:^|\.)materials\.(\w+)/.exec(path)?.[1]
  const label = purpose
    ? form.materials.find((one) => one.purpose === purpose)?.label
    : place_of(places_of(chapters_of(form, content)), path)?.field.label
  return [site, said(label) || purpose].filter(Boolean).join(' · ')
}
