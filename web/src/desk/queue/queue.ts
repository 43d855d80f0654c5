// One queue as the table shows it: pages by key, counters that renew themselves, and a list that
// never moves unless the reader asks. What is asked for (queue, search, filters, order) is what the
// address says.
import { computed, reactive } from 'vue'
import { api, ask, type Problem, type Schemas } from '@/shared/api/client'
import { as_problem } from '@/shared/load'

export type QueueName = Schemas['Queue']
export type QueueRow = Schemas['QueueRow']
export type QueueOrder = 'urgent' | 'oldest' | 'newest'

export const queue_names: QueueName[] = [
  'mine',
  'unassigned',
  'initial_review',
  'photo_review',
  'overdue',
  'waiting_applicant',
  'to_post',
  'to_hand_over',
  'at_bureau',
  'bureau_returned',
  'approved',
  'all',
]
/** Lists of the page of tasks, counted beside the queues. */
export const task_queues = ['verification_tasks', 'unfiled_sites'] as const
export const task_kind_of = {
  verification_tasks: 'verification',
  unfiled_sites: 'unfiled_site',
} as const
export type CounterName = QueueName | (typeof task_queues)[number]

const k_page = 50
const k_counters_ms = 15_000

export function is_queue(name: unknown): name is QueueName {
  return queue_names.includes(name as QueueName)
}
/** Most of what is in these has no time limit. */
export function orders_of(queue: QueueName): QueueOrder[] {
  return ['approved', 'all'].includes(queue) ? ['newest', 'oldest'] : ['urgent', 'oldest', 'newest']
}

export const filter_names = ['province', 'kind', 'nature', 'days', 'findings'] as const
export type FilterName = (typeof filter_names)[number]
export type Wanted = {
  queue: QueueName
  q: string
  order: QueueOrder
} & Partial<Record<FilterName, string>>

type Query = Record<string, unknown>
const one = (value: unknown) => (typeof value === 'string' ? value : '')

/** What the address asks for; whatever is no choice of ours is left out. */
export function wanted_of(query: Query): Wanted {
  const queue = is_queue(query.queue) ? query.queue : 'unassigned'
  const order = orders_of(queue).find((name) => name === query.order) ?? orders_of(queue)[0]!
  const wanted: Wanted = { queue, q: one(query.q), order }
  for (const name of filter_names) if (one(query[name])) wanted[name] = one(query[name])
  return wanted
}
/** The address for it, without what goes without saying. */
export function query_of(wanted: Wanted): Record<string, string> {
  const query: Record<string, string> = { queue: wanted.queue }
  if (wanted.q) query.q = wanted.q
  if (wanted.order !== orders_of(wanted.queue)[0]) query.order = wanted.order
  for (const name of filter_names) if (wanted[name]) query[name] = wanted[name]
  return query
}
const key_of = (wanted: Wanted) => JSON.stringify(query_of(wanted))

const state = reactive({
  queue: 'unassigned' as QueueName,
  q: '',
  wanted: { queue: 'unassigned', q: '', order: 'urgent' } as Wanted,
  rows: [] as QueueRow[],
  total: 0,
  at_least: false,
  next: undefined as string | undefined,
  loading: false,
  loading_more: false,
  problem: null as Problem | null,
  loaded_at: 0,
  counts: {} as Partial<Record<CounterName, number>>,
})

let turn = 0

/** As the server wants it. */
function asked() {
  const { queue, q, order, province, kind, nature, days, findings } = state.wanted
  const number = (text?: string) => (text && /^\d+$/.test(text) ? Number(text) : undefined)
  return {
    queue,
    order,
    ...(q && { q }),
    ...(province && { province }),
    ...(kind && { kind: kind as Schemas['Kind'] }),
    ...(nature && { nature: number(nature) }),
    ...(days && { days: number(days) }),
    ...(findings && { findings: number(findings) }),
  }
}

function page(after?: string) {
  const query = { ...asked(), limit: k_page, ...(after && { after }) }
  return ask(api.GET('/desk/filings', { params: { query } }))
}

/** Whether this is what is shown already: coming back from a case, the list is as it was left. */
function shows(wanted: Wanted): boolean {
  return state.loaded_at > 0 && key_of(wanted) === key_of(state.wanted)
}

/** Fills the list anew. An answer that a later question has overtaken is dropped. */
async function load(wanted: Wanted): Promise<void> {
  const mine = ++turn
  const other = key_of(wanted) !== key_of(state.wanted)
  Object.assign(state, { wanted, queue: wanted.queue, q: wanted.q, loading: true, problem: null })
  if (other) Object.assign(state, { rows: [], total: 0, next: undefined, loaded_at: 0 })
  try {
    const got = await page()
    if (mine !== turn) return
    Object.assign(state, {
      rows: got.rows,
      total: got.total,
      at_least: got.at_least,
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
    Object.assign(state, { total: got.total, at_least: got.at_least, next: got.next })
  } catch (error) {
    if (mine === turn) state.problem = as_problem(error)
  } finally {
    state.loading_more = false
  }
}

/** What a case page has learnt of a filing shows in its row, which stays where it is. */
function saw(filing: QueueRow): void {
  const row = state.rows.find((known) => known.id === filing.id)
  if (!row) return
  const { state: now, state_name, turn: whose, title, assignee } = filing
  const { state_since, due_at, overdue, round, version } = filing
  Object.assign(row, { state: now, state_name, turn: whose, title, assignee })
  Object.assign(row, { state_since, due_at, overdue, round, version })
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

const is_filtered = computed(() => filter_names.some((name) => state.wanted[name]))
/** How far the counter has moved since the list was loaded. */
const drift = computed(() => {
  const count = state.counts[state.queue]
  const comparable = state.loaded_at && !state.q && !is_filtered.value && count !== undefined
  return comparable ? count - state.total : 0
})

/** Where the list is to be had as a file. */
export function export_address(format: 'csv' | 'xlsx'): string {
  const query = new URLSearchParams({ ...query_of(state.wanted), format })
  query.delete('q')
  return `/api/v1/desk/export?${query}`
}

export const queue_store = { state, load, more, saw, shows, load_counts, drift, is_filtered }
