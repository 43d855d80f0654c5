// One-key commands of a page. A key counts only while nobody types, chooses or has a dialog open,
// and all of them can be switched off (WCAG 2.1.4). `?` lists what the page has.
import { onActivated, onBeforeUnmount, onDeactivated, onMounted, reactive, ref } from 'vue'

export interface Command {
  key: string
  /** As printed on the button and in the list; the key itself where it says enough. */
  shown?: string
  text: string
  run: () => void
  /** Whether it can be done now; false keeps it in the list, greyed. */
  can?: () => boolean
}

const k_stored = 'beian.desk.keys'
function stored(): boolean {
  try {
    return localStorage.getItem(k_stored) !== 'off'
  } catch {
    return true
  }
}

export const keys_on = ref(stored())
export const keys_listed = ref(false)
const groups = reactive<{ commands: () => Command[] }[]>([])

export function set_keys_on(on: boolean): void {
  keys_on.value = on
  try {
    localStorage.setItem(k_stored, on ? 'on' : 'off')
  } catch {
    // Then it holds for this page only.
  }
}

export function all_commands(): Command[] {
  return groups.flatMap((group) => group.commands())
}

export function is_typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true
  if (target instanceof HTMLSelectElement) return true
  return (
    target instanceof HTMLInputElement &&
    !['checkbox', 'radio', 'button', 'submit'].includes(target.type)
  )
}

function is_pressing(event: KeyboardEvent): boolean {
  const target = event.target
  if (!(target instanceof HTMLElement)) return false
  return (
    (event.key === 'Enter' || event.key === ' ') &&
    target.closest('button, a, summary, [role="tab"], [role="option"], input') !== null
  )
}

function dialog_open(): boolean {
  return document.querySelector('dialog[open]') !== null
}

function press(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
  if (!keys_on.value || is_typing(event.target) || is_pressing(event) || dialog_open()) return
  if (event.key === '?') {
    event.preventDefault()
    keys_listed.value = true
    return
  }
  for (const group of [...groups].reverse()) {
    const found = group
      .commands()
      .find((command) => command.key === event.key && (command.can?.() ?? true))
    if (!found) continue
    event.preventDefault()
    found.run()
    return
  }
}

let listening = 0

/** Gives the page (while it is shown) its keys. */
export function use_keys(commands: () => Command[]): void {
  const group = { commands }
  const add = () => {
    if (groups.includes(group)) return
    groups.push(group)
    if (listening++ === 0) window.addEventListener('keydown', press)
  }
  const drop = () => {
    const at = groups.indexOf(group)
    if (at < 0) return
    groups.splice(at, 1)
    if (--listening === 0) window.removeEventListener('keydown', press)
  }
  onMounted(add)
  onActivated(add)
  onDeactivated(drop)
  onBeforeUnmount(drop)
}
