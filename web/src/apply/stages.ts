// The timeline: which stages a filing goes through under its bureau's policy, and how far it is.
import type { Schemas } from '@/shared/api/client'
import type { Filing } from './filing'

type State = Schemas['State']
export type StageName =
  'fill' | 'review' | 'verify' | 'photo' | 'hand_over' | 'sms' | 'bureau' | 'approved'
export interface Stage {
  name: StageName
  place: 'done' | 'now' | 'next' | 'stopped'
  /** When it was done, or since when it is under way. */
  at: number | null
}

const k_states: Record<StageName, State[]> = {
  fill: ['draft', 'initial_returned', 'bureau_returned'],
  review: ['initial_review'],
  verify: ['verification'],
  photo: ['photo_review'],
  hand_over: ['ready', 'sending'],
  sms: ['sms_pending'],
  bureau: ['bureau_review'],
  approved: ['approved'],
}

function names_of(filing: Filing): StageName[] {
  // A cancellation proves no face; leaving an access needs no SMS check either.
  const cancels = filing.kind.startsWith('cancel_')
  const verification = filing.policy.verification !== false && !cancels
  const sms = filing.policy.sms === true && filing.kind !== 'cancel_access'
  return (Object.keys(k_states) as StageName[]).filter((name) => {
    if (name === 'verify' || name === 'photo') return verification
    return name !== 'sms' || sms
  })
}

/** The last time the filing left a stage. */
function left_at(filing: Filing, states: State[]): number | null {
  const leaving = filing.events.filter(
    (event) => event.from && states.includes(event.from) && event.to && !states.includes(event.to),
  )
  return leaving.length ? Math.max(...leaving.map((event) => event.at)) : null
}

export function stages_of(filing: Filing): Stage[] {
  const names = names_of(filing)
  const now = names.findIndex((name) => k_states[name].includes(filing.state))
  if (now >= 0)
    return names.map((name, index) => {
      if (index < now) return { name, place: 'done', at: left_at(filing, k_states[name]) }
      if (index > now) return { name, place: 'next', at: null }
      const place = name === 'approved' ? 'done' : 'now'
      return { name, place, at: filing.state_since }
    })
  // Withdrawn or expired: what was done stays done, the rest does not come.
  return names
    .map((name): Stage => ({ name, place: 'done', at: left_at(filing, k_states[name]) }))
    .map((stage) => (stage.at === null ? { ...stage, place: 'stopped' } : stage))
}
