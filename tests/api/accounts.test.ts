// Accounts: what a stranger can find out, what a link is good for, what a session is.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Applicant, Browser, Staff } from '../support/people.ts'
import { eventually, type Mail, Platform } from '../support/platform.ts'

let platform: Platform
let consent: string
beforeAll(async () => {
  platform = await Platform.start()
  consent = (await new Browser(platform).call<{ privacy_notice: string }>('GET', '/meta')).privacy_notice
})
afterAll(async () => platform?.stop())

const good = 'correct horse battery'
const mailsTo = (email: string) => platform.mail.mails().filter((m) => m.to.includes(email))
const linkIn = (mail: Mail | undefined) => mail && /token=([\w-]+)/.exec(mail.text)?.[1]

async function known(email: string): Promise<Applicant> {
  const applicant = new Applicant(platform)
  await applicant.register(email)
  return applicant
}

// What an answer tells, without what is new in every answer.
async function told(response: Response) {
  const text = await response.text()
  const headers: string[] = []
  response.headers.forEach((_value, name) => name !== 'date' && headers.push(name))
  return { status: response.status, body: text.replace(/"request_id":"[^"]*"/, ''), headers }
}

describe('registering', () => {
  test('by mail, once, and only then may one log in', async () => {
    const b = new Browser(platform)
    const email = 'new@applicant.example'
    expect((await b.raw('POST', '/account/register', { email, password: good, consent })).status).toBe(202)
    await expect(b.logIn(email, good)).rejects.toMatchObject({ status: 401, reason: 'login_failed' })
    const token = await eventually('the link', async () => linkIn(mailsTo(email)[0]))
    expect((await b.raw('POST', '/account/activate', { token })).status).toBe(204)
    await b.logIn(email, good)
    const me = await b.call<{ account: { email: string; role: string } }>('GET', '/account')
    expect(me.account).toMatchObject({ email, role: 'applicant' })
    await expect(b.call('POST', '/account/activate', { token })).rejects.toMatchObject({ status: 422, reason: 'link_invalid' })
  })

  test('the newest password counts when somebody registers twice before activating', async () => {
    const email = 'twice@applicant.example'
    const b = new Browser(platform)
    await b.raw('POST', '/account/register', { email, password: 'first password 1', consent })
    await b.raw('POST', '/account/register', { email: 'Twice@Applicant.Example', password: 'second password 2', consent })
    const mails = await eventually('two mails', async () => {
      const all = platform.mail.mails().filter((m) => m.to.some((to) => to.toLowerCase() === email))
      return all.length === 2 && all
    })
    await b.call('POST', '/account/activate', { token: linkIn(mails[1]) })
    await expect(b.logIn(email, 'first password 1')).rejects.toMatchObject({ status: 401 })
    await b.logIn(email, 'second password 2')
  })

  test('answers the same for a known and an unknown address; the mail tells its owner which', async () => {
    await known('owner@applicant.example')
    const ask = (path: string, body: object) => new Browser(platform).raw('POST', path, body).then(told)
    for (const [path, more] of [
      ['/account/register', { password: good, consent }],
      ['/account/forgot', {}],
      ['/account/login', { password: 'some wrong password' }],
    ] as const) {
      const here = await ask(path, { email: 'owner@applicant.example', ...more })
      const nowhere = await ask(path, { email: `nobody${path.length}@applicant.example`, ...more })
      expect(here).toEqual(nowhere)
    }
    const mail = await eventually('the warning', async () =>
      mailsTo('owner@applicant.example').find((m) => m.subject.includes('已经有')),
    )
    expect(linkIn(mail)).toBeUndefined()
    // What a stranger registered does not count.
    await expect(new Browser(platform).logIn('owner@applicant.example', 'some wrong password')).rejects.toMatchObject({
      reason: 'login_failed',
    })
    await new Browser(platform).logIn('owner@applicant.example', good)
  })

  test.each([
    ['a short password', { email: 'x1@applicant.example', password: '12345678901' }, 'password', 'password_short'],
    ['one character', { email: 'x2@applicant.example', password: 'aaaaaaaaaaaaaa' }, 'password', 'password_weak'],
    ['the address itself', { email: 'x3long@applicant.example', password: 'X3LONG@applicant.example' }, 'password', 'password_weak'],
    ['257 bytes', { email: 'x4@applicant.example', password: 'ab'.repeat(128) + 'c' }, 'password', 'password_long'],
    ['no address', { email: 'somebody', password: good }, 'email', 'email_invalid'],
    ['a header in the address', { email: 'a@b.example\r\nBcc: c@d.example', password: good }, 'email', 'email_invalid'],
    ['no consent', { email: 'x5@applicant.example', password: good, consent: 'old' }, 'consent', 'consent_missing'],
  ])('%s is refused at its field', async (_what, body, field, code) => {
    const refused = await new Browser(platform).call('POST', '/account/register', { consent, ...body }).catch((e: unknown) => e)
    expect(refused).toMatchObject({ status: 422, problems: [{ field, code }] })
  })

  test('a link in English for whoever reads English', async () => {
    const b = new Browser(platform, 'en')
    await b.raw('POST', '/account/register', { email: 'english@applicant.example', password: good, consent })
    const mail = await eventually('the mail', async () => mailsTo('english@applicant.example')[0])
    expect(mail.subject).toMatch(/^[\x20-\x7e]+$/)
  })
})

describe('logging in', () => {
  test('five wrong passwords from one network lock it there, for known and unknown alike, not elsewhere', async () => {
    const owner = await known('guessed@applicant.example')
    for (const email of [owner.email, 'unknown-guessed@applicant.example']) {
      const thief = new Browser(platform)
      for (let i = 0; i < 5; ++i)
        await expect(thief.logIn(email, `wrong password ${i}`)).rejects.toMatchObject({ status: 401 })
      // Even the right one, and from the computer next to it.
      thief.address = thief.address.replace(/\.7$/, '.8')
      const locked = await thief.raw('POST', '/account/login', { email, password: good })
      expect(locked.status).toBe(429)
      expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(60)
      expect(await locked.json()).toMatchObject({ reason: 'login_locked', title: expect.stringContaining('分钟') })
    }
    await new Browser(platform).logIn(owner.email, good)
  })

  test('the cookie is out of reach of scripts and of other sites, and says how long it lives', async () => {
    const a = await known('cookie@applicant.example')
    const response = await new Browser(platform).raw('POST', '/account/login', { email: a.email, password: good })
    const [cookie, ...flags] = response.headers.get('set-cookie')!.split('; ')
    expect(cookie).toMatch(/^session=[\w-]{43}$/)
    expect(flags.sort()).toEqual(['HttpOnly', 'Max-Age=43200', 'Path=/', 'SameSite=Lax'])
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  test('logging out kills the cookie, for whoever kept a copy', async () => {
    const a = await known('logout@applicant.example')
    const copy = a.cookie
    const out = await a.raw('POST', '/account/logout')
    expect(out.status).toBe(204)
    expect(out.headers.get('set-cookie')).toMatch(/^session=; .*Max-Age=0/)
    a.cookie = copy
    await expect(a.call('GET', '/filings')).rejects.toMatchObject({ status: 401, reason: 'login_required' })
    expect(await a.call('GET', '/account')).toMatchObject({ account: null, csrf_token: '', second_factor_missing: false })
  })
})

describe('a state-changing call', () => {
  test('needs the token of this very session', async () => {
    const a = await known('csrf@applicant.example')
    const other = new Applicant(platform)
    await other.logIn(a.email, good)
    const thief = await known('csrf-thief@applicant.example')
    for (const token of ['', 'x', other.csrf, thief.csrf, a.csrf + 'x', a.csrf.slice(1)]) {
      const refused = await a.raw('POST', '/account/logout', undefined, { 'x-csrf-token': token })
      expect(refused.status).toBe(403)
      expect(await refused.json()).toMatchObject({ reason: 'csrf_token' })
    }
    expect((await a.call<{ account: unknown }>('GET', '/account')).account).not.toBeNull()
    expect((await a.raw('POST', '/account/logout')).status).toBe(204)
  })

  test.each([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { origin: 'http://127.0.0.1:1' },
  ] as Record<string, string>[])('from another site is refused even with token and cookie: %o', async (headers) => {
    const a = new Applicant(platform)
    await a.logIn('csrf@applicant.example', good)
    const refused = await a.raw('POST', '/account/logout', undefined, headers)
    expect(refused.status).toBe(403)
    expect(await refused.json()).toMatchObject({ reason: 'foreign_origin' })
  })

  test('from our own pages passes', async () => {
    const a = new Applicant(platform)
    await a.logIn('csrf@applicant.example', good)
    const headers = { origin: platform.url, 'sec-fetch-site': 'same-origin' }
    expect((await a.raw('POST', '/account/logout', undefined, headers)).status).toBe(204)
  })
})

describe('a forgotten password', () => {
  test('is set anew by a link that works once and ends every session', async () => {
    const a = await known('forgot@applicant.example')
    const phone = new Applicant(platform)
    await phone.logIn(a.email, good)
    await new Browser(platform).raw('POST', '/account/forgot', { email: 'FORGOT@applicant.example ' })
    const token = await eventually('the link', async () => linkIn(mailsTo(a.email).find((m) => m.text.includes('/reset?'))))
    const b = new Browser(platform)
    await expect(b.call('POST', '/account/reset', { token, password: 'short' })).rejects.toMatchObject({
      status: 422,
      problems: [{ field: 'password', code: 'password_short' }],
    })
    // A link to reset does not activate, and the other way round.
    await expect(b.call('POST', '/account/activate', { token })).rejects.toMatchObject({ reason: 'link_invalid' })
    expect((await b.raw('POST', '/account/reset', { token, password: 'brand new password' })).status).toBe(204)
    for (const session of [a, phone])
      await expect(session.call('GET', '/filings')).rejects.toMatchObject({ status: 401 })
    await expect(b.call('POST', '/account/reset', { token, password: 'yet another one' })).rejects.toMatchObject({
      status: 422,
      reason: 'link_invalid',
    })
    await expect(b.logIn(a.email, good)).rejects.toMatchObject({ status: 401 })
    await b.logIn(a.email, 'brand new password')
    await eventually('word of the change', async () => mailsTo(a.email).some((m) => m.subject.includes('已更改')))
  })

  test('a reset lifts the lock that a guesser caused', async () => {
    const a = await known('locked-out@applicant.example')
    const b = new Browser(platform)
    for (let i = 0; i < 5; ++i) await b.logIn(a.email, 'not the password').catch(() => undefined)
    await expect(b.logIn(a.email, good)).rejects.toMatchObject({ status: 429 })
    await b.raw('POST', '/account/forgot', { email: a.email })
    const token = await eventually('the link', async () => linkIn(mailsTo(a.email).find((m) => m.text.includes('/reset?'))))
    await b.call('POST', '/account/reset', { token, password: 'brand new password' })
    await b.logIn(a.email, 'brand new password')
  })

  test.each(['', 'x', 'A'.repeat(43), '不是链接'])('the made-up link “%s” does nothing', async (token) => {
    const b = new Browser(platform)
    await expect(b.call('POST', '/account/activate', { token })).rejects.toMatchObject({ status: 422, reason: 'link_invalid' })
    await expect(b.call('POST', '/account/reset', { token, password: good })).rejects.toMatchObject({ status: 422, reason: 'link_invalid' })
  })

  test('an expired link does nothing', async () => {
    const a = await known('expired@applicant.example')
    await new Browser(platform).raw('POST', '/account/forgot', { email: a.email })
    const token = await eventually('the link', async () => linkIn(mailsTo(a.email).find((m) => m.text.includes('/reset?'))))
    await platform.sql('UPDATE account_tokens SET expires_at = 1 WHERE used_at IS NULL')
    await expect(
      new Browser(platform).call('POST', '/account/reset', { token, password: 'brand new password' }),
    ).rejects.toMatchObject({ status: 422, reason: 'link_invalid' })
    await new Browser(platform).logIn(a.email, good)
  })
})

describe('sessions', () => {
  interface Listed {
    id: string
    current: boolean
    device: string
    ip: string
  }
  const list = (b: Browser) => b.call<{ sessions: Listed[] }>('GET', '/account/sessions').then((r) => r.sessions)

  test('are listed, and each can be ended, but nobody else’s', async () => {
    const a = await known('sessions@applicant.example')
    const phone = new Applicant(platform)
    await phone.logIn(a.email, good)
    const mine = await list(a)
    expect(mine).toHaveLength(2)
    expect(mine.filter((s) => s.current).map((s) => s.ip)).toEqual([a.address])
    const theirs = mine.find((s) => !s.current)!
    expect(theirs.ip).toBe(phone.address)
    const stranger = await known('sessions-stranger@applicant.example')
    await expect(stranger.call('DELETE', `/account/sessions/${theirs.id}`)).rejects.toMatchObject({ status: 404 })
    await phone.call('GET', '/filings')
    await a.call('DELETE', `/account/sessions/${theirs.id}`)
    await expect(phone.call('GET', '/filings')).rejects.toMatchObject({ status: 401 })
    await expect(a.call('DELETE', `/account/sessions/${theirs.id}`)).rejects.toMatchObject({ status: 404 })
    expect(await list(a)).toHaveLength(1)
  })

  test('end by themselves when idle, and after twelve hours', async () => {
    const a = await known('idle@applicant.example')
    const b = new Applicant(platform)
    await b.logIn(a.email, good)
    await a.call('GET', '/filings')
    const [, session] = /(\d+)/.exec((await list(a)).find((s) => s.current)!.id)!
    await platform.sql(`UPDATE sessions SET expires_at = ${Date.now() - 1000} WHERE id = ${session}`)
    await expect(a.call('GET', '/filings')).rejects.toMatchObject({ status: 401 })
    const current = (await list(b)).find((s) => s.current)!.id
    await platform.sql(`UPDATE sessions SET created_at = created_at - ${12 * 3600_000 + 1000} WHERE id = ${current}`)
    await expect(b.call('GET', '/filings')).rejects.toMatchObject({ status: 401 })
  })
})

test('one address that asks too often is told when to come back, others are not held up', async () => {
  const eager = new Browser(platform)
  let last: Response | undefined
  for (let i = 0; i < 40 && last?.status !== 429; ++i)
    last = await eager.raw('POST', '/account/activate', { token: 'x' })
  expect(last!.status).toBe(429)
  expect(Number(last!.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await last!.json()).toMatchObject({ reason: 'rate_limited' })
  expect((await new Browser(platform).raw('POST', '/account/activate', { token: 'x' })).status).toBe(422)
})

test('passwords, tokens and addresses are in no log line', async () => {
  await Staff.logIn(platform, 'senior')
  for (const secret of [good, 'brand new password', '@applicant.example', platform.staff.senior!.password])
    expect(platform.log).not.toContain(secret)
})
