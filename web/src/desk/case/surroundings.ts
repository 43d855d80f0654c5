// What stands around a case and comes after it: related filings, how often reasons were used, notes
// of colleagues. None of it keeps the case from being read; a part that fails says so in its tab.
import { computed, reactive } from 'vue'
import { api, ask, type Problem, type Schemas } from '@/shared/api/client'
import { as_problem } from '@/shared/load'
import { reminders } from '../reminders'

export type Related = Schemas['Related']
export type RelatedFiling = Related['filings'][number]
export type Use = Schemas['ReasonUses']['uses'][number]
export type Wording = Schemas['ReasonUses']['wordings'][number]
export type Note = Schemas['Note']
export interface Colleague {
  id: string
  name: string
  role: string
  me: boolean
  /** That they have now. */
  cases: number
  /** How many of the filings asked about they may be given. */
  may_take: number
}

/** Those who may see one of these filings. */
export const load_colleagues = (filings: string[]): Promise<Colleague[]> =>
  ask(api.GET('/desk/colleagues', { params: { query: { filings: filings.join(',') } } })).then(
    (got) => got.colleagues,
  )

export function use_surroundings(id: string) {
  const path = { id }
  const state = reactive({
    related: null as Related | null,
    related_problem: null as Problem | null,
    uses: [] as Use[],
    wordings: [] as Wording[],
    notes: null as Note[] | null,
    notes_problem: null as Problem | null,
    colleagues: [] as Colleague[],
  })

  async function load_related() {
    state.related_problem = null
    try {
      state.related = await ask(api.GET('/desk/filings/{id}/related', { params: { path } }))
    } catch (error) {
      state.related_problem = as_problem(error)
    }
  }
  /** Without them reasons stand in the order of their file. */
  async function load_uses() {
    const got = await ask(api.GET('/desk/filings/{id}/reasons', { params: { path } })).catch(
      () => null,
    )
    if (got) Object.assign(state, got)
  }
  async function load_notes() {
    state.notes_problem = null
    try {
      const { notes } = await ask(api.GET('/desk/filings/{id}/notes', { params: { path } }))
      state.notes = notes
      if (notes.some((note) => note.to_me)) await reminders.see(id)
    } catch (error) {
      state.notes_problem = as_problem(error)
    }
  }
  async function load() {
    void load_colleagues([id])
      .then((all) => (state.colleagues = all))
      .catch(() => undefined)
    await Promise.all([load_related(), load_uses(), load_notes()])
  }

  async function write_note(text: string) {
    const note = await ask(
      api.POST('/desk/filings/{id}/notes', { params: { path }, body: { text } }),
    )
    state.notes = [...(state.notes ?? []), note]
  }
  async function forget_wording(wording: string) {
    await ask(api.DELETE('/desk/wordings/{id}', { params: { path: { id: wording } } }))
    state.wordings = state.wordings.filter((one) => one.id !== wording)
  }

  /** By field (of a picture its material's id): how many other filings have the same. */
  const shared_at = computed(() => {
    const found = new Map<string, number>()
    for (const filing of state.related?.filings ?? [])
      for (const field of new Set(filing.by.map((one) => one.field)))
        found.set(field, (found.get(field) ?? 0) + 1)
    return found
  })

  return { state, shared_at, load, load_related, load_uses, load_notes, write_note, forget_wording }
}
export type Surroundings = ReturnType<typeof use_surroundings>
