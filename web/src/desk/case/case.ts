// One case on the desk: what the server last said of it, and the reviewer's drafted corrections,
// which are saved as they are made and never lost to a reload.
import { computed, reactive, shallowReactive } from 'vue'
import { api, ask, Problem, type Schemas } from '@/shared/api/client'
import { load_form } from '@/shared/catalogue'
import type { Form } from '@/shared/form/types'
import { as_problem } from '@/shared/load'
import { session } from '@/shared/session'
import { queue_store } from '../queue/queue'
import {
  laid_over,
  with_draft,
  type CorrectionDraft,
  type FieldDraft,
  type Reason,
} from '../reasons'
import { typed_at } from '../typed'

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

const k_try_again_ms = 5_000

/** `held`: typed here, and somebody else has the case now; saved once it is the reader's again. */
export type SaveState = 'saved' | 'unsaved' | 'saving' | 'failed' | 'held'
/** Corrections that the server does not have, and what they were written about. */
interface Unsaved {
  round: number
  state: string
  corrections: CorrectionDraft[]
}

export function open_case(id: string) {
  const path = { id }
  const state = reactive({
    filing: null as DeskFiling | null,
    problem: null as Problem | null,
    loading: false,
    busy: '' as '' | 'claim' | 'release' | 'call' | 'hand_over' | Action,
    corrections: [] as CorrectionDraft[],
    save: 'saved' as SaveState,
    /** Why the last attempt to save failed. */
    save_problem: null as Problem | null,
    saved_at: 0,
  })
  const typed = typed_at<Unsaved>(`case.${id}.corrections`)
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
    restore(filing)
  }
  /** What was typed before the session ended, the page was loaded anew or the case was taken over. */
  function restore(filing: DeskFiling): void {
    const left = typed.kept()
    if (!left || state.save === 'unsaved' || state.save === 'saving') return
    const { round = 1, state: stands } = filing
    if (left.round !== round || left.state !== stands) {
      typed.forget()
      state.save = 'saved'
      state.corrections = filing.draft_corrections
    } else if (is_mine.value) {
      state.corrections = laid_over(filing.draft_corrections, left.corrections)
      state.save = 'unsaved'
      save_after(k_save_after_ms)
    } else {
      state.corrections = laid_over(filing.draft_corrections, left.corrections)
      state.save = 'held'
    }
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
  function save_after(ms: number) {
    clearTimeout(timer)
    timer = setTimeout(() => void save_now(), ms)
  }
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
      if (state.save === 'saving') {
        state.save = 'saved'
        typed.forget()
      }
      state.saved_at = Date.now()
    } catch (error) {
      const problem = (state.save_problem = as_problem(error))
      state.save = 'failed'
      if (['offline', 'unavailable', 'too_many'].includes(problem.code)) save_after(k_try_again_ms)
      // Somebody else has it: who, is on the server.
      if (['conflict', 'stale'].includes(problem.code)) void load()
    }
  }

  function draft(field: string, next: FieldDraft): void {
    state.corrections = with_draft(state.corrections, field, next)
    state.save = 'unsaved'
    const { round = 1, state: stands } = state.filing!
    typed.keep({ round, state: stands, corrections: state.corrections })
    save_after(k_save_after_ms)
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
      const answer = ask(
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
      // What was typed last waits to be saved again where the decision was refused.
      answer.catch(() => state.save === 'unsaved' && save_after(k_save_after_ms))
      const filing = await answer
      state.save = 'saved'
      typed.forget()
      show(filing)
    })

  return {
    id,
    state,
    shelf,
    is_mine,
    load,
    draft,
    save_now,
    claim,
    release,
    log_call,
    hand_over,
    act,
  }
}
export type Case = ReturnType<typeof open_case>
