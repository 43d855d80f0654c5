// What somebody has typed at the desk and the server does not have yet, kept on this device like an
// applicant's draft (shared/kept.ts): neither a session that ends, nor a page that is loaded anew, nor
// a colleague who takes the case over loses a word of it. It belongs to one account, and goes with
// logging out.
import type { Ref } from 'vue'
import { read_kept, write_kept } from '@/shared/kept'
import { session } from '@/shared/session'
import { kept_words } from '@/shared/words'

export interface Typed<T> {
  keep: (value: T) => void
  kept: () => T | null
  forget: () => void
}
/** `name` says where it is typed. Asked for while the account is known: it may be gone later. */
const place_of = (name: string) => `desk.${session.state.account?.id ?? ''}.${name}`

export function typed_at<T>(name: string): Typed<T> {
  const place = place_of(name)
  return {
    keep: (value) => void write_kept(place, { value: { from: null, to: value } }),
    kept: () => (read_kept(place).value?.to as T | undefined) ?? null,
    forget: () => void write_kept(place, {}),
  }
}

/** A text that is kept while it is being written. */
export const typed_text = (name: string): Ref<string> => kept_words(place_of(name))
