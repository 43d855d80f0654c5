// What was typed and is not yet on the server, kept on this device until it is. Gone as soon as it
// is saved, and when the person logs out.
const k_prefix = 'beian.draft.'

export interface Kept {
  from: unknown
  to: unknown
}
export type KeptChanges = Record<string, Kept>

export function read_kept(filing: string): KeptChanges {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(k_prefix + filing) ?? '{}')
    return found && typeof found === 'object' ? (found as KeptChanges) : {}
  } catch {
    return {}
  }
}

/** False where the device refuses (private window, full): then only this page holds the changes. */
export function write_kept(filing: string, changes: KeptChanges): boolean {
  try {
    if (Object.keys(changes).length === 0) localStorage.removeItem(k_prefix + filing)
    else localStorage.setItem(k_prefix + filing, JSON.stringify(changes))
    return true
  } catch {
    return false
  }
}

export function forget_drafts(): void {
  try {
    const mine = Object.keys(localStorage).filter((key) => key.startsWith(k_prefix))
    for (const key of mine) localStorage.removeItem(key)
  } catch {
    // Nothing was kept, then.
  }
}
