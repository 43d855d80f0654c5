// What the console's pages ask for: one thing, or a list that comes page by page.
import { ref, shallowRef } from 'vue'
import { ask, type Refused } from './console'
import { as_refused } from './state'

/** One thing at this address; `data` is null until it came. */
export function use_one<Thing>(path: () => string) {
  const data = shallowRef<Thing | null>(null)
  const refused = shallowRef<Refused | null>(null)
  async function load() {
    try {
      data.value = await ask<Thing>(path())
      refused.value = null
    } catch (error) {
      refused.value = as_refused(error)
    }
  }
  return { data, refused, load }
}

/**
 * The rows called `name` in the answers of `path`, newest first; null until the first page came. An
 * answer that was overtaken by a later question is dropped.
 */
export function use_pages<Row>(path: string, name: string, filter: () => Record<string, string>) {
  const rows = shallowRef<Row[] | null>(null)
  const next = ref<string | null>(null)
  const refused = shallowRef<Refused | null>(null)
  let turn = 0
  async function load(before = '') {
    const mine = ++turn
    const words = Object.entries({ ...filter(), before }).filter(([, value]) => value)
    try {
      const got = await ask<Record<string, unknown>>(`${path}?${new URLSearchParams(words)}`)
      if (mine !== turn) return
      const page = got[name] as Row[]
      rows.value = before ? [...(rows.value ?? []), ...page] : page
      next.value = got.next as string | null
      refused.value = null
    } catch (error) {
      if (mine === turn) refused.value = as_refused(error)
    }
  }
  /** After another choice: what stands there does not belong to it. */
  function anew() {
    rows.value = null
    next.value = null
    void load()
  }
  return { rows, next, refused, load, anew }
}
