// The way to the reference bureau's console (/console/api/*, docs/bureau.md). Whoever has the token
// may do everything: it comes in the address's fragment, is kept for this tab, and is turned into a
// cookie so that pictures can be shown.
import { ref } from 'vue'

export interface FieldProblem {
  field: string
  code: string
  params: Record<string, string>
}

/** A refusal; `offline` when no answer came. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly reason: string,
    readonly problems: FieldProblem[],
  ) {
    super(reason || code)
  }
}

const k_stored = 'beian.console'
const token = ref('')
/** False until a token has been accepted, and after one was refused. */
export const is_open = ref(false)

function keep(given: string): void {
  token.value = given
  try {
    if (given) sessionStorage.setItem(k_stored, given)
    else sessionStorage.removeItem(k_stored)
  } catch {
    // Then it holds until the page is left.
  }
}

async function send(method: string, path: string, body?: unknown): Promise<unknown> {
  let response: Response
  try {
    response = await fetch(path, {
      method,
      headers: {
        ...(token.value && { console: token.value }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  } catch {
    throw new Refused(0, 'offline', '', [])
  }
  const text = await response.text()
  let answer: unknown = null
  try {
    answer = text === '' ? null : JSON.parse(text)
  } catch {
    throw new Refused(response.status, 'internal', '', [])
  }
  if (response.ok) return answer
  const { code, reason, problems } = (answer ?? {}) as Partial<Refused>
  if (response.status === 401) is_open.value = false
  throw new Refused(response.status, String(code ?? 'internal'), reason ?? '', problems ?? [])
}

export function ask<T>(path: string): Promise<T> {
  return send('GET', `/console/api/${path}`) as Promise<T>
}
export function tell<T>(
  method: 'POST' | 'PUT' | 'DELETE',
  path: string,
  body: unknown,
): Promise<T> {
  return send(method, `/console/api/${path}`, body) as Promise<T>
}
export function ask_publicly<T>(body: unknown): Promise<T> {
  return send('POST', '/public/query', body) as Promise<T>
}

export type SmsOutcome = 'accepted' | 'wrong' | 'returned' | 'unknown'
export async function enter_sms_code(given: {
  mobile: string
  certificate_last_six: string
  code: string
}): Promise<SmsOutcome> {
  return ((await send('POST', '/public/sms', given)) as { outcome: SmsOutcome }).outcome
}

export async function enter(given: string): Promise<void> {
  keep(given)
  await tell('POST', 'session', { token: given })
  is_open.value = true
}

/** The token from the address or from before; true when the console opened with it. */
export async function enter_by_itself(): Promise<boolean> {
  const in_address = /^#token=([\w-]+)/.exec(location.hash)?.[1]
  // Out of the address and the history, so that it is neither copied nor shown.
  if (in_address) history.replaceState(null, '', location.pathname + '#/orders')
  let given = in_address
  try {
    given ??= sessionStorage.getItem(k_stored) ?? undefined
  } catch {
    // None kept, then.
  }
  if (!given) return false
  try {
    await enter(given)
    return true
  } catch {
    return false
  }
}
