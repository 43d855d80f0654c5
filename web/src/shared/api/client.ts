// The one way to the server: types from api/openapi.yaml, the session's CSRF token, the reader's
// language, and every refusal as a `Problem`.
import createClient, { type Client } from 'openapi-fetch'
import type { components, paths } from './schema'

export type Schemas = components['schemas']
export type ProblemDocument = Schemas['ProblemDocument']
export type ShownProblem = Schemas['ShownProblem']
export type ProblemCode = ProblemDocument['code'] | 'offline'

/** A refusal. `offline` means that no answer came at all: nothing is known about what the server did. */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly reason: string
  readonly status: number
  readonly detail: string
  readonly request_id: string
  readonly problems: ShownProblem[]
  readonly retry_after_s: number | null

  constructor(
    from: Omit<Partial<ProblemDocument>, 'code'> & { code: ProblemCode },
    retry_after_s: number | null,
  ) {
    super(from.title || from.code)
    this.code = from.code
    this.reason = from.reason ?? ''
    this.status = from.status ?? 0
    this.detail = from.detail ?? ''
    this.request_id = from.request_id ?? ''
    this.problems = from.problems ?? []
    this.retry_after_s = retry_after_s
  }
}

const k_codes: Record<number, ProblemCode> = {
  400: 'bad_request',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  413: 'too_large',
  422: 'invalid',
  429: 'too_many',
  503: 'unavailable',
}

/** The problem an answer carries; a body that is none (a proxy's page) is named by its status alone. */
export function problem_of(response: Response | XMLHttpRequest, body: unknown): Problem {
  const header =
    response instanceof XMLHttpRequest
      ? response.getResponseHeader('Retry-After')
      : response.headers.get('Retry-After')
  const retry = header && /^\d+$/.test(header) ? Number(header) : null
  const code = k_codes[response.status] ?? (response.status === 0 ? 'offline' : 'internal')
  if (body && typeof body === 'object' && 'code' in body && 'title' in body)
    return new Problem(body as ProblemDocument, retry)
  return new Problem({ code, status: response.status, title: '' }, retry)
}

export interface Ground {
  /** The agency that a member acts for on these pages; empty for himself. */
  agency: () => string
  csrf_token: () => string
  locale: () => string
  /** The session has ended on the server. */
  on_unauthenticated: () => void
  /** Asks for the token again; true when it has changed (another tab logged in anew). */
  renew_token: () => Promise<boolean>
}

let ground: Ground = {
  agency: () => '',
  csrf_token: () => '',
  locale: () => 'zh-CN',
  on_unauthenticated: () => {},
  renew_token: () => Promise.resolve(false),
}

export function set_ground(next: Ground): void {
  ground = next
}

/** Said by those that do not send through this client. */
export const session_has_ended = (): void => ground.on_unauthenticated()

/** What a member does for an agency; everything else he does in person. */
const k_for_agency = /^\/(filings|agency|products|determinations|registry)(\/|\?|$)/
/** `path` below /api/v1. */
const acts_for_agency = (path: string) => ground.agency() !== '' && k_for_agency.test(path)

/** The address of a picture or a download, where no header can say for whom. */
export function api_link(path: string): string {
  const agency = acts_for_agency(path) ? `agency=${ground.agency()}` : ''
  return `/api/v1${path}${agency && (path.includes('?') ? '&' : '?')}${agency}`
}

export function request_headers(method: string, path: string): Record<string, string> {
  const headers: Record<string, string> = { 'Accept-Language': ground.locale() }
  if (acts_for_agency(path)) headers['Beian-Agency'] = ground.agency()
  if (method !== 'GET') headers['X-CSRF-Token'] = ground.csrf_token()
  return headers
}

const k_tries = 3
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms))

/** Only reading is tried again by itself: a write that got no answer may have been done. */
async function send(request: Request): Promise<Response> {
  const reading = request.method === 'GET'
  for (let attempt = 1; ; attempt++) {
    const last = !reading || attempt === k_tries
    try {
      const response = await fetch(request.clone())
      if (last || ![502, 503, 504].includes(response.status)) return response
    } catch (error) {
      if (request.signal.aborted) throw error
      if (last) throw new Problem({ code: 'offline' }, null)
    }
    await pause(300 * attempt * attempt)
  }
}

async function send_with_token(request: Request): Promise<Response> {
  const path = new URL(request.url).pathname.replace(/^\/api\/v1/, '')
  for (const [name, value] of Object.entries(request_headers(request.method, path)))
    request.headers.set(name, value)
  // A write without a body still names the one kind the server lets through: what a form of another
  // site could send is refused by its kind alone.
  if (request.method !== 'GET' && !request.headers.has('Content-Type'))
    request.headers.set('Content-Type', 'application/json')
  const response = await send(request)
  const token = request.headers.get('X-CSRF-Token')
  // A refused write was not done; with a token that another tab has replaced it is worth one more try.
  if (response.status === 403 && token !== null && (await ground.renew_token())) {
    request.headers.set('X-CSRF-Token', ground.csrf_token())
    return send(request)
  }
  return response
}

export const api: Client<paths> = createClient<paths>({
  baseUrl: '/api/v1',
  credentials: 'same-origin',
  fetch: send_with_token,
})

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/** The body of a good answer; anything else is thrown as a `Problem`. */
export async function ask<T>(answer: Promise<Answer<T>>): Promise<T> {
  let got: Answer<T>
  try {
    got = await answer
  } catch (error) {
    if (error instanceof Problem || (error instanceof DOMException && error.name === 'AbortError'))
      throw error
    throw new Problem({ code: 'offline' }, null)
  }
  if (got.response.ok) return got.data as T
  const problem = problem_of(got.response, got.error)
  if (problem.code === 'unauthenticated') ground.on_unauthenticated()
  throw problem
}
