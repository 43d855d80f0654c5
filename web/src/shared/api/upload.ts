// Sending a file with its progress, which fetch cannot tell.
import { Problem, problem_of, request_headers, session_has_ended } from './client'

export interface Sending<T> {
  done: Promise<T>
  abort: () => void
}

export function send_file<T>(
  path: string,
  form: FormData,
  on_progress: (sent: number, total: number) => void,
): Sending<T> {
  const request = new XMLHttpRequest()
  const done = new Promise<T>((resolve, reject) => {
    request.open('POST', `/api/v1${path}`)
    request.responseType = 'json'
    for (const [name, value] of Object.entries(request_headers('POST', path)))
      request.setRequestHeader(name, value)
    request.upload.addEventListener('progress', (event) => on_progress(event.loaded, event.total))
    request.addEventListener('load', () => {
      if (request.status >= 200 && request.status < 300) resolve(request.response as T)
      else {
        if (request.status === 401) session_has_ended()
        reject(problem_of(request, request.response))
      }
    })
    request.addEventListener('error', () => reject(new Problem({ code: 'offline' }, null)))
    request.addEventListener('abort', () => reject(new DOMException('', 'AbortError')))
    request.send(form)
  })
  return { done, abort: () => request.abort() }
}
