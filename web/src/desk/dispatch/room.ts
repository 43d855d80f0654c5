// The post room's list: what is asked for, each row's number, posting it, and going on to the next. A
// posted row stays where it is until the list is asked for again.
import { computed, nextTick, onMounted, reactive, ref, shallowRef, watch, type Ref } from 'vue'
import { api, ask, type Problem } from '@/shared/api/client'
import { t } from '@/shared/i18n'
import { as_problem } from '@/shared/load'
import { keep, kept, scanned_order, words_of, type Order, type OrderState } from './dispatch'

/** `list` holds the fields for the numbers, in their order. */
export function use_post_room(list: Ref<HTMLElement | undefined>) {
  const state = ref<OrderState | 'stock'>('requested')
  const sought = ref('')
  const rows = ref<Order[]>([])
  const next = ref<string>()
  const counts = ref<Record<string, number>>({})
  const problem = shallowRef<Problem | null>(null)
  const loading = ref(true)
  const carrier = ref(kept('carrier', ''))
  const typed = reactive<Record<string, string>>({})
  const trouble = reactive<Record<string, string>>({})
  const chosen = reactive(new Set<string>())
  const busy = ref('')
  const said = ref('')

  let turn = 0
  async function load(more = false) {
    if (state.value === 'stock') return
    const mine = ++turn
    loading.value = true
    try {
      const query = sought.value.trim()
        ? { q: sought.value.trim() }
        : { state: state.value, after: more ? next.value : undefined }
      const got = await ask(api.GET('/desk/backdrops', { params: { query } }))
      if (mine !== turn) return
      rows.value = more ? [...rows.value, ...got.backdrops] : got.backdrops
      next.value = got.next
      counts.value = got.counts
      problem.value = null
      if (!more) chosen.clear()
      await nextTick()
      if (state.value === 'requested' && !more && !sought.value) focus_next(-1)
    } catch (error) {
      if (mine === turn) problem.value = as_problem(error)
    } finally {
      if (mine === turn) loading.value = false
    }
  }
  watch(state, () => {
    rows.value = []
    sought.value = ''
    void load()
  })
  onMounted(() => void load())

  /** The next field after this row that still wants a number. */
  function focus_next(after: number) {
    const fields = [...(list.value?.querySelectorAll<HTMLInputElement>('input[data-at]') ?? [])]
    const field = fields.find((one) => Number(one.dataset.at) > after) ?? fields[0]
    field?.focus()
  }
  function focus_order(order: Order) {
    list.value?.querySelector<HTMLInputElement>(`#tracking-${order.id}`)?.focus()
    said.value = t('dispatch.found', { name: order.recipient })
  }

  async function post(row: Order, at: number) {
    const tracking_number = (typed[row.id] ?? '').trim()
    delete trouble[row.id]
    const other = scanned_order(tracking_number, rows.value)
    if (other) {
      typed[row.id] = ''
      focus_order(other)
      return
    }
    if (!carrier.value.trim()) {
      trouble[row.id] = t('desk.dispatch.no_carrier')
      return
    }
    if (!tracking_number) {
      trouble[row.id] = t('desk.dispatch.no_number')
      return
    }
    const twin = rows.value.find(
      (one) => one.id !== row.id && one.tracking_number === tracking_number,
    )
    if (twin) {
      trouble[row.id] = t('desk.dispatch.twice', { name: twin.recipient })
      return
    }
    busy.value = row.id
    try {
      const posted = await ask(
        api.POST('/desk/backdrops/{id}/posted', {
          params: { path: { id: row.id } },
          body: { carrier: carrier.value.trim(), tracking_number },
        }),
      )
      show_again(row, posted)
      chosen.delete(row.id)
      keep('carrier', carrier.value.trim())
      said.value = t('desk.dispatch.done', { name: row.recipient, number: tracking_number })
      await nextTick()
      focus_next(at)
    } catch (error) {
      trouble[row.id] = words_of(as_problem(error))
    } finally {
      busy.value = ''
    }
  }

  /** A row as the server has it now; the counters go with it. */
  function show_again(row: Order, now: Order) {
    const count = (state: string, by: number) =>
      (counts.value[state] = Math.max(0, (counts.value[state] ?? 0) + by))
    if (row.state !== now.state) {
      count(row.state, -1)
      count(now.state, 1)
      delete typed[row.id]
    }
    Object.assign(row, now)
  }

  // The field for searching takes the bars of a label too.
  async function search() {
    const order = scanned_order(sought.value, rows.value)
    if (order?.state === 'requested') {
      sought.value = ''
      focus_order(order)
      return
    }
    await load()
  }

  const waiting = computed(() =>
    rows.value.filter((row) => row.state === 'requested' && row.needed),
  )
  const to_print = computed(() => {
    const marked = waiting.value.filter((row) => chosen.has(row.id))
    return (marked.length ? marked : waiting.value.filter((row) => !row.printed_at)).slice(0, 200)
  })
  const choose = (id: string, on: boolean) => (on ? chosen.add(id) : chosen.delete(id))

  return {
    state,
    sought,
    rows,
    next,
    counts,
    problem,
    loading,
    carrier,
    typed,
    trouble,
    chosen,
    busy,
    said,
    to_print,
    choose,
    load,
    show_again,
    search,
    post,
  }
}
