// One case on the desk: what the server last said of it, and the reviewer's drafted corrections,
// which are saved as they are made and never lost to a reload.
import { computed, reactive, shallowReactive } from 'vue'
import { api, ask, Problem, type Schemas } from '@/shared/api/client'
import { load_form } from '@/shared/catalogue'
import type { Form } from '@/shared/form/types'
import { as_problem } from '@/shared/load'
import { session } from '@/shared/session'
import { queue_store } from '../queue/queue'
import { with_draft, type CorrectionDraft, type FieldDraft, type Reason } from '../reasons'

export type DeskFiling = Schemas['DeskFiling']
export type Action = Schemas['Action']
/** `next_at`: when to ring again, as agreed. */
export type Call = { person: string; result: CallResult; note?: string; next_at?: number }
export const call_results = [
  'confirmed',
  'no_answer',
  'wrong_number',
  'denied',
  'call_again',
] as const
export type CallResult = (typeof call_results)[number]

/** The key of each decision among those allowed: where there are two ways to return, `r` is the farther. */
export function key_of(action: Action, allowed: Action[]): string {
  if (action.startsWith('pass')) return 'p'
  const is_farther = action === 'return_initial' && allowed.includes('return_photo')
  return is_farther ? 'r' : 'b'
}

const k_save_after_ms = 500

let reasons: Promise<Reason[]> | null = null
function load_reasons(): Promise<Reason[]> {
  reasons ??= ask(api.GET('/desk/reasons')).then((got) => got.reasons as Reason[])
  reasons.catch(() => (reasons = null))
  return reasons
}

export type SaveState = 'saved' | 'unsaved' | 'saving' | 'failed'

export function open_case(id: string) {
  const path = { id }
  const state = reactive({
    filing: null as DeskFiling | null,
    problem: null as Problem | null,
    loading: false,
    busy: '' as '' | 'claim' | 'release' | 'call' | 'hand_over' | Action,
    corrections: [] as CorrectionDraft[],
    save: 'saved' as SaveState,
    saved_at: 0,
  })
  const shelf = shallowReactive({ form: null as Form | null, reasons: [] as Reason[] })

  const is_mine = computed(
    () =>
      state.filing?.assignee !== undefined &&
      state.filing.assignee !== null &&
      state.filing.assignee.id === session.state.account?.id,
  )

  function show(filing: DeskFiling): void {
    state.filing = filing
    queue_store.saw(filing)
    // What is drafted here and not yet saved is newer than what the server holds.
    if (state.save === 'saved') state.corrections = filing.draft_corrections
  }

  async function load(): Promise<void> {
    state.loading = true
    try {
      const filing = await ask(api.GET('/desk/filings/{id}', { params: { path } }))
      state.problem = null
      show(filing)
      shelf.form ??= await load_form(filing.form_version)
      shelf.reasons = await load_reasons()
    } catch (error) {
      state.problem = as_problem(error)
    } finally {
      state.loading = false
    }
  }

  /** One thing at a time. A refusal is thrown for the page to explain. */
  async function during<T>(what: typeof state.busy, work: () => Promise<T>): Promise<T> {
    state.busy = what
    try {
      return await work()
    } finally {
      state.busy = ''
    }
  }

  let timer: ReturnType<typeof setTimeout> | undefined
  let saving: Promise<void> | null = null

  async function save_now(): Promise<void> {
    clearTimeout(timer)
    if (saving) await saving
    if (state.save !== 'unsaved' && state.save !== 'failed') return
    saving = put()
    await saving
    saving = null
    // Typed on while the answer was on its way.
    if ((state.save as SaveState) === 'unsaved') await save_now()
  }

  async function put(): Promise<void> {
    state.save = 'saving'
    const corrections = state.corrections
    try {
      const filing = await ask(
        api.PUT('/desk/filings/{id}/corrections', { params: { path }, body: { corrections } }),
      )
      state.filing = filing
      if (state.save === 'saving') state.save = 'saved'
      state.saved_at = Date.now()
    } catch (error) {
      state.save = 'failed'
      console.warn('corrections not saved', as_problem(error).code)
    }
  }

  function draft(field: string, next: FieldDraft): void {
    state.corrections = with_draft(state.corrections, field, next)
    state.save = 'unsaved'
    clearTimeout(timer)
    timer = setTimeout(() => void save_now(), k_save_after_ms)
  }

  const claim = (reason?: string) =>
    during('claim', async () => {
      const body = { take_over: reason !== undefined, ...(reason !== undefined && { reason }) }
      show(await ask(api.POST('/desk/filings/{id}/claim', { params: { path }, body })))
    })
  const release = () =>
    during('release', async () => {
      await save_now()
      await ask(api.DELETE('/desk/filings/{id}/claim', { params: { path } }))
      await load()
    })
  const log_call = (call: Call) =>
    during('call', async () =>
      show(await ask(api.POST('/desk/filings/{id}/calls', { params: { path }, body: call }))),
    )
  const hand_over = (to: string, note: string) =>
    during('hand_over', async () => {
      await save_now()
      const body = { to, ...(note && { note }) }
      show(await ask(api.POST('/desk/filings/{id}/hand_over', { params: { path }, body })))
    })
  /**
   * Decides, on the version that was looked at; a return sends the drafted corrections. `second`:
   * where two must pass it, whom it goes to next; empty for whoever is free.
   */
  const act = (action: Action, note: string, second = '') =>
    during(action, async () => {
      clearTimeout(timer)
      await saving
      const sends = action.startsWith('return')
      const filing = await ask(
        api.POST('/desk/filings/{id}/actions/{action}', {
          params: { path: { id, action } },
          body: {
            version: state.filing!.version,
            ...(note && { note }),
            ...(second && { second }),
            ...(sends && { corrections: state.corrections }),
          },
        }),
      )
      state.save = 'saved'
      show(filing)
    })

  return { state, shelf, is_mine, load, draft, save_now, claim, release, log_call, hand_over, act }
}
export type Case = ReturnType<typeof open_case>
