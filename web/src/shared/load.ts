// Asking the server for what a page shows, with every state a page has to be drawn in.
import { onMounted, onUnmounted, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { Problem } from './api/client'

export interface Load<T> {
  data: ShallowRef<T | null>
  problem: ShallowRef<Problem | null>
  /** True once the wait has lasted 300 ms: before that nothing needs to be said. */
  slow: Ref<boolean>
  /** Asks again; what is shown stays until the answer is there. */
  reload: () => Promise<void>
}

const k_patience_ms = 300

export function as_problem(error: unknown): Problem {
  if (error instanceof Problem) return error
  console.error(error)
  return new Problem({ code: 'internal' }, null)
}

/** Loads when the page appears, and again by itself when the connection comes back. */
export function use_load<T>(fetch_it: () => Promise<T>): Load<T> {
  const data = shallowRef<T | null>(null)
  const problem = shallowRef<Problem | null>(null)
  const slow = ref(false)
  let latest = 0

  async function reload(): Promise<void> {
    const mine = ++latest
    const timer = setTimeout(() => (slow.value = true), k_patience_ms)
    try {
      const got = await fetch_it()
      if (mine !== latest) return
      data.value = got
      problem.value = null
    } catch (error) {
      if (mine === latest) problem.value = as_problem(error)
    } finally {
      clearTimeout(timer)
      slow.value = false
    }
  }
  const come_back = () => problem.value?.code === 'offline' && void reload()
  onMounted(() => {
    window.addEventListener('online', come_back)
    void reload()
  })
  onUnmounted(() => window.removeEventListener('online', come_back))
  return { data, problem, slow, reload }
}

/** One press of a button: busy while it runs, its problem until the next press. */
export function use_task(): {
  busy: Ref<boolean>
  problem: ShallowRef<Problem | null>
  run: (work: () => Promise<void>) => Promise<boolean>
} {
  const busy = ref(false)
  const problem = shallowRef<Problem | null>(null)
  async function run(work: () => Promise<void>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    problem.value = null
    try {
      await work()
      return true
    } catch (error) {
      problem.value = as_problem(error)
      return false
    } finally {
      busy.value = false
    }
  }
  return { busy, problem, run }
}
