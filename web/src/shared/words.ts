// Words that somebody is writing and that have no draft on the server (a letter, a note): kept on this
// device like a draft's until they are sent, so that a session that ends meanwhile costs nothing.
import { ref, watch, type Ref } from 'vue'
import { read_kept, write_kept } from './kept'

/** Kept until it is empty again, or the person logs out. `name` is the place: `letter.123`. */
export function kept_words(name: string): Ref<string> {
  const kept = read_kept(name).words?.to
  const words = ref(typeof kept === 'string' ? kept : '')
  watch(words, (now) => write_kept(name, now ? { words: { from: null, to: now } } : {}), {
    flush: 'sync',
  })
  return words
}
