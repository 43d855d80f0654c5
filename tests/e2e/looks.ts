// What must not be wrong with any page, whatever it shows.
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What is wider than the window and not inside something that scrolls by itself. */
export async function sticks_out(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const wide = document.documentElement.clientWidth
    if (document.documentElement.scrollWidth <= wide && wide <= screen.width) return []
    const over = Array.from(document.querySelectorAll('body *')).filter(
      (element) => element.getBoundingClientRect().right > Math.min(wide, screen.width) + 1,
    )
    return [
      `${document.documentElement.scrollWidth} px`,
      ...over.slice(0, 6).map((one) => `${one.tagName}.${one.getAttribute('class') ?? ''}`),
    ]
  })
}

interface AxeResult {
  violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[]
}
export async function keeps_out(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  const found = await page.evaluate(
    () =>
      (globalThis as unknown as { axe: { run(options: object): Promise<AxeResult> } }).axe.run({
        resultTypes: ['violations'],
      }),
  )
  return found.violations
    .filter((one) => one.impact === 'serious' || one.impact === 'critical')
    .flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 160)} (${node.failureSummary})`))
}
