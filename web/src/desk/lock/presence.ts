// Who has the case on this page and who else looks at it: asked every ten seconds while the page is in
// sight, at once when it comes back into sight, and given up when it is left.
import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue'
import { api, ask, type Schemas } from '@/shared/api/client'

export type Presence = Schemas['Presence']
const k_beat_ms = 10_000

/** `changed` is called when what the page shows is no longer what the server has. */
export function use_presence(id: string, shown: () => Shown | null, changed: () => void) {
  const presence = ref<Presence | null>(null)
  /** Whoever took it from the reader of this page. */
  const taken_by: Ref<Schemas['Present'] | null> = ref(null)

  async function beat() {
    if (document.visibilityState !== 'visible') return
    try {
      const before = shown()
      const got = await ask(api.POST('/desk/filings/{id}/presence', { params: { path: { id } } }))
      presence.value = got
      const now = shown()
      // What the page learnt itself meanwhile is newer than this answer.
      if (!before || !now || now.version !== before.version || now.mine !== before.mine) return
      if (got.mine) taken_by.value = null
      if (before.mine && !got.mine && got.holder) taken_by.value = got.holder
      if (got.version !== now.version || got.mine !== now.mine || got.holder?.id !== now.holder)
        changed()
    } catch {
      // The next one will tell.
    }
  }
  let timer: ReturnType<typeof setInterval> | undefined
  onMounted(() => {
    void beat()
    timer = setInterval(() => void beat(), k_beat_ms)
    document.addEventListener('visibilitychange', beat)
  })
  onBeforeUnmount(() => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', beat)
    void api
      .DELETE('/desk/filings/{id}/presence', { params: { path: { id } } })
      .catch(() => undefined)
  })
  return { presence, taken_by }
}

export interface Shown {
  version: number
  mine: boolean
  holder: string | undefined
}
