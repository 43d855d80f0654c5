// Tokens for programs, and calls that may be repeated without being done twice.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Applicant, type Filing, Program } from '../support/people.ts'
import { Platform } from '../support/platform.ts'

interface Token {
  id: string
  name: string
  scopes: string[]
  shown: string
  last_used_at: number | null
  token?: string
}

let platform: Platform
let owner: Applicant

beforeAll(async () => {
  platform = await Platform.start()
  owner = new Applicant(platform)
  await owner.register('tokens@applicant.example')
}, 120_000)
afterAll(async () => platform?.stop())

const tokens = async () => (await owner.call<{ tokens: Token[] }>('GET', '/account/tokens')).tokens
const make = (name: string, scopes: string[], days = 30) =>
  owner.call<Token>('POST', '/account/tokens', { name, scopes, days })

test('a token is shown once, is used, is seen to have been used, and is gone when revoked', async () => {
  const made = await make('部署脚本', ['filings.write', 'filings.read'])
  expect(made.token).toMatch(/^bn_[\w-]{43}$/)
  expect(made.scopes).toEqual(['filings.read', 'filings.write'])
  const [listed] = await tokens()
  expect(listed).toMatchObject({ id: made.id, name: '部署脚本', shown: made.token!.slice(-4), last_used_at: null })
  expect(JSON.stringify(listed)).not.toContain(made.token)

  const program = new Program(platform, made.token!)
  const { filings } = await program.call<{ filings: unknown[] }>('GET', '/filings')
  expect(filings).toEqual([])
  const draft = await program.call<Filing>('POST', '/filings', owner.question({ enterprise: true, domains: ['token-made.cn'], sequence: 821 }))
  expect((await owner.filing(draft.id)).id).toBe(draft.id)
  expect((await tokens())[0]!.last_used_at).toBeGreaterThan(Date.now() - 60_000)

  await owner.call('DELETE', `/account/tokens/${made.id}`)
  await expect(program.call('GET', '/filings')).rejects.toMatchObject({ status: 401, reason: 'token_unknown' })
  expect(await tokens()).toEqual([])
})

test('a token makes no tokens, an expired one opens nothing, and a stranger’s cannot be revoked', async () => {
  const made = await make('a', ['filings.read', 'filings.write', 'webhooks'], 1)
  const program = new Program(platform, made.token!)
  await expect(program.call('POST', '/account/tokens', { name: 'b', scopes: ['webhooks'], days: 1 })).rejects.toMatchObject({ reason: 'token_not_admitted' })
  await expect(program.call('GET', '/account/sessions')).rejects.toMatchObject({ reason: 'token_not_admitted' })
  const stranger = new Applicant(platform)
  await stranger.register('tokens-stranger@applicant.example')
  await expect(stranger.call('DELETE', `/account/tokens/${made.id}`)).rejects.toMatchObject({ status: 404 })
  await platform.sql(`UPDATE api_tokens SET expires_at = 1 WHERE id = ${made.id}`)
  await expect(program.call('GET', '/filings')).rejects.toMatchObject({ reason: 'token_unknown' })
  expect(await tokens()).toEqual([])
  for (const wrong of ['', 'x', `bn_${'A'.repeat(43)}`, 'bn_é'])
    expect((await owner.raw('GET', '/filings', undefined, { authorization: `Bearer ${encodeURI(wrong)}` })).status).toBe(401)
  expect((await owner.raw('GET', '/filings', undefined, { authorization: 'Basic eDp5' })).status).toBe(401)
})

test('every defect of a wish at once', async () => {
  await expect(make(' ', ['everything'], 400)).rejects.toMatchObject({
    status: 422,
    problems: [{ code: 'token_name' }, { code: 'token_scope_unknown' }, { code: 'token_days' }],
  })
  await expect(make('x', [])).rejects.toMatchObject({ problems: [{ code: 'token_scopes_none' }] })
  const program = await Program.of(owner, ['filings.read', 'filings.write'])
  const told = await program.call('POST', '/filings', { nature: 'x' }).catch((e: unknown) => e)
  expect((told as { problems: { field: string; code: string }[] }).problems.map((p) => `${p.field} ${p.code}`)).toEqual([
    'domain member_missing', 'nature member_type', 'certificate_type member_missing', 'certificate_number member_missing', 'province member_missing',
  ])
})

test('repeated with its key a call is answered again and done once', async () => {
  const program = await Program.of(owner, ['filings.read', 'filings.write'])
  const question = owner.question({ enterprise: true, domains: ['done-once.cn'], sequence: 822 })
  const post = (key: string, body: unknown) => program.raw('POST', '/filings', body, { 'idempotency-key': key })

  const both = await Promise.all([post('first', question), post('first', question)])
  for (const one of both) expect([201, 409]).toContain(one.status)
  const first = (await both.find((one) => one.status === 201)!.json()) as Filing
  const again = await post('first', question)
  expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true'])
  expect(((await again.json()) as Filing).id).toBe(first.id)
  const { filings } = await program.call<{ filings: { id: string; domains: string[] }[] }>('GET', '/filings')
  expect(filings.filter((f) => f.domains.includes('done-once.cn'))).toHaveLength(1)

  const other = await post('first', { ...question, province: '110000' })
  expect([other.status, ((await other.json()) as { reason: string }).reason]).toEqual([422, 'idempotency_key_reused'])

  // Refused is not done: the same key may try again.
  expect((await post('second', { ...question, nature: 'x' })).status).toBe(422)
  expect((await post('second', { ...question, domain: 'done-second.cn' })).status).toBe(201)

  // Another account's key of the same name is another key.
  const stranger = new Applicant(platform)
  await stranger.register('once@applicant.example')
  const theirs = await stranger.raw('POST', '/filings', stranger.question({ enterprise: true, domains: ['theirs.cn'], sequence: 823 }), { 'idempotency-key': 'first' })
  expect(theirs.status).toBe(201)

  // Cut off in the middle: nobody knows, and it says so instead of doing it again.
  await platform.sql('UPDATE idempotency SET status = NULL, answer_sealed = NULL, created_at = created_at - 120000')
  const cut = await post('first', question)
  expect([cut.status, ((await cut.json()) as { reason: string }).reason]).toEqual([409, 'idempotency_interrupted'])

  for (const key of ['two words', 'x'.repeat(201)])
    expect((await post(key, question)).status).toBe(400)
})
