// One queue as the table shows it: pages by key, counters that renew themselves, and a list that
// never moves unless the reader asks.
import { computed, reactive } from 'vue'
import { api, ask, type Problem, type Schemas } from '@/shared/api/client'
import { as_problem } from '@/shared/load'

export type QueueName = Schemas['Queue']
export type QueueRow = Schemas['QueueRow']

export const queue_names: QueueName[] = [
  'mine',
  'unassigned',
  'initial_review',
  'photo_review',
  'overdue',
  'waiting_applicant',
  'at_bureau',
  'bureau_returned',
  'approved',
  'all',
]
const k_page = 50
const k_counters_ms = 15_000

export function is_queue(name: unknown): name is QueueName {
  return queue_names.includes(name as QueueName)
}

const state = reactive({
  queue: 'unassigned' as QueueName,
  q: '',
  rows: [] as QueueRow[],
  total: 0,
  next: undefined as string | undefined,
  loading: false,
  loading_more: false,
  problem: null as Problem | null,
  loaded_at: 0,
  counts: {} as Partial<Record<QueueName, number>>,
})

let turn = 0

function page(after?: string) {
  return ask(
    api.GET('/desk/filings', {
      params: {
        query: {
          queue: state.queue,
          limit: k_page,
          ...(state.q && { q: state.q }),
          ...(after && { after }),
        },
      },
    }),
  )
}

/** Fills the list anew. An answer that a later question has overtaken is dropped. */
async function load(queue: QueueName, q: string): Promise<void> {
  const mine = ++turn
  const other = queue !== state.queue || q !== state.q
  Object.assign(state, { queue, q, loading: true, problem: null })
  if (other) Object.assign(state, { rows: [], total: 0, next: undefined, loaded_at: 0 })
  try {
    const got = await page()
    if (mine !== turn) return
    Object.assign(state, {
      rows: got.rows,
      total: got.total,
      next: got.next,
      loaded_at: Date.now(),
    })
  } catch (error) {
    if (mine === turn) state.problem = as_problem(error)
  } finally {
    if (mine === turn) state.loading = false
  }
}

async function more(): Promise<void> {
  if (!state.next || state.loading_more || state.loading) return
  const mine = turn
  state.loading_more = true
  try {
    const got = await page(state.next)
    if (mine !== turn) return
    const known = new Set(state.rows.map((row) => row.id))
    state.rows.push(...got.rows.filter((row) => !known.has(row.id)))
    Object.assign(state, { total: got.total, next: got.next })
  } catch (error) {
    if (mine === turn) state.problem = as_problem(error)
  } finally {
    state.loading_more = false
  }
}

/** What a case page has learnt of a filing shows in its row, which stays where it is. */
function saw(filing: QueueRow): void {
  const row = state.rows.find((one) => one.id === filing.id)
  if (!row) return
  const { state: now, state_name, turn: whose, title, assignee } = filing
  const { state_since, due_at, round, version } = filing
  Object.assign(row, { state: now, state_name, turn: whose, title, assignee })
  Object.assign(row, { state_since, due_at, round, version })
}

async function load_counts(): Promise<void> {
  const got = await ask(api.GET('/desk/queues'))
  for (const { name, count } of got.queues) state.counts[name] = count
}

/** Counters every 15 s while the page is in sight; a missed one shows the last known. */
export function watch_counts(): () => void {
  const tick = () => {
    if (document.visibilityState === 'visible') void load_counts().catch(() => undefined)
  }
  tick()
  const timer = setInterval(tick, k_counters_ms)
  document.addEventListener('visibilitychange', tick)
  return () => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', tick)
  }
}

/** How far the counter has moved since the list was loaded. */
const drift = computed(() => {
  const count = state.counts[state.queue]
  return state.loaded_at && !state.q && count !== undefined ? count - state.total : 0
})

export const queue_store = { state, load, more, saw, load_counts, drift }
