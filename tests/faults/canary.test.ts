// What is known of one filing is found nowhere in what the platform keeps or says: database, its
// log, uploads, log lines, output. The reference bureau's own database is another house's.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Browser, citizenId, Officer } from '../support/people.ts'
import { eventually, freePort, Platform } from '../support/platform.ts'
import { fileUpTo, StubbornApplicant, StubbornStaff } from './clients.ts'

// The ways a text may stand in a file.
function forms(text: string): Buffer[] {
  const utf8 = Buffer.from(text, 'utf8')
  const little = Buffer.from(text, 'utf16le')
  const gbk = spawnSync('iconv', ['-f', 'UTF-8', '-t', 'GB18030'], { input: utf8 }).stdout
  const raw = [utf8, little, Buffer.from(little).swap16(), gbk]
  // Base64 of it inside something longer: three ways to begin, without what its neighbours decide.
  const base64 = [utf8, gbk].flatMap((bytes) =>
    [0, 1, 2].map((shift) => {
      const whole = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64').replace(/=+$/, '')
      return Buffer.from(whole.slice(shift === 0 ? 0 : shift + 1, -1))
    }),
  )
  const escaped = [...text].map((c) => `\\u${c.codePointAt(0)!.toString(16).padStart(4, '0')}`).join('')
  return [
    ...raw,
    ...base64,
    Buffer.from(utf8.toString('hex')),
    Buffer.from(utf8.toString('hex').toUpperCase()),
    ...(/[^ -~]/.test(text) ? [Buffer.from(encodeURIComponent(text)), Buffer.from(escaped)] : []),
  ]
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

// Which of the texts stand where.
function findings(texts: string[], places: { name: string; bytes: Buffer }[]): string[] {
  return texts.flatMap((text) =>
    places.filter(({ bytes }) => forms(text).some((form) => bytes.includes(form))).map(({ name }) => `${text} in ${name}`),
  )
}

test('personal data stands nowhere in clear', async () => {
  const port = await freePort()
  const platform = await Platform.start({ settings: ['[metrics]', `port = ${port}`] })
  try {
    await new Officer(platform).call('PUT', 'settings', { automatic: 'pass', automatic_delay_ms: 100 })
    const staff = {
      reviewer: await StubbornStaff.arrive(platform, 'reviewer'),
      photo: await StubbornStaff.arrive(platform, 'photo'),
    }
    const known = {
      account: 'canary-account@applicant.example',
      email: 'canary-person@organiser.example',
      organiser: '鹮鹮测试科技有限公司',
      name: '雒测试鹮',
      number: citizenId(777),
      mobile: '19900007771',
      phone: '0571-70707171',
      address: '鹮示例街七七七号',
    }
    const applicant = new StubbornApplicant(platform)
    const write = applicant.write.bind(applicant)
    // The known values take the place of the usual ones, before they are typed for the first time.
    applicant.write = (changes) =>
      write(
        changes.map((c) => {
          const field = c.path.split('.').pop()!
          if (c.path === 'organiser.name') return { ...c, to: known.organiser }
          if (c.path === 'organiser.address') return { ...c, to: known.address }
          if (c.path === 'principal.name') return { ...c, to: known.name }
          if (c.path === 'principal.certificate_number') return { ...c, to: known.number }
          if (field === 'mobile') return { ...c, to: known.mobile }
          if (field === 'email') return { ...c, to: known.email }
          if (field === 'office_phone') return { ...c, to: known.phone }
          return c
        }),
      )
    const c = { enterprise: true, domains: ['canary-site.cn'], sequence: 777 }
    await fileUpTo(applicant, staff, known.account, c, 'photo_review')
    // What goes wrong must not say it either.
    await applicant.write([{ path: 'principal.mobile', to: known.number }]).catch(() => undefined)
    await applicant.raw('POST', '/account/login', { email: known.account, password: 'not this one' })
    await applicant.raw('GET', `/domains/${encodeURIComponent(known.name)}`)
    await staff.photo.pass(applicant, 'pass_photo', 'photo_review')
    const filing = await applicant.filing(applicant.id)
    expect(JSON.stringify(filing.content)).toContain(known.number)
    await applicant.untilNumber(60_000)
    expect(platform.sms.received.some((sms) => sms.mobile === known.mobile)).toBe(true)

    // What opens doors: passwords, sessions, links that were mailed. (A session's CSRF token opens none without its cookie.)
    await new Browser(platform).call('POST', '/account/forgot', { email: known.account })
    const link = await eventually('the link', async () =>
      platform.mail.mails().flatMap((mail) => [/reset\?token=([\w-]+)/.exec(mail.text)?.[1] ?? []].flat()).at(-1),
    )
    const secrets = [applicant.password, platform.staff.reviewer!.password, applicant.cookie.split('=')[1]!, staff.photo.cookie.split('=')[1]!, link]
    expect(secrets.every((secret) => secret.length > 10), secrets.join(' ')).toBe(true)
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
    expect(metrics).toContain('beian_filings')

    const folder = join(platform.folder, 'var')
    const places = () => [
      ...filesIn(folder)
        .filter((path) => !path.includes('/sandbox.db'))
        .map((path) => ({ name: path.slice(folder.length + 1), bytes: readFileSync(path) })),
      { name: 'log', bytes: Buffer.from(platform.log) },
      { name: 'metrics', bytes: Buffer.from(metrics) },
      { name: 'output', bytes: Buffer.from(platform.output) },
    ]
    const texts = Object.values(known)

    // The search itself: each text is found where it was planted, in each of its forms.
    const planted = join(folder, 'planted')
    for (const text of texts)
      for (const form of forms(text)) {
        writeFileSync(planted, Buffer.concat([Buffer.from('…'), form, Buffer.from('…')]))
        expect(findings([text], [{ name: 'planted', bytes: readFileSync(planted) }])).toHaveLength(1)
      }
    writeFileSync(planted, `{"phone":"${known.mobile}"}`)
    expect(findings([known.mobile], places())).toEqual([`${known.mobile} in planted`])
    rmSync(planted)
    // And what it searches is what there is.
    const names = places().map((place) => place.name)
    expect(names).toContain('beian.db')
    expect(names).toContain('beian.db-wal')
    expect(names.filter((name) => name.startsWith('blobs/')).length).toBeGreaterThan(9)
    expect(platform.log).toContain('"request"')
    // The bureau did get it: its database holds what ours must not.
    const bureau = filesIn(folder).filter((path) => path.includes('/sandbox.db'))
    expect(findings([known.organiser], bureau.map((path) => ({ name: 'bureau', bytes: readFileSync(path) })))).not.toEqual([])

    expect(findings(texts, places())).toEqual([])
    // Staff's passwords of the demo are printed, and nowhere else.
    expect(findings(secrets, places().filter(({ name }) => name !== 'output'))).toEqual([])
    await platform.kill('SIGTERM')
    expect(findings(texts, places())).toEqual([])
  } finally {
    await platform.stop()
  }
}, 240_000)
