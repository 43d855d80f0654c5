// Field paths: "organiser.name", "sites.s1.domain", ".domain" relative to the website at hand, `*` for
// every element. Same rules as src/filing/condition.h.
import type { Content, Json } from './types'

export function absolutePath(path: string, item: string): string {
  return path.startsWith('.') ? item + path : path
}

export function isAbsent(value: Json | undefined): boolean {
  return (
    value === undefined ||
    value === null ||
    value === '' ||
    (Array.isArray(value) && value.length === 0)
  )
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function step(value: Json, name: string): Json[] {
  if (Array.isArray(value)) {
    if (name === '*') return value
    const found = value.find((element) => isObject(element) && element.key === name)
    if (found !== undefined) return [found]
    return /^\d{1,4}$/.test(name) && value[Number(name)] !== undefined
      ? [value[Number(name)] as Json]
      : []
  }
  if (isObject(value) && Object.prototype.hasOwnProperty.call(value, name))
    return [value[name] as Json]
  return []
}

export function valuesAt(content: Content, path: string): Json[] {
  let values: Json[] = [content]
  for (const name of path.split('.')) values = values.flatMap((value) => step(value, name))
  return values
}

export function valueAt(content: Content, path: string): Json | undefined {
  return valuesAt(content, path)[0]
}

export function siteKeys(content: Content): string[] {
  const sites = content.sites
  if (!Array.isArray(sites)) return []
  return sites.flatMap((site) => (isObject(site) && typeof site.key === 'string' ? [site.key] : []))
}

// A copy of the content with the value at an absolute path replaced; null removes it. Unknown
// websites leave it as it is.
export function withValue(content: Content, path: string, value: Json): Content {
  return setIn(content, path.split('.'), value) as Content
}

function setIn(value: Json | undefined, names: string[], to: Json): Json {
  const [name, ...rest] = names as [string, ...string[]]
  if (Array.isArray(value)) {
    return value.map((element) =>
      isObject(element) && element.key === name && rest.length ? setIn(element, rest, to) : element,
    )
  }
  const object = isObject(value) ? { ...value } : {}
  if (rest.length) object[name] = setIn(object[name], rest, to)
  else if (to === null) delete object[name]
  else object[name] = to
  return object
}
