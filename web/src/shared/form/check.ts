// Every defect of a filing at once, while one types: twin of src/filing/check.cc and field_check.cc
// (tests/vectors/form.json). The server checks again and has the final word.
import { characters } from './clean'
import { holds, type Facts } from './condition'
import { checkEmail, checkIp, checkMobile, checkPhone } from './contact'
import { isDay } from './dates'
import { checkDomain, checkHomeUrl, parseHost } from './domain'
import {
  isRequired,
  materialPath,
  requiredMaterials,
  visibleFields,
  type PlacedField,
} from './form'
import { checkCertificateNumber } from './identity'
import { judge, problemsOf } from './judge'
import { absolutePath, isAbsent, siteKeys, valueAt } from './paths'
import { advice, problem } from './problem'
import type {
  Catalogue,
  Content,
  DivisionTree,
  Field,
  Form,
  Json,
  MaterialPlace,
  Problem,
} from './types'

interface Context {
  form: Form
  catalogue: Catalogue
  content: Content
  today: string
}

// Characters that the bureau refuses: emoji and other pictures, private use, controls.
const FORBIDDEN =
  /[\u0000-\u001f\u007f-\u009f\ue000-\uf8ff\ufe0e\ufe0f\ufffd\u2600-\u2604\u2607-\u263f\u2641\u2643-\u27bf\u2b00-\u2bff\u{1f000}-\u{1fbff}\u{f0000}-\u{10ffff}]/gu
const PERSON_NAME = /^[A-Za-z\u00c0-\u{10ffff} .'()\-·•]{2,}$/u

const text = (value: Json | undefined) => (typeof value === 'string' ? value : '')
const isNumber = (value: Json): value is number =>
  typeof value === 'number' && Number.isInteger(value)

function placeIn(
  tree: DivisionTree,
  code: string,
): { parent: string; children: number } | undefined {
  const province = tree[`${code.slice(0, 2)}0000`]
  if (!province) return undefined
  if (code.endsWith('0000')) return { parent: '', children: Object.keys(province[1]).length }
  const city = province[1][code]
  if (city) return { parent: `${code.slice(0, 2)}0000`, children: Object.keys(city[1]).length }
  const parent = Object.keys(province[1]).find((key) => code in (province[1][key]?.[1] ?? {}))
  return parent === undefined ? undefined : { parent, children: 0 }
}

function checkDivision(
  field: Field,
  code: string,
  parent: string,
  tree: DivisionTree | undefined,
): Problem[] {
  if (!tree) return []
  const place = placeIn(tree, code)
  if (!place || (field.kind === 'province' && place.parent !== ''))
    return [problem('division_unknown')]
  return field.kind === 'province' || place.parent === parent ? [] : [problem('division_mismatch')]
}

function checkChoice(context: Context, field: Field, item: string, id: Json): Problem[] {
  if (!isNumber(id)) return [problem('value_type')]
  const entry = context.catalogue.dictionaries[field.dictionary ?? '']?.entries.find(
    (one) => one.id === id,
  )
  if (!entry) return [problem('choice_unknown')]
  if (entry.active === false) return [problem('choice_inactive')]
  const [key, from] = Object.entries(field.filter ?? {})[0] ?? []
  if (key === undefined || from === undefined) return []
  const wanted =
    typeof from === 'number' ? from : valueAt(context.content, absolutePath(from, item))
  return !isNumber(wanted as Json) || entry[key] === wanted ? [] : [problem('choice_mismatch')]
}

function checkList(field: Field, value: Json, check: (one: Json) => Problem[]): Problem[] {
  if (!Array.isArray(value)) return [problem('value_type')]
  const many =
    field.max !== undefined && value.length > field.max
      ? [problem('too_many', { max: String(field.max) })]
      : []
  return [...many, ...value.flatMap(check)]
}

const one = (found: Problem | undefined): Problem[] => (found ? [found] : [])

function checkText(context: Context, field: Field, item: string, value: string): Problem[] {
  const problems: Problem[] = []
  const bad = (field.kind === 'long_text' ? value.replace(/\n/g, '') : value).match(FORBIDDEN)
  if (bad) problems.push(problem('text_characters', { characters: bad.slice(0, 10).join('') }))
  const length = characters(value).length
  if (field.max && length > field.max) {
    problems.push(problem('text_too_long', { max: String(field.max), length: String(length) }))
  } else if (field.min && length < field.min) {
    problems.push(problem('text_too_short', { min: String(field.min), length: String(length) }))
  }
  return [...problems, ...checkKind(context, field, item, value)]
}

function checkKind(context: Context, field: Field, item: string, value: string): Problem[] {
  const related =
    field.of === undefined ? undefined : valueAt(context.content, absolutePath(field.of, item))
  switch (field.kind) {
    case 'person_name':
      return PERSON_NAME.test(value) ? [] : [problem('person_name_shape')]
    case 'certificate_number':
      return related === undefined || !isNumber(related)
        ? []
        : one(
            checkCertificateNumber(
              context.catalogue.dictionaries.certificate_types,
              context.catalogue.divisions,
              related,
              value,
              context.today,
            ),
          )
    case 'mobile':
      return one(checkMobile(value))
    case 'phone':
      return one(checkPhone(value))
    case 'email':
      return one(checkEmail(value))
    case 'date':
      return isDay(value) ? [] : [problem('date_invalid')]
    case 'date_or_long':
      return value === 'long' || isDay(value) ? [] : [problem('date_invalid')]
    case 'province':
    case 'city':
    case 'county':
      return checkDivision(field, value, text(related), context.catalogue.divisions)
    case 'domain':
      return checkDomain(value)
    case 'url':
      return one(checkHomeUrl(value, text(related)))
    default:
      return []
  }
}

function checkEntry(
  context: Context,
  field: Field,
  item: string,
  entry: Json,
  index: number,
): Problem[] {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry))
    return [problem('value_type')]
  return (field.fields ?? []).flatMap((part) => {
    const value = entry[part.path]
    const facts: Facts = { content: context.content, today: context.today, item }
    const found =
      value !== undefined && !isAbsent(value)
        ? checkValue(context, part, item, value)
        : holds(part.required ?? false, facts)
          ? [problem('required')]
          : []
    // The path is completed by the caller, who knows where the list stands.
    return found.map((each) => ({ ...each, field: `.${index}.${part.path}` }))
  })
}

function checkValue(context: Context, field: Field, item: string, value: Json): Problem[] {
  switch (field.kind) {
    case 'choice':
      return checkChoice(context, field, item, value)
    case 'choices':
      return checkList(field, value, (id) => checkChoice(context, field, item, id))
    case 'yes_no':
      return typeof value === 'boolean' ? [] : [problem('value_type')]
    case 'ips':
      return checkList(field, value, (ip) =>
        typeof ip === 'string' ? one(checkIp(ip)) : [problem('value_type')],
      )
    case 'list': {
      let index = 0
      return checkList(field, value, (entry) => checkEntry(context, field, item, entry, index++))
    }
    default:
      return typeof value === 'string'
        ? checkText(context, field, item, value)
        : [problem('value_type')]
  }
}

// A city without counties has none to choose.
function nothingToChoose(context: Context, placed: PlacedField): boolean {
  const tree = context.catalogue.divisions
  if (placed.field.kind !== 'county' || !tree || placed.field.of === undefined) return false
  const city = text(valueAt(context.content, absolutePath(placed.field.of, placed.item)))
  return city !== '' && !placeIn(tree, city)?.children
}

function checkField(context: Context, placed: PlacedField): Problem[] {
  const { field, item, path } = placed
  const value = valueAt(context.content, path)
  const facts: Facts = { content: context.content, today: context.today, item }
  let found: Problem[] = []
  if (value !== undefined && !isAbsent(value)) found = checkValue(context, field, item, value)
  else if (nothingToChoose(context, placed)) found = []
  else if (isRequired(placed, context.content, context.today)) found = [problem('required')]
  else if (holds(field.advised ?? false, facts)) found = [advice('advised')]
  return found.map((each) => ({ ...each, field: path + each.field }))
}

function checkSites(form: Form, content: Content): Problem[] {
  const keys = siteKeys(content)
  const page = form.pages.find((each) => each.each === 'sites')
  const problems: Problem[] = []
  if (page && keys.length < (page.min ?? 0))
    problems.push({ ...problem('sites_missing'), field: 'sites' })
  if (page?.max && keys.length > page.max)
    problems.push({ ...problem('too_many', { max: String(page.max) }), field: 'sites' })
  const seen = new Set<string>()
  for (const key of keys) {
    const domain = parseHost(text(valueAt(content, `sites.${key}.domain`)))
    if (!domain) continue
    if (seen.has(domain))
      problems.push({ ...problem('site_domain_twice', { domain }), field: `sites.${key}.domain` })
    seen.add(domain)
  }
  return problems
}

export function checkMaterials(
  form: Form,
  content: Content,
  present: MaterialPlace[],
  today: string,
  stage: 'submit' | 'verification',
): Problem[] {
  const have = new Set(present.map(materialPath))
  return requiredMaterials(form, content, today, stage)
    .filter((needed) => needed.required && !have.has(materialPath(needed)))
    .map((needed) => ({
      ...problem('material_missing'),
      field: materialPath(needed),
      source: needed.rule.source,
    }))
}

// Problems in the order of the pages, materials last; `hard` ones stop a submission.
export function checkForm(
  form: Form,
  catalogue: Catalogue,
  content: Content,
  present: MaterialPlace[],
  today: string,
  known: Content = {}, // as deriveFacts makes it, for the national rules
): Problem[] {
  const context: Context = { form, catalogue, content, today }
  const fields = visibleFields(form, content, today)
  const order = fields.map((placed) => placed.path)
  const visible = new Set(order)
  const problems = [
    ...fields.flatMap((placed) => checkField(context, placed)),
    ...checkSites(form, content),
    ...problemsOf(
      judge(
        catalogue.rules,
        {
          content,
          known,
          present,
          today,
          groups: {},
          ...(catalogue.divisions && { divisions: catalogue.divisions }),
        },
        visible,
      ),
      catalogue.vocabulary,
    ),
  ]
  const rank = (field: string) => {
    const found = order.findIndex((path) => field === path || field.startsWith(path + '.'))
    return found < 0 ? order.length : found
  }
  problems.sort((a, b) => rank(a.field) - rank(b.field))
  return [...problems, ...checkMaterials(form, content, present, today, 'submit')]
}

export function hasHard(problems: Problem[]): boolean {
  return problems.some((each) => each.hard)
}
