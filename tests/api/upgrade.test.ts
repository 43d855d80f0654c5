// What an operator relies on when the program is renewed: a copy before the database is changed, one
// that does not multiply when a start fails again and again, and an older program that leaves a newer
// database alone. And what root types by mistake.
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Applicant } from '../support/people.ts'
import { binary, Platform, root, run } from '../support/platform.ts'

describe('a newer program', () => {
  test('copies the database once, brings it up to date, and is the only one that starts on it', async () => {
    const platform = await Platform.start({ edit_data: () => undefined })
    const migrations = join(platform.folder, 'migrations')
    const copies = () => {
      const folder = join(platform.var, 'backups/before-migrations')
      return existsSync(folder) ? readdirSync(folder) : []
    }
    // One that is to fail.
    const start = () => run(binary, ['demo', '--config', platform.config, '--var', platform.var, '--port', '0', '--console-port', '0'])
    try {
      const applicant = new Applicant(platform)
      await applicant.register('upgraded@applicant.example')
      const { id } = await applicant.draft({ enterprise: false, domains: ['upgraded.cn'], sequence: 731 })
      expect(copies()).toEqual([])
      await platform.kill('SIGTERM')
      rmSync(migrations)
      cpSync(join(root, 'migrations'), migrations, { recursive: true })

      // A migration that cannot be: service managers try again and again.
      const later = join(migrations, '0999_later.sql')
      writeFileSync(later, 'CREATE TABLE later_things (id BIGINT);\nINSERT INTO no_such_table (id) VALUES (1);\n')
      for (let attempt = 0; attempt < 2; ++attempt) expect(await start()).toMatchObject({ status: 1, said: expect.stringContaining('no_such_table') })
      expect((await start()).said).toContain('"event":"migration_started","name":"0999_later.sql"')
      const newest = readdirSync(join(root, 'migrations')).filter((name) => name.endsWith('.sql')).sort().at(-1)!.slice(0, 4)
      expect(copies()).toEqual([expect.stringMatching(new RegExp(`^\\d{8}T\\d{6}Z-${newest}-beian\\.db$`))])

      // What can be told without starting is told without changing anything.
      const check = () => run(binary, ['check', '--config', platform.config])
      expect(await check()).toMatchObject({ status: 0, said: expect.stringContaining('the next start brings it up to date (1 migrations)') })

      writeFileSync(later, 'CREATE TABLE later_things (id BIGINT);\n')
      await platform.run()
      expect(copies()).toHaveLength(1)
      await applicant.logIn(applicant.email, applicant.password)
      expect((await applicant.filing(id)).content).toMatchObject({ organiser: { name: '测试甲' } })
      const kept = join(platform.var, 'backups/before-migrations', copies()[0]!)
      const there = await run('/usr/bin/python3', ['-c', 'import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); print(c.execute("SELECT COUNT(*) FROM filings").fetchone()[0], c.execute("PRAGMA integrity_check").fetchone()[0])', kept])
      expect(there.said.trim()).toBe('1 ok')

      await platform.kill('SIGTERM')
      rmSync(later)
      expect(await start()).toMatchObject({ status: 1, said: expect.stringContaining('made by a newer version of this program: it has 0999_later.sql') })
      expect(await check()).toMatchObject({ status: 1, said: expect.stringContaining('Install that version again') })
    } finally {
      await platform.stop()
    }
  }, 240_000)
})

describe.skipIf(process.getuid?.() !== 0 || process.env.BEIAN_STORIES_DATABASE)('root', () => {
  test('is told the account to use, before anything is written that the service cannot read', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'beian-root-'))
    chmodSync(folder, 0o755)
    const [data, config, secret] = [join(folder, 'var'), join(folder, 'beian.toml'), join(folder, 'sms.secret')]
    mkdirSync(data, { mode: 0o700 })
    chownSync(data, 65_534, 65_534) // nobody
    writeFileSync(secret, 'x', { mode: 0o600 })
    writeFileSync(config, `provider_name = "示例云"\nvar_dir = "${data}"\nweb_dir = "${root}/web"\n[http]\npublic_url = "https://filing.example.cn"\n[mail]\nurl = "smtp://127.0.0.1:25"\nfrom = "filing@example.cn"\n[sms]\nurl = "http://127.0.0.1:9"\nsecret_file = "${secret}"\n`)
    for (const words of [['serve'], ['check'], ['backup', '--to', join(folder, 'copies')], ['key', 'rotate'], ['audit', 'head'], ['make-key'], ['restore', folder]]) {
      const [command, second, ...more] = words
      const all = [command!, ...(second && !second.startsWith('-') && second !== folder ? [second] : []), '--config', config, ...(second?.startsWith('-') || second === folder ? [second] : []), ...more]
      const done = await run(binary, all)
      expect(done, all.join(' ')).toMatchObject({ status: 1, said: expect.stringContaining('runuser -u nobody -- beian') })
    }
    expect(readdirSync(data)).toEqual([])
    expect(existsSync(join(folder, 'copies'))).toBe(false)
    // The check looks with the account's eyes.
    const check = () => run(binary, ['config', 'check', '--config', config])
    expect(await check()).toMatchObject({ status: 1, said: expect.stringContaining(`:11:15: sms.secret_file names a file that the account nobody cannot read: chown nobody ${secret}`) })
    chownSync(secret, 65_534, 65_534)
    expect(await check()).toMatchObject({ status: 0 })
    rmSync(folder, { recursive: true })
  })
})
