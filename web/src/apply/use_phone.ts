// Watching for the picture that a phone sends: asks now and then, only while the page is seen and a
// ticket is out.
import { onUnmounted, ref } from 'vue'

const k_pause_ms = 3000

export function use_phone_watch(look: () => Promise<void>) {
  const until = ref(0)
  let timer: ReturnType<typeof setTimeout> | undefined
  async function tick(): Promise<void> {
    if (Date.now() > until.value) return
    if (document.visibilityState === 'visible') await look().catch(() => undefined)
    timer = setTimeout(() => void tick(), k_pause_ms)
  }
  function watch_until(time: number): void {
    until.value = Math.max(until.value, time)
    clearTimeout(timer)
    timer = setTimeout(() => void tick(), k_pause_ms)
  }
  function stop(): void {
    until.value = 0
    clearTimeout(timer)
  }
  onUnmounted(stop)
  return { watch_until, stop }
}
