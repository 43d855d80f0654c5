// What waits for whoever is logged in: notes that name him, telephone calls he agreed on. Asked again
// every half minute while a desk page is in sight.
import { computed, onBeforeUnmount, onMounted, reactive } from 'vue'
import { api, ask, type Problem, type Schemas } from '@/shared/api/client'
import { as_problem } from '@/shared/load'

export type Reminders = Schemas['Reminders']
const k_every_ms = 30_000
/** A call is due from this long before its time. */
export const k_call_soon_ms = 10 * 60_000

const state = reactive({
  unseen: 0,
  mentions: [] as Reminders['mentions'],
  appointments: [] as Reminders['appointments'],
  next_before: null as string | null,
  loaded: false,
  problem: null as Problem | null,
  now: Date.now(),
})

async function load() {
  try {
    const got = await ask(api.GET('/desk/reminders'))
    Object.assign(state, got, { loaded: true, problem: null })
  } catch (error) {
    state.problem = as_problem(error)
  }
  state.now = Date.now()
}
async function more() {
  if (!state.next_before) return
  const query = { before: state.next_before }
  const got = await ask(api.GET('/desk/reminders', { params: { query } }))
  state.mentions = [...state.mentions, ...got.mentions]
  state.next_before = got.next_before
}
async function see(filing?: string) {
  const body = filing ? { filing } : {}
  await ask(api.POST('/desk/mentions/seen', { body })).catch(() => undefined)
  await load()
}

const due = computed(() => state.appointments.filter((one) => one.at - k_call_soon_ms <= state.now))
const count = computed(() => state.unseen + due.value.length)

export const reminders = { state, due, count, load, more, see }

export function watch_reminders(may: () => boolean) {
  let timer: ReturnType<typeof setInterval> | undefined
  const ask_again = () => {
    if (may() && document.visibilityState === 'visible') void load()
  }
  onMounted(() => {
    ask_again()
    timer = setInterval(ask_again, k_every_ms)
  })
  onBeforeUnmount(() => clearInterval(timer))
}
