import { describe, expect, it } from 'vitest'

type Json = { [key: string]: Json | string }
const files = import.meta.glob<Json>(['../src/texts/*/*.json', '../src/*/texts/*/*.json'], {
  eager: true,
  import: 'default',
})

function leaves(of: Json, at = ''): [string, string][] {
  return Object.entries(of).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[at + key, value] as [string, string]]
      : leaves(value, `${at}${key}.`),
  )
}
const holes = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort().join()

describe('texts', () => {
  const chinese = Object.keys(files).filter((path) => path.includes('/zh-CN/'))
  it.each(chinese)('%s says the same in English', (path) => {
    const english = files[path.replace('/zh-CN/', '/en/')]
    expect(english, 'the English file').toBeDefined()
    const zh = leaves(files[path]!)
    const en = new Map(leaves(english!))
    expect([...en.keys()].sort()).toEqual(zh.map(([key]) => key).sort())
    for (const [key, text] of zh) {
      expect(holes(en.get(key)!), key).toBe(holes(text))
      expect(text, key).not.toBe('')
    }
  })
  it.each(chinese.filter((path) => !/\/(desk|bureau)\/|client_link/.test(path)))(
    '%s speaks as the others do: 你',
    (path) => {
      expect(leaves(files[path]!).filter(([, text]) => text.includes('您'))).toEqual([])
    },
  )
  it('there are texts at all', () => expect(chinese.length).toBeGreaterThan(0))
})
