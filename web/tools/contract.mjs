// The contract (api/openapi.yaml) as the page /api shows it, and as it is for other programs' tools.
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { load } from 'js-yaml'

const here = (path) => new URL(path, import.meta.url)
const source = here('../../api/openapi.yaml')
const document = load(readFileSync(source, 'utf8'))

/** A type as a TypeScript reader would write it. */
function type_of(schema) {
  if (!schema) return 'unknown'
  if (schema.$ref) return schema.$ref.split('/').pop()
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(' | ')
  for (const [key, sign] of [
    ['oneOf', ' | '],
    ['anyOf', ' | '],
    ['allOf', ' & '],
  ])
    if (schema[key]) return schema[key].map(type_of).join(sign)
  if (Array.isArray(schema.type)) return schema.type.join(' | ')
  if (schema.type === 'array') {
    const item = type_of(schema.items)
    return / [|&] /.test(item) ? `(${item})[]` : `${item}[]`
  }
  if (schema.type === 'object' || schema.properties) {
    const names = Object.entries(schema.properties ?? {})
    if (names.length === 0) return 'object'
    const member = ([name, one]) =>
      `${name}${schema.required?.includes(name) ? '' : '?'}: ${type_of(one)}`
    return `{ ${names.map(member).join(', ')} }`
  }
  return schema.type ?? 'unknown'
}
const content_of = (holder) => {
  const [kind, content] = Object.entries(holder?.content ?? {})[0] ?? []
  if (!kind) return ''
  return kind === 'application/json'
    ? type_of(content.schema)
    : `${kind} ${type_of(content.schema)}`
}
const resolved = (one) =>
  one.$ref ? document.components.parameters[one.$ref.split('/').pop()] : one

// What the staff's pages call is admitted to no token: it is in the file to download, not on the page.
const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods)
    .filter(([, route]) => route.tags[0] !== 'desk')
    .map(([method, route]) => ({
      method: method.toUpperCase(),
      path,
      tag: route.tags[0],
      who: route['x-who'],
      scope: route['x-scope'] ?? '',
      text: (route.description ?? '').replace(/\s+/g, ' ').trim(),
      parameters: (route.parameters ?? []).map(resolved).map((one) => ({
        name: one.name,
        in: one.in,
        required: one.required ?? false,
        type: type_of(one.schema),
      })),
      body: content_of(route.requestBody),
      answers: Object.entries(route.responses)
        .filter(([status]) => status !== 'default')
        .map(([status, answer]) => ({ status, type: content_of(answer) })),
    })),
)
/** The types that these name, and those that they name in turn. */
function named(types, found = new Map()) {
  for (const name of types.join(' ').match(/\b[A-Z]\w+/g) ?? []) {
    const schema = document.components.schemas[name]
    if (!schema || found.has(name)) continue
    found.set(name, type_of(schema))
    named([found.get(name)], found)
  }
  return found
}
const wanted = named(
  routes.flatMap((one) => [one.body, ...one.answers.map((answer) => answer.type)]),
)
const schemas = Object.keys(document.components.schemas)
  .filter((name) => wanted.has(name))
  .map((name) => ({ name, type: wanted.get(name) }))
writeFileSync(here('../src/account/contract.json'), JSON.stringify({ routes, schemas }))
copyFileSync(source, here('../public/openapi.yaml'))
