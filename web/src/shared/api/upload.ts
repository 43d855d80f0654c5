// Sending a file with its progress, which fetch cannot tell.
import { Problem, problem_of, request_headers } from './client'

export interface Sending<T> {
  done: Promise<T>
  abort: () => void
}

const k_tries = 5
const k_longest_pause_s = 15

/** Too many pictures at once: the server has done nothing yet and says when to come again. */
function pause_before_next(problem: Problem, attempt: number): number | null {
  const seconds = problem.retry_after_s
  const wanted = problem.status === 503 && seconds !== null && seconds <= k_longest_pause_s
  return wanted && attempt < k_tries ? seconds * 1000 : null
}

export function send_file<T>(
  path: string,
  form: FormData,
  on_progress: (sent: number, total: number) => void,
): Sending<T> {
  let abort = () => {}
  const done = new Promise<T>((resolve, reject) => {
    const stop = () => reject(new DOMException('', 'AbortError'))
    const send = (attempt: number) => {
      const request = new XMLHttpRequest()
      abort = () => request.abort()
      request.open('POST', `/api/v1${path}`)
      request.responseType = 'json'
      for (const [name, value] of Object.entries(request_headers('POST', path)))
        request.setRequestHeader(name, value)
      request.upload.addEventListener('progress', (event) => on_progress(event.loaded, event.total))
      request.addEventListener('load', () => {
        if (request.status >= 200 && request.status < 300) return resolve(request.response as T)
        const problem = problem_of(request, request.response)
        const pause = pause_before_next(problem, attempt)
        if (pause === null) return reject(problem)
        const timer = setTimeout(() => send(attempt + 1), pause)
        abort = () => {
          clearTimeout(timer)
          stop()
        }
      })
      request.addEventListener('error', () => reject(new Problem({ code: 'offline' }, null)))
      request.addEventListener('abort', stop)
      request.send(form)
    }
    send(1)
  })
  return { done, abort: () => abort() }
}
