// A piece of the program that did not come: the network is away, or a newer version has taken its
// place. The page would be without it and say nothing; so App.vue says it, and offers to load again.
import { reactive } from 'vue'

export const missing = reactive({ any: false, online: navigator.onLine })

export const piece_is_missing = (): void => void (missing.any = true)

// Vite tells of every import of ours that failed, styles included.
window.addEventListener('vite:preloadError', piece_is_missing)
for (const event of ['online', 'offline'])
  window.addEventListener(event, () => (missing.online = navigator.onLine))
