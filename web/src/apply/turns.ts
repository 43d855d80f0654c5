import type { Schemas } from '@/shared/api/client'

/** The colour of a filing's state: amber for "your turn", green for done, blue while others work. */
export function tone_of(one: { state: Schemas['State']; turn: Schemas['Turn'] }): string {
  if (one.state === 'approved') return 'done'
  if (one.turn === 'applicant') return 'turn'
  return one.turn === 'nobody' ? '' : 'action'
}
