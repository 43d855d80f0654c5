// A customer's program is told of every change of state, signed, again when it was away, and once more
// when asked for. It is the project's own example client.
import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { is_genuine, receiver, type Told } from '../../examples/webhook_receiver.mjs'
import { submitted } from '../support/journey.ts'
import { Applicant, Browser, Program } from '../support/people.ts'
import { eventually, freePort, Platform } from '../support/platform.ts'

interface Webhook {
  id: string
  url: string
  secret?: string
  paused_at: number | null
  failing_since: number | null
  pause_reason: string
}
interface Delivery {
  id: string
  event: string
  state: string
  attempts: number
  last_status: number | null
  last_error: string
  body: string
  next_at: number | null
}

let platform: Platform
let owner: Applicant
const servers: Server[] = []

beforeAll(async () => {
  platform = await Platform.start({ config: ['[webhooks]', 'allow_private = true'] })
  owner = new Applicant(platform)
  await owner.register('hooks@applicant.example')
}, 120_000)
afterAll(async () => {
  for (const server of servers) server.close()
  await platform?.stop()
})

const deliveries = async (who: Browser, hook: string, query = '') =>
  who.call<{ deliveries: Delivery[]; next_before: string | null }>('GET', `/account/webhooks/${hook}/deliveries${query}`)

async function listening(make: (secret: string) => Server): Promise<{ hook: Webhook; open: () => Promise<void> }> {
  const port = await freePort()
  const hook = await owner.call<Webhook>('POST', '/account/webhooks', { url: `http://127.0.0.1:${port}/beian` })
  const server = make(hook.secret!)
  servers.push(server)
  return { hook, open: () => new Promise((done) => void server.listen(port, '127.0.0.1', done)) }
}

test('every step of a filing is told, also what happened while nobody listened', async () => {
  const told: Told[] = []
  let broken = true
  const { hook, open } = await listening((secret) =>
    receiver(secret, (one) => {
      told.push(one)
      if (broken && told.length === 1) throw new Error('this program has a bad day (wanted by the test)')
    }),
  )
  expect(hook.secret).toMatch(/^whs_/)
  const listed = await owner.call<{ webhooks: Webhook[] }>('GET', '/account/webhooks')
  expect(JSON.stringify(listed)).not.toContain(hook.secret)

  const { id } = await submitted(owner, { enterprise: false, domains: ['hooked.cn'], sequence: 831 })
  await eventually('a try that nobody answered', async () => {
    const { deliveries: all } = await deliveries(owner, hook.id)
    return all[0]?.attempts === 1 && all[0].last_error === 'connect' && all[0].state === 'waiting'
  })
  await open()
  // The first try is answered 500, the next one works: told twice with one id.
  const done = await eventually('delivered', async () => {
    const { deliveries: all } = await deliveries(owner, hook.id)
    return all[0]?.state === 'delivered' && all[0]
  })
  broken = false
  expect(done.last_status).toBe(204)
  expect(new Set(told.map((one) => one.id))).toEqual(new Set([done.id]))
  expect(told[0]).toMatchObject({
    id: done.id,
    event: 'filing.state_changed',
    filing: { id, kind: 'first_filing', previous_state: 'draft', state: 'initial_review', action: 'submit', turn: 'staff' },
  })
  expect(JSON.stringify(told)).not.toMatch(/测试|1990000|@/)

  await owner.act(id, 'withdraw')
  const ends = await eventually('the end is told', async () => told.find((one) => one.filing?.state === 'withdrawn'))

  // Once more: the same telling, which the receiver has had.
  const before = told.length
  const replayed = await owner.call<Delivery>('POST', `/account/webhooks/${hook.id}/deliveries/${ends.id}/replay`)
  expect(replayed.state).toBe('waiting')
  await eventually('sent again', async () => {
    const { deliveries: all } = await deliveries(owner, hook.id)
    return all.find((one) => one.id === ends.id)?.state === 'delivered'
  })
  expect(told.length).toBe(before)

  // The receiver was away: what failed and what waits for its next try a day ahead are sent at once, on one word.
  const there = await deliveries(owner, hook.id)
  await platform.sql(`UPDATE webhook_deliveries SET state = 'failed', attempts = 11, next_at = NULL WHERE id = ${ends.id}`)
  await platform.sql(`UPDATE webhook_deliveries SET state = 'waiting', attempts = 9, next_at = ${Date.now() + 86_400_000} WHERE id = ${done.id}`)
  expect(await owner.call('POST', `/account/webhooks/${hook.id}/replay`)).toEqual({ count: 2 })
  await eventually('both sent again', async () => {
    const { deliveries: all } = await deliveries(owner, hook.id)
    return all.length === there.deliveries.length && all.every((one) => one.state === 'delivered')
  })
  expect(await owner.call('POST', `/account/webhooks/${hook.id}/replay`)).toEqual({ count: 0 })

  const first = await deliveries(owner, hook.id, '?limit=1')
  expect(first.deliveries).toHaveLength(1)
  const second = await deliveries(owner, hook.id, `?limit=1&before=${first.next_before}`)
  expect(second.deliveries[0]!.id).toBe(done.id)
}, 60_000)

test('paused it is told nothing; a test can be sent; removed it is gone, and a stranger never sees it', async () => {
  const told: Told[] = []
  const { hook, open } = await listening((secret) => receiver(secret, (one) => void told.push(one)))
  await open()
  await owner.call('POST', `/account/webhooks/${hook.id}/test`)
  await eventually('the test', async () => told.some((one) => one.event === 'test'))

  const paused = await owner.call<Webhook>('PATCH', `/account/webhooks/${hook.id}`, { paused: true })
  expect(paused).toMatchObject({ pause_reason: 'owner' })
  const draft = await owner.draft({ enterprise: false, domains: ['quiet.cn'], sequence: 832 })
  await owner.act(draft.id, 'withdraw')
  expect((await deliveries(owner, hook.id)).deliveries.map((one) => one.event)).toEqual(['test'])

  const stranger = new Applicant(platform)
  await stranger.register('hooks-stranger@applicant.example')
  for (const [method, path] of [
    ['GET', `/account/webhooks/${hook.id}/deliveries`],
    ['POST', `/account/webhooks/${hook.id}/test`],
    ['DELETE', `/account/webhooks/${hook.id}`],
  ] as const)
    await expect(stranger.call(method, path)).rejects.toMatchObject({ status: 404 })
  const program = await Program.of(owner, ['webhooks'])
  await program.call('DELETE', `/account/webhooks/${hook.id}`)
  await expect(deliveries(program, hook.id)).rejects.toMatchObject({ status: 404 })
})

test('three days without success: it is paused, and its owner is told by mail', async () => {
  const { hook } = await listening(() => createServer())
  await owner.call('POST', `/account/webhooks/${hook.id}/test`)
  await eventually('failing', async () => {
    const { webhooks } = await owner.call<{ webhooks: Webhook[] }>('GET', '/account/webhooks')
    return webhooks.find((one) => one.id === hook.id)?.failing_since
  })
  const days = 3 * 24 * 3600 * 1000
  await platform.sql(`UPDATE webhooks SET failing_since = failing_since - ${days} WHERE id = ${hook.id}`)
  await platform.sql(`UPDATE webhook_deliveries SET attempts = 10 WHERE webhook_id = ${hook.id}`)
  await platform.sql(`UPDATE jobs SET run_at = 0 WHERE kind = 'send_webhook'`)
  const given_up = await eventually('paused', async () => {
    const { webhooks } = await owner.call<{ webhooks: Webhook[] }>('GET', '/account/webhooks')
    return webhooks.find((one) => one.id === hook.id && one.pause_reason === 'failing')
  })
  expect(given_up.paused_at).not.toBeNull()
  expect((await deliveries(owner, hook.id)).deliveries[0]!.state).toBe('failed')
  await eventually('the mail', async () => platform.mail.mails().some((m) => m.to.includes(owner.email) && m.subject.includes('回调')))
  const resumed = await owner.call<Webhook>('PATCH', `/account/webhooks/${hook.id}`, { paused: false })
  expect(resumed).toMatchObject({ paused_at: null, failing_since: null, pause_reason: '' })
})

test('addresses that may not be called', async () => {
  for (const [url, code] of [
    ['ftp://hooks.example.cn/', 'webhook_url_https'],
    ['not an address', 'webhook_url_malformed'],
    ['https://user:word@hooks.example.cn/', 'webhook_url_malformed'],
    [`https://hooks.example.cn/${'x'.repeat(500)}`, 'webhook_url_long'],
  ])
    await expect(owner.call('POST', '/account/webhooks', { url })).rejects.toMatchObject({ status: 422, problems: [{ field: 'url', code }] })
})

test('the example believes only what is signed, whole and fresh', () => {
  const body = Buffer.from('{"id":"1"}')
  // HMAC-SHA256("secret", "1700000000.{\"id\":\"1\"}"), worked out with openssl.
  const signature = 't=1700000000,v1=086f6aff7bd084c98679825129c5a64dbad88c760016d6d2c0fb123f27951d54'
  const at = 1_700_000_000_000
  expect(is_genuine(signature, body, 'secret', at)).toBe(true)
  expect(is_genuine(signature, body, 'secret', at + 299_000)).toBe(true)
  expect(is_genuine(signature, body, 'secret', at + 302_000)).toBe(false)
  expect(is_genuine(signature, Buffer.from('{"id":"2"}'), 'secret', at)).toBe(false)
  expect(is_genuine(signature, body, 'another', at)).toBe(false)
  for (const wrong of [undefined, '', 'v1=00', `t=x,v1=${'0'.repeat(64)}`]) expect(is_genuine(wrong, body, 'secret', at)).toBe(false)
})
