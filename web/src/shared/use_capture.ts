// Chosen pictures on their way to the upload: each gets a first look, and one that looks bad waits
// for the person to take it again or to send it anyway.
import { ref } from 'vue'
import { quick_check, type QuickFinding } from './quick_check'

export function use_capture(send: (files: File[]) => void) {
  const findings = ref<QuickFinding[]>([])
  let held: File[] = []
  let turn = 0

  async function take(files: File[]): Promise<void> {
    const mine = ++turn
    findings.value = []
    held = []
    const looks = await Promise.all(files.map((file) => quick_check(file)))
    if (mine !== turn) return
    const found = [...new Set(looks.flat())]
    if (found.length === 0) return send(files)
    held = files
    findings.value = found
  }
  function anyway(): void {
    findings.value = []
    send(held)
    held = []
  }
  function drop(): void {
    findings.value = []
    held = []
  }
  return { findings, take, anyway, drop }
}
