// What an operator relies on: the second factor, rights given by two, the audit trail, metrics,
// copies made while people work, a change of key while they do.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Applicant, Browser, sample, Staff } from '../support/people.ts'
import { eventually, binary, freePort, Platform, root, run } from '../support/platform.ts'
import { totp } from '../support/totp.ts'

interface Entry {
  seq: number
  act: string
  actor_name: string
  subject: string
  detail: Record<string, unknown>
  people: Record<string, string>
}

let platform: Platform
let metrics: string
let security: Staff
let auditor: Staff
const copyFolder = mkdtempSync(join(tmpdir(), 'beian-copies-'))
beforeAll(async () => {
  const port = await freePort()
  metrics = `http://127.0.0.1:${port}`
  platform = await Platform.start({ settings: ['[metrics]', `port = ${port}`, '[backup]', `folder = "${copyFolder}"`] })
  security = await Staff.logIn(platform, 'security')
  auditor = await Staff.logIn(platform, 'audit')
}, 120_000)
afterAll(async () => platform?.stop())

const trail = (query = '') => auditor.call<{ entries: Entry[]; head: string }>('GET', `/desk/audit${query}`)

describe('the second factor', () => {
  test('is enrolled, asked for at log-in, good once, and replaced by a recovery code', async () => {
    const staff = await Staff.logIn(platform, 'photo')
    const { email, password } = platform.staff.photo!
    const { secret, qr_path } = await staff.call<{ secret: string; qr_path: string }>('POST', '/account/second_factor')
    expect(qr_path).toMatch(/^M/)
    await expect(staff.call('POST', '/account/second_factor/confirm', { code: '000000' })).rejects.toMatchObject({ reason: 'code_wrong' })
    // Not confirmed, it is not asked for.
    await new Staff(platform).logIn(email, password)
    const now = Date.now()
    const { recovery_codes } = await staff.call<{ recovery_codes: string[] }>('POST', '/account/second_factor/confirm', { code: totp(secret, now) })
    expect(new Set(recovery_codes).size).toBe(10)

    const later = new Browser(platform)
    const log_in = (code?: string) => later.call<{ csrf_token: string }>('POST', '/account/login', { email, password, code })
    await expect(log_in()).rejects.toMatchObject({ status: 401, reason: 'second_factor_needed' })
    await expect(log_in(totp(secret, now))).rejects.toMatchObject({ reason: 'second_factor_wrong' })
    later.csrf = (await log_in(totp(secret, now + 30_000))).csrf_token
    await expect(log_in(totp(secret, now + 30_000))).rejects.toMatchObject({ reason: 'second_factor_wrong' })
    // As copied from paper.
    const typed = recovery_codes[0]!.toUpperCase().replace(/(.{5})/, '$1-')
    later.csrf = (await log_in(typed)).csrf_token
    await expect(log_in(typed)).rejects.toMatchObject({ reason: 'second_factor_wrong' })
    expect(await later.call('GET', '/account/second_factor')).toEqual({ required: false, enrolled: true, recovery_codes: 9 })

    // The phone is lost: the security administrator takes it away, and every session with it.
    const { id } = (await later.call<{ account: { id: string } }>('GET', '/account')).account
    await security.call('DELETE', `/desk/staff/${id}/second_factor`)
    expect((await later.raw('GET', '/account/sessions')).status).toBe(401)
    await new Staff(platform).logIn(email, password)
  })

  test('where it is required, staff without one reach nothing but its enrolment', async () => {
    const strict = await Platform.start({ settings: ['[staff]', 'second_factor = "required"'] })
    try {
      const staff = await Staff.logIn(strict, 'reviewer')
      await expect(staff.call('GET', '/desk/queues')).rejects.toMatchObject({ status: 403, reason: 'second_factor_missing' })
      expect(await staff.call('GET', '/account')).toMatchObject({ second_factor_missing: true })
      const { secret } = await staff.call<{ secret: string }>('POST', '/account/second_factor')
      await staff.call('POST', '/account/second_factor/confirm', { code: totp(secret) })
      await staff.call('GET', '/desk/queues')
      const applicant = new Applicant(strict)
      await applicant.register('free@applicant.example')
      await applicant.call('GET', '/filings')
    } finally {
      await strict.stop()
    }
  }, 90_000)
})

describe('rights', () => {
  test('are given by two, never by oneself, and take effect at once', async () => {
    const ask = (email: string, role: string) =>
      security.call<{ id: string }>('POST', '/desk/staff/grants', { email, role, display_name: '新审核员' })
    const { id } = await ask('colleague@staff.example', 'first_reviewer')
    await expect(ask('colleague@staff.example', 'senior')).rejects.toMatchObject({ reason: 'grant_open' })
    await expect(ask(platform.staff.security!.email, 'senior')).rejects.toMatchObject({ reason: 'grant_self' })
    await expect(security.call('POST', `/desk/staff/grants/${id}/grant`)).rejects.toMatchObject({ status: 403, reason: 'grant_own_request' })
    const admin = await Staff.logIn(platform, 'admin')
    const { grants } = await admin.call<{ grants: { id: string; email: string; role: string }[] }>('GET', '/desk/staff')
    expect(grants).toMatchObject([{ id, email: 'colleague@staff.example', role: 'first_reviewer' }])
    await admin.call('POST', `/desk/staff/grants/${id}/grant`)
    await expect(admin.call('POST', `/desk/staff/grants/${id}/refuse`)).rejects.toMatchObject({ reason: 'grant_decided' })

    // The new colleague sets a password by the mailed link and works.
    const token = await eventually('the invitation', async () => {
      const mail = platform.mail.mails().find((m) => m.to.includes('colleague@staff.example'))
      return mail && /reset\?token=([\w-]+)/.exec(mail.text)?.[1]
    })
    const colleague = new Staff(platform)
    await colleague.call('POST', '/account/reset', { token, password: 'a colleague’s password' })
    await colleague.logIn('colleague@staff.example', 'a colleague’s password')
    await colleague.call('GET', '/desk/queues')
    const { staff } = await security.call<{ staff: { id: string; email: string }[] }>('GET', '/desk/staff')
    const one = staff.find((s) => s.email === 'colleague@staff.example')!
    // A promotion that waits does not outlive being locked out: agreed to later, it would let him in.
    const late = (await ask('colleague@staff.example', 'senior')).id
    await security.call('POST', `/desk/staff/${one.id}/disable`)
    await expect(admin.call('POST', `/desk/staff/grants/${late}/grant`)).rejects.toMatchObject({ reason: 'grant_decided' })
    expect((await admin.call<{ grants: unknown[] }>('GET', '/desk/staff')).grants).toEqual([])
    expect((await colleague.raw('GET', '/desk/queues')).status).toBe(401)
    await expect(colleague.logIn('colleague@staff.example', 'a colleague’s password')).rejects.toMatchObject({ reason: 'login_failed' })

    const acts = (await trail(`?subject=account/${one.id}`)).entries.map((e) => e.act).toReversed()
    expect(acts).toEqual(['grant.asked', 'grant.granted', 'account.password_reset', 'account.logged_in', 'grant.asked', 'staff.disabled', 'grant.refused', 'account.login_failed'])
  })
})

describe('the audit trail', () => {
  test('holds acts and looks, is searched, exported and verified, and names what was tampered with', async () => {
    const applicant = new Applicant(platform)
    await applicant.register('audited@applicant.example')
    const { id } = await applicant.draft({ enterprise: false, domains: ['audited.cn'], sequence: 701 })
    await applicant.uploadAll(id)
    await applicant.act(id, 'submit')
    const reviewer = await Staff.logIn(platform, 'reviewer')
    await reviewer.claim(id)
    const { entries } = await trail(`?subject=filing/${id}`)
    expect(entries.map((e) => e.act)).toEqual(expect.arrayContaining(['filing.submit', 'filing.claimed', 'look.case']))
    expect(entries.find((e) => e.act === 'look.case')!.actor_name).toBe('初审员甲')
    expect(entries.find((e) => e.act === 'filing.submit')!.detail).toMatchObject({ from: 'draft', to: 'initial_review' })
    expect((await trail('?act=look.')).entries.every((e) => e.act.startsWith('look.'))).toBe(true)

    // By whom: a colleague's name, or an address; an applicant is named by his address, masked.
    const by = async (who: string) => (await trail(`?actor=${encodeURIComponent(who)}&subject=filing/${id}`)).entries
    expect((await by('初审员甲')).map((e) => e.act)).toEqual(['look.case', 'filing.claimed'])
    const own = await by('audited@applicant.example')
    expect(own.map((e) => e.act)).toContain('filing.submit')
    expect(new Set(own.map((e) => e.actor_name))).toEqual(new Set(['a***@applicant.example']))
    await expect(trail('?actor=nobody@applicant.example')).rejects.toMatchObject({ status: 422, reason: 'audit_person_unknown' })
    const granted = (await trail('?act=grant.granted')).entries[0]!
    expect(granted.people[String(granted.detail.asked_by)]).toBe('安全管理员己')

    const csv = await (await auditor.raw('GET', `/desk/audit/export?subject=filing/${id}`)).text()
    expect(csv.trim().split('\r\n')).toHaveLength(entries.length + 1)
    expect(csv).toMatch(/,"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d","staff",\d+,"初审员甲","filing.claimed"/)
    // Nothing about a person stands in it.
    const all = await (await auditor.raw('GET', '/desk/audit/export')).text()
    for (const secret of ['测试甲', '199000', 'applicant.example', 'organiser.example']) expect(all).not.toContain(secret)

    expect(await auditor.call('POST', '/desk/audit/verify')).toMatchObject({ seq: 0, what: '' })
    const verify = (...more: string[]) => platform.command(['audit', 'verify', '--config', platform.config, ...more])
    expect(await verify()).toMatchObject({ status: 0 })
    const head = (await platform.command(['audit', 'head', '--config', platform.config])).said.trim()
    const look = entries.find((e) => e.act === 'look.case')!
    await platform.sql(`UPDATE audit_entries SET subject = 'filing/1' WHERE seq = ${look.seq}`)
    expect(await verify()).toMatchObject({ status: 1, said: expect.stringContaining(`entry ${look.seq}: changed`) })
    await platform.sql(`UPDATE audit_entries SET subject = 'filing/${id}' WHERE seq = ${look.seq}`)
    expect(await verify('--head', head)).toMatchObject({ status: 0 })
  })
})

describe('one’s own data', () => {
  test('is exported whole, and erased but for what the law keeps', async () => {
    const applicant = new Applicant(platform)
    await applicant.register('leaving@applicant.example')
    const running = await applicant.draft({ enterprise: false, domains: ['leaving.cn'], sequence: 704 })
    await applicant.uploadAll(running.id)
    const standing = await applicant.call<{ consents: unknown[]; under_way: string[] }>('GET', '/account/privacy')
    expect(standing.consents).toHaveLength(1)
    const password = applicant.password
    await expect(applicant.call('POST', '/account/export', { password: 'not this one' })).rejects.toMatchObject({ reason: 'password_wrong' })
    const archive = Buffer.from(await (await applicant.raw('POST', '/account/export', { password })).arrayBuffer())
    const place = mkdtempSync(join(tmpdir(), 'beian-export-'))
    writeFileSync(join(place, 'export.zip'), archive)
    const unzip = await run('/usr/bin/python3', ['-m', 'zipfile', '-e', join(place, 'export.zip'), place])
    expect(unzip.status, unzip.said).toBe(0)
    const filing = JSON.parse(readFileSync(join(place, 'filings', running.id, 'filing.json'), 'utf8'))
    expect(filing.content.organiser.name).toBe('测试甲')
    expect(readdirSync(join(place, 'filings', running.id)).filter((name) => name.endsWith('.jpg'))).toHaveLength(filing.materials.length)
    rmSync(place, { recursive: true })

    await applicant.act(running.id, 'submit')
    await expect(applicant.call('POST', '/account/erase', { password })).rejects.toMatchObject({ status: 409, reason: 'erasure_blocked' })
    await applicant.act(running.id, 'withdraw')
    await applicant.call('POST', '/account/erase', { password })
    expect((await applicant.raw('GET', '/filings')).status).toBe(401)
    await expect(applicant.logIn(applicant.email, password)).rejects.toMatchObject({ reason: 'login_failed' })
    const [proof] = (await trail('?act=privacy.account_erased')).entries
    expect(proof!.detail).toEqual({ filings_erased: 1, filings_kept_by_law: 0 })
    // The address is free for a new beginning, and nothing of the old one is there.
    const again = new Applicant(platform)
    await again.register('leaving@applicant.example')
    expect(await again.call('GET', '/filings')).toMatchObject({ filings: [] })
  })

  test('of filings long ended goes by the clock, with an entry as proof', async () => {
    const applicant = new Applicant(platform)
    await applicant.register('ended@applicant.example')
    const { id } = await applicant.draft({ enterprise: false, domains: ['ended.cn'], sequence: 705 })
    await applicant.act(id, 'withdraw')
    const days = 24 * 3600 * 1000
    await platform.sql(`UPDATE filings SET state_since = state_since - ${2 * days} WHERE id = ${id}`)
    await platform.sql(`UPDATE jobs SET run_at = 0 WHERE kind = 'retention'`)
    const entry = await eventually('the erasure', async () => (await trail(`?subject=filing/${id}&act=privacy.`)).entries[0])
    expect(entry).toMatchObject({ act: 'privacy.filing_erased', detail: { rule: 'unsubmitted_filings' } })
    expect(JSON.stringify((await applicant.filing(id)).content)).not.toContain('测试')
  })
})

describe('operation', () => {
  test('metrics, health and readiness answer beside the pages', async () => {
    const text = await (await fetch(`${metrics}/metrics`)).text()
    expect(text).toMatch(/beian_http_requests_total\{method="POST",route="\/api\/v1\/account\/login",status="200"\} \d+/)
    expect(text).toMatch(/beian_filings\{state="draft"\} \d+/)
    expect(text).toContain('beian_bureau_contact_seconds')
    expect(text).not.toContain('@')
    expect((await fetch(`${metrics}/health`)).status).toBe(200)
    expect((await fetch(`${metrics}/ready`)).status).toBe(200)
  })

  test('what the dashboard draws and what alerts watch is there by the same names, labels too', async () => {
    const without = await (await fetch(`${metrics}/metrics`)).text()
    expect(without, 'no copy yet: the alert for that has something to see').toMatch(/^beian_backups 0$/m)
    expect((await platform.command(['backup', '--config', platform.config])).status).toBe(0)
    const text = await (await fetch(`${metrics}/metrics`)).text()
    const drawn = ['deploy/grafana.json', 'deploy/prometheus-alerts.yml'].flatMap((file) => [
      ...readFileSync(join(root, file), 'utf8').replaceAll('\\"', '"').matchAll(/\b(beian_\w+)(?:\{(\w+))?/g),
    ])
    expect(drawn.length).toBeGreaterThan(15)
    const exposed = (name: string, label: string) =>
      text.split('\n').some((line) => line.startsWith(`${name}${label ? '{' : ''}`) && line.includes(label && `${label}="`))
    expect(drawn.filter(([, name, label]) => !exposed(name!, label ?? '')).map(([words]) => words)).toEqual([])
  })

  test('pictures that wait for their turn leave the rest to everybody else, and those too many are told when to come again', async () => {
    const applicant = new Applicant(platform)
    await applicant.register('pictures@applicant.example')
    const { id } = await applicant.draft({ enterprise: true, domains: ['pictures.cn'], sequence: 706 })
    const upload = () => {
      const form = new FormData()
      form.set('purpose', 'organiser_certificate')
      form.set('file', sample('business_licence'), 'photo.jpg')
      return applicant.raw('POST', `/filings/${id}/materials`, form)
    }
    await Promise.all([upload(), upload()])
    // The processes that look at pictures stand still: whoever sends one waits.
    const found = await run('/usr/bin/pgrep', ['-P', String(platform.child.pid), '-f', 'image-worker'])
    const workers = found.said.trim().split('\n').map(Number)
    expect(workers.length).toBeGreaterThan(0)
    for (const pid of workers) process.kill(pid, 'SIGSTOP')
    const answered: Response[] = []
    const sent = Array.from({ length: 20 }, () => upload().then((answer) => void answered.push(answer)))
    try {
      await eventually('those too many', async () => answered.length >= 8 && answered, 12_000)
      expect(answered.map((answer) => [answer.status, answer.headers.get('retry-after')])).toEqual(Array(8).fill([503, '3']))
      expect((await applicant.raw('GET', '/account')).status).toBe(200)
      expect((await applicant.raw('GET', `/filings/${id}`)).status).toBe(200)
      expect(answered).toHaveLength(8)
    } finally {
      for (const pid of workers) process.kill(pid, 'SIGCONT')
    }
    await Promise.all(sent)
    expect(answered.filter((answer) => answer.status === 503).length).toBeLessThan(20)
  })

  test('copies made under load restore to a whole state, and one serves', async () => {
    const copies = Number(process.env.BEIAN_BACKUPS ?? 3)
    const folder = mkdtempSync(join(tmpdir(), 'beian-backup-'))
    const writer = new Applicant(platform)
    await writer.register('writer@applicant.example')
    const { id } = await writer.draft({ enterprise: true, domains: ['written.cn'], sequence: 702 })
    let stop = false
    let written = 0
    const load = (async () => {
      while (!stop) {
        await new Browser(platform).logIn(writer.email, writer.password)
        ++written
      }
    })()
    const upload = (async () => {
      while (!stop) {
        await writer.change(id, [{ path: 'organiser.name', to: `示例科技${++written}有限公司` }])
        await writer.upload(id, 'organiser_certificate', null, sample('business_licence'))
      }
    })()
    try {
      for (let i = 0; i < copies; ++i) {
        const made = await platform.command(['backup', '--config', platform.config, '--to', folder])
        expect(made.status, made.said).toBe(0)
        const drill = await platform.command(['backup', 'drill', '--config', platform.config, made.said.split('\n').find((line) => line.startsWith(folder))!])
        expect(drill, drill.said).toMatchObject({ status: 0, said: expect.stringContaining('it would serve') })
      }
    } finally {
      stop = true
      await load
      await upload
    }
    expect(written).toBeGreaterThan(3)
    const all = readdirSync(folder).sort()
    expect(all).toHaveLength(copies)

    const newest = join(folder, all.at(-1)!)
    const place = join(folder, 'restored')
    mkdirSync(place, { mode: 0o700 })
    const config = join(folder, 'beian.toml')
    const key = join(folder, 'keys/beian.key')
    mkdirSync(join(folder, 'keys'), { mode: 0o700 })
    writeFileSync(config, `demo = true\nvar_dir = "${place}"\nkey_file = "${key}"\n`)
    expect(await run(binary, ['restore', '--config', config, newest])).toMatchObject({ status: 1, said: expect.stringContaining('key file') })
    writeFileSync(key, readFileSync(join(platform.var, 'keys/beian.key')), { mode: 0o600 })
    expect(await run(binary, ['restore', '--config', config, newest])).toMatchObject({ status: 0, said: expect.stringContaining('audit chain: whole') })
    // A second time there is something in the way.
    expect(await run(binary, ['restore', '--config', config, newest])).toMatchObject({ status: 1 })
    expect(await run(binary, ['check', '--config', config])).toMatchObject({ status: 0, said: expect.stringContaining('counters: good') })
    // A damaged copy is refused.
    writeFileSync(join(newest, 'beian.db'), 'x', { flag: 'a' })
    expect(await platform.command(['backup', 'drill', '--config', platform.config, newest])).toMatchObject({ status: 1 })
    rmSync(folder, { recursive: true, force: true })
  }, 120_000 + 60_000 * Number(process.env.BEIAN_BACKUPS ?? 3))

  test('copies do not outlive their time, but for the only one there is', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'beian-old-'))
    const backup = () => platform.command(['backup', '--config', platform.config, '--to', folder])
    const stamp = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().replace(/\.\d+|[-:]/g, '')
    expect(await backup()).toMatchObject({ status: 0 })
    const aged = (days: number) => {
      const name = readdirSync(folder).filter((one) => one.endsWith('Z')).sort().at(-1)!
      renameSync(join(folder, name), join(folder, stamp(days)))
      return stamp(days).slice(0, 8)
    }
    const old = aged(36)
    // What a broken-off copy left, one that is still young, a database from before migrations, and somebody else's folder.
    for (const name of [`${stamp(3)}.partial`, `${stamp(0.5)}.partial`, 'before-migrations', 'somebody-elses']) mkdirSync(join(folder, name))
    writeFileSync(join(folder, 'before-migrations', `${stamp(36)}-beian.db`), 'x')
    writeFileSync(join(folder, 'before-migrations', `${stamp(34)}-beian.db`), 'x')
    const made = await backup()
    expect(made).toMatchObject({ status: 0, said: expect.stringContaining('3 older than 35 days removed') })
    const left = readdirSync(folder)
    expect(left.some((name) => name.startsWith(old))).toBe(false)
    expect(left.filter((name) => name.endsWith('.partial'))).toEqual([expect.stringContaining(stamp(0.5).slice(0, 11))])
    expect(left).toContain('somebody-elses')
    expect(readdirSync(join(folder, 'before-migrations'))).toHaveLength(1)
    rmSync(folder, { recursive: true, force: true })

    // The clock does the same where no copy is made any more, writes it down, and keeps the last one.
    const backups = copyFolder
    rmSync(backups, { recursive: true, force: true })
    for (const days of [40, 50]) {
      const copy = join(backups, stamp(days))
      mkdirSync(copy, { recursive: true })
      writeFileSync(join(copy, 'manifest.json'), '{}')
    }
    await platform.sql(`UPDATE jobs SET run_at = 0 WHERE kind = 'retention'`)
    await eventually('one copy left', async () => readdirSync(backups).length === 1, 60_000)
    expect(readdirSync(backups)[0]!.slice(0, 8)).toBe(stamp(40).slice(0, 8))
    await eventually('the act', async () => (await trail('?act=privacy.retention')).entries.some((e) => e.detail.rule === 'backups' && e.detail.count === 1))
    expect((await platform.command(['check', '--config', platform.config])).said).toContain('IS OVER ITS TIME')
  }, 120_000)

  test('the key is changed while people work, and everything is sealed anew', async () => {
    const before = new Applicant(platform)
    await before.register('rotated@applicant.example')
    const { id } = await before.draft({ enterprise: false, domains: ['rotated.cn'], sequence: 703 })
    await before.uploadAll(id)
    expect(await platform.command(['key', 'rotate', '--config', platform.config])).toMatchObject({ status: 0, said: expect.stringContaining('key 2') })
    const material = (await before.filing(id)).materials[0]!
    await eventually('everything sealed with the new key', async () => platform.log.includes('"more":"no"'), 60_000)
    expect((await before.filing(id)).materials).toHaveLength((await before.filing(id)).materials.length)
    expect((await before.raw('GET', `/filings/${id}/materials/${material.id}`)).status).toBe(200)
    const { status } = await before.raw('POST', '/account/login', { email: before.email, password: before.password })
    expect(status).toBe(200)
    const old = await run('/usr/bin/python3', ['-c', 'import sqlite3,sys; print(sqlite3.connect(sys.argv[1]).execute("SELECT COUNT(*) FROM filings WHERE substr(content_sealed,1,5) = x\'0100000001\'").fetchone()[0])', join(platform.var, 'beian.db')])
    expect(old.said.trim()).toBe('0')
  }, 120_000)

  test('config check names every mistake with line, column and what to do', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'beian-config-'))
    const config = join(folder, 'beian.toml')
    writeFileSync(join(folder, 'open.secret'), 'x', { mode: 0o644 })
    writeFileSync(config, ['prot = 1', 'log_level = "loud"', '[http]', '  port = "x"', '[mail]', 'url = "mail.example"', `password_file = "${join(folder, 'open.secret')}"`, '[[bureaus]]', 'province = "3300"', ''].join('\n'))
    const { status, said } = await run(binary, ['config', 'check', '--config', config])
    expect(status).toBe(1)
    for (const words of ['1:8: prot is not a known key', '2:13: log_level must be debug', '4:10: http.port must be a number', '6:7: mail.url must begin with', '7:17: mail.password_file names a file that others may read', '9:12: bureaus.province must be'])
      expect(said).toContain(`${config}:${words}`)
    writeFileSync(config, `demo = true\nweb_dir = "${root}/web"\n`)
    expect(await run(binary, ['config', 'check', '--config', config])).toMatchObject({ status: 0 })
    const real = (url: string) =>
      writeFileSync(config, `web_dir = "${root}/web"\nprovider_name = "示例云"\n[http]\npublic_url = "${url}"\n[mail]\nurl = "smtp://127.0.0.1:25"\nfrom = "filing@example.cn"\n[sms]\nurl = "http://127.0.0.1:9"\nsecret_file = "${join(folder, 'closed.secret')}"\n`)
    writeFileSync(join(folder, 'closed.secret'), 'x', { mode: 0o600 })
    real('http://127.0.0.1:8080')
    expect(await run(binary, ['config', 'check', '--config', config])).toMatchObject({ status: 0, said: expect.stringContaining('4:14: note') })
    // What would only be noticed at the start, or when the first file is to be sent.
    const secret = join(folder, 'closed.secret')
    writeFileSync(config, [
      `web_dir = "${root}/web"`, `key_file = "${join(folder, 'none.key')}"`, 'database = "postgresql://beian:hunter2@db/beian"',
      '[http]', 'address = "localhost"', 'public_url = "https://filing.example.cn/beian"', 'trusted_proxies = ["proxy.example.cn"]', 'port = 9000',
      '[metrics]', 'port = 9000',
      '[mail]', 'url = "smtp://127.0.0.1:25"', 'from = "filing@example.cn"', 'user = "filing"',
      '[sms]', 'url = "http://127.0.0.1:9"', `secret_file = "${secret}"`, '[[sms.templates]]', 'notice = "filing_returnd"', 'id = "1"',
      '[domains]', 'bootstrap = "/no/such/dns.json"',
      ...[1, 2].flatMap((n) => ['[[bureaus]]', 'province = "330000"', 'upload_wsdl = "https://b.example/u"', 'query_wsdl = "https://b.example/q"', 'verify_wsdl = "https://b.example/v"', 'isp_id = 1', 'user_name = "u"', `password_file = "${secret}"`, `key_file = "${secret}"`, `iv_file = "${secret}"`, `interface_version = "V.${2 + n}.0"`]),
    ].join('\n'))
    const told = (await run(binary, ['config', 'check', '--config', config])).said
    for (const words of [
      '3:12: note / 提示: database should hold no password', '2:12: key_file is not there: beian make-key', '5:11: http.address must be an address', '6:14: http.public_url must end with the host',
      '7:19: http.trusted_proxies must be addresses', '10:8: metrics.port is taken already by http.port', ' mail.password_file must name the file', '19:10: sms.templates[0].notice names no notice',
      '22:13: domains.bootstrap cannot be used', '31:12: bureaus[0].key_file or the IV cannot be used', '35:12: bureaus[1].province has a part of its own', '44:21: bureaus[1].interface_version must be V.3.0',
    ])
      expect(told).toContain(`${config}:${words}`)
    expect(told).not.toContain('hunter2')
    // A file that is no TOML is one mistake, not twenty.
    writeFileSync(config, 'provider_name = "示例云\n[http]\n')
    expect((await run(binary, ['config', 'check', '--config', config])).said.trim().split('\n')).toEqual([expect.stringContaining(`${config}:1:`)])
    real('http://filing.example.cn')
    expect(await run(binary, ['config', 'check', '--config', config])).toMatchObject({ status: 1, said: expect.stringContaining('4:14: http.public_url must be the https://') })
    rmSync(folder, { recursive: true, force: true })
  })
})
