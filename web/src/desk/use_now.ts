import { onActivated, onBeforeUnmount, onDeactivated, onMounted, ref } from 'vue'

/** The present time, moving on every half minute while the page is shown: for "waiting since". */
export function use_now() {
  const now = ref(Date.now())
  let timer: ReturnType<typeof setInterval> | undefined
  const start = () => {
    now.value = Date.now()
    timer ??= setInterval(() => (now.value = Date.now()), 30_000)
  }
  const stop = () => {
    clearInterval(timer)
    timer = undefined
  }
  onMounted(start)
  onActivated(start)
  onDeactivated(stop)
  onBeforeUnmount(stop)
  return now
}
