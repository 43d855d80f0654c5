// Asks again while an uploaded picture is still being looked at on the server, only while the page is
// seen, and not for ever: where no worker runs the answer never comes.
import { onUnmounted, watch } from 'vue'

const k_pause_ms = 1500
const k_most = 40

export function use_inspection_watch(waiting: () => boolean, look: () => Promise<void>): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let asked = 0
  async function tick(): Promise<void> {
    if (!waiting() || ++asked > k_most) return
    if (document.visibilityState === 'visible') await look().catch(() => undefined)
    timer = setTimeout(() => void tick(), k_pause_ms)
  }
  watch(
    waiting,
    (now) => {
      clearTimeout(timer)
      asked = 0
      if (now) timer = setTimeout(() => void tick(), k_pause_ms)
    },
    { immediate: true },
  )
  onUnmounted(() => clearTimeout(timer))
}
