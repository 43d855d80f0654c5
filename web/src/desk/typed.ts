// What somebody has typed and the server does not have yet, kept in this tab: neither a session that
// ends, nor a page that is loaded anew, nor a colleague who takes the case over loses a word of it.
// It belongs to one account, and goes with the tab or with logging out.
import { ref, watch, type Ref } from 'vue'
import { session } from '@/shared/session'

const k_prefix = 'beian.typed.'

export interface Typed<T> {
  keep: (value: T) => void
  kept: () => T | null
  forget: () => void
}

/** `name` says where it was typed. Asked for while the account is known: it may be gone later. */
export function typed_at<T>(name: string): Typed<T> {
  const key = `${k_prefix}${session.state.account?.id ?? ''}.${name}`
  return {
    keep: (value) => {
      try {
        sessionStorage.setItem(key, JSON.stringify(value))
      } catch {
        // Then it lives as long as the page.
      }
    },
    kept: () => {
      try {
        return JSON.parse(sessionStorage.getItem(key) ?? 'null') as T | null
      } catch {
        return null
      }
    },
    forget: () => {
      try {
        sessionStorage.removeItem(key)
      } catch {
        // Nothing was kept.
      }
    },
  }
}

/** A text that is kept while it is being written. */
export function typed_text(name: string): Ref<string> {
  const typed = typed_at<string>(name)
  const text = ref(typed.kept() ?? '')
  watch(text, (now) => (now ? typed.keep(now) : typed.forget()), { flush: 'sync' })
  return text
}

/** With logging out: another may sit here next. */
export function forget_all_typed(): void {
  try {
    for (const key of Object.keys(sessionStorage))
      if (key.startsWith(k_prefix)) sessionStorage.removeItem(key)
  } catch {
    // Nothing was kept.
  }
}
