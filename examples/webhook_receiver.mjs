// Receives Beian's webhooks, as small as it can honestly be: checks the signature before anything is
// believed, refuses what is old, and tells a repetition by its id. Node 18 or later, no packages.
//   BEIAN_WEBHOOK_SECRET=whs_… node examples/webhook_receiver.mjs [PORT]
import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import { pathToFileURL } from 'node:url'

const k_oldest_seconds = 300
const k_most_bytes = 64 * 1024

/** Whether these very bytes were signed with the secret, not long ago. */
export function is_genuine(header, body, secret, now = Date.now()) {
  const parts = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header ?? '')
  if (!parts || Math.abs(now / 1000 - Number(parts[1])) > k_oldest_seconds) return false
  const wanted = createHmac('sha256', secret).update(`${parts[1]}.`).update(body).digest()
  return timingSafeEqual(wanted, Buffer.from(parts[2], 'hex'))
}

/**
 * A server that hands each telling to `act` once. Whatever `act` throws is answered 500, and the
 * telling comes again later. A real program keeps the ids where a restart does not lose them.
 */
export function receiver(secret, act) {
  const done = new Set()
  return createServer((request, response) => {
    const pieces = []
    let size = 0
    request.on('data', (piece) => {
      size += piece.length
      if (size > k_most_bytes) request.destroy()
      else pieces.push(piece)
    })
    request.on('end', async () => {
      const body = Buffer.concat(pieces)
      if (!is_genuine(request.headers['x-beian-signature'], body, secret))
        return response.writeHead(401).end()
      const told = JSON.parse(body.toString('utf8'))
      try {
        if (!done.has(told.id)) await act(told)
        done.add(told.id)
        response.writeHead(204).end()
      } catch (error) {
        console.error(error)
        response.writeHead(500).end()
      }
    })
  })
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const secret = process.env.BEIAN_WEBHOOK_SECRET
  if (!secret) throw new Error('BEIAN_WEBHOOK_SECRET is not set')
  receiver(secret, (told) => {
    if (told.event === 'filing.state_changed')
      console.log(`filing ${told.filing.id}: ${told.filing.previous_state} -> ${told.filing.state}`)
    else console.log(told.event)
  }).listen(Number(process.argv[2] ?? 9000), '127.0.0.1')
}
