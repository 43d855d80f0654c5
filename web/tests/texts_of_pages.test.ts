// Whoever opens a page has every text that the page and its parts name: the areas that the route
// loads, and those that a part brings along (with_texts, load_texts).
import { describe, expect, it } from 'vitest'
import type { RouteRecordRaw } from 'vue-router'
import { agency_routes } from '../src/agency/routes'
import { applicant_routes } from '../src/router'

type Json = { [key: string]: Json | string }
const sources = import.meta.glob<string>('../src/**/*.{vue,ts}', {
  eager: true,
  query: '?raw',
  import: 'default',
})
const texts = import.meta.glob<Json>(
  [
    '../src/texts/zh-CN/*.json',
    '../src/*/texts/zh-CN/*.json',
    '../../data/texts/zh-CN/states.json',
  ],
  { eager: true, import: 'default' },
)

function has(area: string, key: string): boolean {
  const path = Object.keys(texts).find((one) => one.endsWith(`/zh-CN/${area}.json`))
  let at: Json | string | undefined = path ? texts[path] : undefined
  for (const name of key.split('.')) at = typeof at === 'object' ? at[name] : undefined
  return at !== undefined
}

function resolved(from: string, to: string): string | undefined {
  const base = to.startsWith('@/')
    ? `../src/${to.slice(2)}`
    : to.startsWith('.')
      ? `..${new URL(to, `file:///x/${from.slice(3)}`).pathname.slice(2)}`
      : undefined
  return base === undefined
    ? undefined
    : [base, `${base}.ts`, `${base}/index.ts`].find((one) => one in sources)
}
const strings = (list: string) => [...list.matchAll(/'([\w-]+)'/g)].map((one) => one[1]!)

/** The keys that this file and all it brings along name, with no area in reach that has them. */
function missing(file: string, areas: string[], seen: Set<string>): string[] {
  const source = sources[file]
  if (source === undefined || seen.has(file)) return []
  seen.add(file)
  const own = [...source.matchAll(/\bload_texts\(([^)]*)\)/g)].flatMap((one) => strings(one[1]!))
  const here = [...areas, ...own]
  const keys = [...source.matchAll(/\bt(?:m)?\(\s*'([a-z_]+(?:\.\w+)+)'/g)].map((one) => one[1]!)
  const lost = [...new Set(keys)].filter((key) => !here.some((area) => has(area, key)))
  const bring = new Map<string, string[]>()
  for (const [, list, to] of source.matchAll(
    /with_texts\(\s*(\[[^\]]*\]|'\w+'),\s*\(\) =>\s*import\('([^']+)'\)/g,
  ))
    bring.set(to!, strings(list!))
  const imports = [
    ...source.matchAll(/\bfrom '([^']+)'/g),
    ...source.matchAll(/\bimport\('([^']+)'\)/g),
  ].map((one) => one[1]!)
  return [
    ...lost.map((key) => `${file}: ${key}`),
    ...imports.flatMap((to) => {
      const next = resolved(file, to)
      return next ? missing(next, [...here, ...(bring.get(to) ?? [])], seen) : []
    }),
  ]
}

function pages(routes: RouteRecordRaw[], above: string[] = []): [string, string, string[]][] {
  return routes.flatMap((route) => {
    const areas = [...above, ...(route.meta?.texts ?? [])]
    const component = /src\/([\w/]+\.vue)/.exec(String(route.component))?.[1]
    return [
      ...(component
        ? [[route.path, `../src/${component}`, areas] as [string, string, string[]]]
        : []),
      ...pages(route.children ?? [], areas),
    ]
  })
}

describe('the texts of', () => {
  const all = pages([...applicant_routes, ...agency_routes])
  it('every page is looked at', () => {
    expect(all.length).toBeGreaterThan(35)
    for (const [, file] of all) expect(sources[file], file).toBeDefined()
  })
  it.each(all)('%s are there', (_, file, areas) => {
    expect(missing(file, ['common', ...areas], new Set(['../src/router.ts']))).toEqual([])
  })
})
