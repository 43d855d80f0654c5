// Where one is in the console: the address's fragment, `#/orders/123`.
import { ref } from 'vue'

function read(): string[] {
  // A token in the address is no place; console.ts takes it out.
  if (location.hash.startsWith('#token=')) return ['orders']
  const parts = location.hash.replace(/^#\/?/, '').split('/').filter(Boolean)
  return parts.length ? parts : ['orders']
}
export const place = ref(read())
window.addEventListener('hashchange', () => (place.value = read()))
export const go = (path: string) => (location.hash = `#/${path}`)
