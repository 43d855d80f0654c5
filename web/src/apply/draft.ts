// The draft on the page and on the server: what is typed is sent by itself a moment later, what could
// not be sent is kept on this device, and where somebody else changed the same field both versions
// are kept until the person chooses.
//
// `shown` is what the page shows, `saved` what the server holds as far as this page knows. A path is
// dirty while the two differ and it is not in conflict.
import { computed, reactive, ref, shallowRef, type ComputedRef, type Ref } from 'vue'
import { Problem, type ShownProblem } from '@/shared/api/client'
import { canonicalPhone } from '@/shared/form/clean'
import { valueAt, withValue } from '@/shared/form/paths'
import type { Content, Json } from '@/shared/form/types'
import { read_kept, write_kept, type KeptChanges } from '@/shared/kept'

export interface Change {
  path: string
  from: Json
  to: Json
}
export interface Saved {
  version: number
  saved_at: number
  problems: ShownProblem[]
}
export interface DraftServer {
  save: (changes: Change[]) => Promise<Saved>
  /** The content as it is now, to compare with after a clash. */
  read: () => Promise<{ content: Content; version: number; problems: ShownProblem[] }>
}
export interface Conflict {
  theirs: Json
  yours: Json
}
export type SaveState = 'saved' | 'waiting' | 'saving' | 'offline' | 'failed' | 'conflict'

const k_quiet_ms = 800
// Comparing again is worth a few tries; after that something other than a second tab is wrong.
const k_clashes = 3
const k_retry_ms = [2000, 5000, 10000, 30000]

/** Nothing, an empty text and an empty list are the same to a form. */
function plain(value: Json | undefined): Json {
  if (value === undefined || value === '') return null
  if (Array.isArray(value) && value.length === 0) return null
  return value
}
export function same(one: Json | undefined, other: Json | undefined): boolean {
  return JSON.stringify(plain(one)) === JSON.stringify(plain(other))
}

/** The same but for blanks and the width of signs: the server keeps one spelling of what was typed. */
function alike(one: Json | undefined, other: Json | undefined): boolean {
  const [a, b] = [plain(one), plain(other)]
  if (typeof a !== 'string' || typeof b !== 'string') return same(a, b)
  return canonicalPhone(a) === canonicalPhone(b)
}

export interface Draft {
  shown: Ref<Content>
  version: Ref<number>
  problems: Ref<ShownProblem[]>
  saved_at: Ref<number | null>
  state: ComputedRef<SaveState>
  failure: Ref<Problem | null>
  conflicts: Record<string, Conflict>
  /** Nothing at or below this path is waiting to be saved or to be chosen. */
  is_saved: (path: string) => boolean
  set: (path: string, value: Json) => void
  /** Sends what is waiting, now. True when everything is on the server afterwards. */
  flush: () => Promise<boolean>
  choose: (path: string, whose: 'theirs' | 'yours') => void
  /** Takes a newer answer of the server, keeping what is still being typed. */
  adopt: (content: Content, version: number, problems: ShownProblem[]) => void
  stop: () => void
}

export function make_draft(
  id: string,
  start: { content: Content; version: number; problems: ShownProblem[] },
  server: DraftServer,
): Draft {
  const shown = shallowRef(start.content)
  let saved = start.content
  const version = ref(start.version)
  const problems = shallowRef(start.problems)
  const saved_at = ref<number | null>(null)
  const failure = shallowRef<Problem | null>(null)
  const conflicts = reactive<Record<string, Conflict>>({})
  const dirty = reactive(new Set<string>())
  const saving = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let attempt = 0
  let clashes = 0
  let running: Promise<boolean> | null = null
  let stopped = false

  const state = computed<SaveState>(() => {
    if (saving.value) return 'saving'
    if (failure.value && dirty.size > 0)
      return failure.value.code === 'offline' ? 'offline' : 'failed'
    if (dirty.size > 0) return 'waiting'
    return Object.keys(conflicts).length > 0 ? 'conflict' : 'saved'
  })

  function keep(): void {
    const kept: KeptChanges = {}
    for (const path of [...dirty, ...Object.keys(conflicts)])
      kept[path] = {
        from: plain(valueAt(saved, path)),
        to: conflicts[path]?.yours ?? plain(valueAt(shown.value, path)),
      }
    write_kept(id, kept)
  }

  function schedule(ms: number): void {
    clearTimeout(timer)
    if (!stopped) timer = setTimeout(() => void flush(), ms)
  }

  function mark(path: string): void {
    if (same(valueAt(shown.value, path), valueAt(saved, path))) dirty.delete(path)
    else if (!conflicts[path]) dirty.add(path)
  }

  const is_saved = (path: string) =>
    ![...dirty, ...Object.keys(conflicts)].some(
      (at) => at === path || path.startsWith(`${at}.`) || at.startsWith(`${path}.`),
    )

  function set(path: string, value: Json): void {
    shown.value = withValue(shown.value, path, plain(value))
    if (conflicts[path]) conflicts[path] = { ...conflicts[path], yours: plain(value) }
    mark(path)
    keep()
    if (dirty.size > 0 && failure.value === null) schedule(k_quiet_ms)
  }

  async function send(): Promise<boolean> {
    const changes = [...dirty].map((path) => ({
      path,
      // As the server gave it: it compares this with what it holds.
      from: valueAt(saved, path) ?? null,
      to: plain(valueAt(shown.value, path)),
    }))
    if (changes.length === 0) return Object.keys(conflicts).length === 0
    saving.value = true
    try {
      const answer = await server.save(changes)
      for (const { path, to } of changes) {
        saved = withValue(saved, path, to)
        mark(path)
      }
      version.value = answer.version
      problems.value = answer.problems
      saved_at.value = answer.saved_at
      failure.value = null
      attempt = 0
      clashes = 0
    } catch (error) {
      await fail(error)
    } finally {
      saving.value = false
      keep()
    }
    if (failure.value) return false
    if (dirty.size > 0) return send()
    return Object.keys(conflicts).length === 0
  }

  async function fail(error: unknown): Promise<void> {
    const problem = error instanceof Problem ? error : new Problem({ code: 'internal' }, null)
    if (problem.code === 'stale' && clashes++ < k_clashes) {
      try {
        const now = await server.read()
        adopt(now.content, now.version, now.problems)
        return
      } catch (again) {
        failure.value = again instanceof Problem ? again : problem
      }
    } else {
      failure.value = problem
    }
    // A refusal that trying again cannot cure waits for the next change or the button.
    const hopeless = [
      'bad_request',
      'forbidden',
      'not_found',
      'conflict',
      'stale',
      'invalid',
      'too_large',
    ]
    if (hopeless.includes(failure.value.code) || failure.value.code === 'unauthenticated') return
    schedule(k_retry_ms[Math.min(attempt++, k_retry_ms.length - 1)]!)
  }

  function flush(): Promise<boolean> {
    clearTimeout(timer)
    running ??= send().finally(() => (running = null))
    return running
  }

  function adopt(content: Content, now: number, found: ShownProblem[]): void {
    const before = saved
    const mine = new Map([...dirty].map((path) => [path, plain(valueAt(shown.value, path))]))
    for (const path of Object.keys(conflicts)) mine.set(path, conflicts[path]!.yours)
    saved = content
    version.value = now
    problems.value = found
    failure.value = null
    let next = content
    for (const [path, yours] of mine) {
      const theirs = plain(valueAt(content, path))
      dirty.delete(path)
      delete conflicts[path]
      if (same(theirs, yours)) continue
      next = withValue(next, path, yours)
      if (alike(theirs, valueAt(before, path))) dirty.add(path)
      else conflicts[path] = { theirs, yours }
    }
    shown.value = next
    keep()
  }

  function choose(path: string, whose: 'theirs' | 'yours'): void {
    const conflict = conflicts[path]
    if (!conflict) return
    delete conflicts[path]
    shown.value = withValue(shown.value, path, conflict[whose])
    mark(path)
    keep()
    if (dirty.size > 0) void flush()
  }

  /** What an earlier visit could not save comes back; what changed on the server since is shown beside it. */
  function restore(): void {
    for (const [path, kept] of Object.entries(read_kept(id))) {
      const yours = plain(kept.to as Json)
      const theirs = plain(valueAt(saved, path))
      const site = /^sites\.(\w+)\./.exec(path)?.[1]
      const gone = site !== undefined && valueAt(saved, `sites.${site}`) === undefined
      if (gone || same(theirs, yours)) continue
      shown.value = withValue(shown.value, path, yours)
      if (alike(theirs, kept.from as Json)) dirty.add(path)
      else conflicts[path] = { theirs, yours }
    }
    keep()
    if (dirty.size > 0) schedule(0)
  }

  const come_back = () => void (dirty.size > 0 && flush())
  const leave = (event: BeforeUnloadEvent) => {
    if (dirty.size > 0 || saving.value) event.preventDefault()
  }
  const hide = () => document.visibilityState === 'hidden' && come_back()
  window.addEventListener('online', come_back)
  window.addEventListener('beforeunload', leave)
  document.addEventListener('visibilitychange', hide)

  function stop(): void {
    come_back()
    stopped = true
    clearTimeout(timer)
    window.removeEventListener('online', come_back)
    window.removeEventListener('beforeunload', leave)
    document.removeEventListener('visibilitychange', hide)
  }

  restore()
  return {
    shown,
    version,
    problems,
    saved_at,
    state,
    failure,
    conflicts,
    is_saved,
    set,
    flush,
    choose,
    adopt,
    stop,
  }
}
