// Claiming, deciding and what may go wrong with either: somebody else was quicker, the server
// refuses, no answer came.
import { ref, watch } from 'vue'
import { useRouter } from 'vue-router'
import { api, ask, type Problem } from '@/shared/api/client'
import { t } from '@/shared/i18n'
import { as_problem } from '@/shared/load'
import { ElMessage } from '../element'
import { queue_store } from '../queue/queue'
import { typed_text } from '../typed'
import type { Action, Call, Case } from './case'

export function problem_words(problem: Problem): string {
  const title =
    problem.message !== problem.code ? problem.message : t(`problem.${problem.code}.title`)
  return [title, problem.detail].filter(Boolean).join(' ')
}
export function tell(error: unknown): void {
  ElMessage({ message: problem_words(as_problem(error)), type: 'error', duration: 6000 })
}

/** Claims the longest-waiting filing and opens it. */
export function use_next() {
  const router = useRouter()
  const claiming = ref(false)
  async function take_next() {
    if (claiming.value) return
    claiming.value = true
    try {
      const next = await ask(api.POST('/desk/next'))
      await router.push(`/desk/${next.id}`)
    } catch (error) {
      if (as_problem(error).reason === 'queue_empty')
        ElMessage({ message: t('desk.queue.none_left'), type: 'success', grouping: true })
      else tell(error)
    } finally {
      claiming.value = false
    }
  }
  return { claiming, take_next }
}

export function use_deciding(the_case: Case) {
  const { state, is_mine } = the_case
  const deciding = ref<Action | null>(null)
  const refusal = ref<Problem | null>(null)
  const note = typed_text(`case.${the_case.id}.decision`)
  const taking_over = ref(false)
  const overtaken = ref<Problem | null>(null)
  const decided = ref<Action | null>(null)
  /** Where two must pass it: whom it goes to next; empty for whoever is free. */
  const second = ref('')
  const handing_over = ref(false)
  // Saving found out that somebody else has it.
  watch(
    () => state.save,
    (save) => save === 'held' && state.save_problem && (overtaken.value = state.save_problem),
  )

  /** Somebody else was quicker: say who and when, and show what is true now. */
  async function handle(error: unknown, otherwise: (problem: Problem) => void) {
    const problem = as_problem(error)
    if (problem.code !== 'stale' && problem.code !== 'conflict') {
      otherwise(problem)
      return
    }
    deciding.value = null
    taking_over.value = false
    handing_over.value = false
    overtaken.value = problem
    await the_case.load()
  }
  function begin(action: Action | undefined) {
    if (!action) return
    refusal.value = null
    second.value = ''
    deciding.value = action
  }
  async function decide() {
    const action = deciding.value
    if (!action || state.busy) return
    refusal.value = null
    try {
      await the_case.act(action, note.value.trim(), second.value)
      deciding.value = null
      overtaken.value = null
      note.value = ''
      decided.value = action
      void queue_store.load_counts().catch(() => undefined)
    } catch (error) {
      await handle(error, (problem) => (refusal.value = problem))
    }
  }
  async function claim(reason?: string) {
    if (state.filing?.assignee && !is_mine.value && reason === undefined) {
      taking_over.value = true
      return
    }
    try {
      await the_case.claim(reason)
      overtaken.value = null
      taking_over.value = false
    } catch (error) {
      await handle(error, tell)
      taking_over.value = false
    }
  }
  async function release() {
    try {
      await the_case.release()
      ElMessage({ message: t('desk.case.released'), type: 'success' })
    } catch (error) {
      await handle(error, tell)
    }
  }
  async function hand_over(to: string, words: string) {
    refusal.value = null
    try {
      await the_case.hand_over(to, words)
      handing_over.value = false
      const name = state.filing?.assignee?.name ?? ''
      ElMessage({ message: t('case.hand.done', { name }), type: 'success' })
    } catch (error) {
      await handle(error, (problem) => (refusal.value = problem))
    }
  }
  function begin_handing_over() {
    refusal.value = null
    handing_over.value = true
  }
  async function log_call(call: Call) {
    try {
      await the_case.log_call(call)
      return true
    } catch (error) {
      tell(error)
      return false
    }
  }
  return {
    deciding,
    refusal,
    note,
    taking_over,
    overtaken,
    decided,
    second,
    handing_over,
    begin_handing_over,
    hand_over,
    begin,
    decide,
    claim,
    release,
    log_call,
  }
}
