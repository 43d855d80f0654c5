// One whole platform for a test: the real binary in demo mode with its own folder and ports, a real
// SMTP server, a real SMS gateway that checks signatures. Stories talk to it only through its API.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { createHmac, randomBytes } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer, type Server } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Postgres, psql } from './postgres.ts'

export const root = process.env.BEIAN_ROOT ?? resolve(import.meta.dirname, '../..')
export const binary = process.env.BEIAN_BIN ?? join(root, 'build/dev/beian')

// Below the range from which the kernel takes the ports of outgoing connections: a platform that was
// killed must find its port free when it comes back.
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 12_000 + Math.floor(Math.random() * 20_000)
    const free = await new Promise<boolean>((done) => {
      const probe = createServer()
      probe.once('error', () => done(false))
      probe.listen(port, '127.0.0.1', () => probe.close(() => done(true)))
    })
    if (free) return port
  }
}

// Asks again until it is so; what it saw last is in the failure.
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined | false | null>,
  within = 30_000,
): Promise<T> {
  const end = Date.now() + within
  let last: unknown
  for (;;) {
    try {
      const seen = await look()
      if (seen) return seen
      last = seen
    } catch (error) {
      last = error
    }
    if (Date.now() > end) throw new Error(`never saw: ${what} (last: ${String(last)})`)
    await new Promise((wake) => setTimeout(wake, 100))
  }
}

export interface Mail {
  to: string[]
  subject: string
  text: string
}
export interface Sms {
  mobile: string
  text: string
  key: string
}

// Words of a MIME message, well enough for ours: headers and the text/plain part.
function readMail(raw: string, envelope: { to?: string[]; rcpt_tos?: string[] }): Mail {
  const header = /^subject:\s*((?:.|\r?\n[ \t])*)/im.exec(raw)?.[1] ?? ''
  const subject = header
    .replace(/\r?\n[ \t]+/g, '')
    .replace(/\?=\s*=\?/g, '?==?')
    .replace(/=\?utf-8\?b\?([^?]*)\?=/gi, (_, b64: string) => Buffer.from(b64, 'base64').toString('utf8'))
    .replace(/=\?utf-8\?q\?([^?]*)\?=/gi, (_, q: string) =>
      Buffer.from(
        q.replace(/_/g, ' ').replace(/=([0-9A-F]{2})/gi, (_m, h: string) => String.fromCharCode(parseInt(h, 16))),
        'latin1',
      ).toString('utf8'),
    )
  const part = /content-type:\s*text\/plain[^]*?\r?\n\r?\n([^]*?)(?:\r?\n--|$)/i.exec(raw)
  let text = part?.[1] ?? raw
  const head = part ? raw.slice(raw.lastIndexOf('--', part.index) < 0 ? 0 : part.index - 200, part.index + 400) : raw
  if (/transfer-encoding:\s*base64/i.test(head)) text = Buffer.from(text, 'base64').toString('utf8')
  else if (/transfer-encoding:\s*quoted-printable/i.test(head))
    text = Buffer.from(
      text
        .replace(/=\r?\n/g, '')
        .replace(/=([0-9A-F]{2})/gi, (_m, h: string) => String.fromCharCode(parseInt(h, 16))),
      'latin1',
    ).toString('utf8')
  return { to: envelope.rcpt_tos ?? envelope.to ?? [], subject, text }
}

export class SmtpSink {
  private constructor(
    private process: ChildProcess,
    readonly port: number,
    private folder: string,
  ) {}

  static async start(folder: string): Promise<SmtpSink> {
    const child = spawn('/usr/bin/python3', [join(root, 'tests/support/smtp_sink.py'), folder], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const port = await new Promise<number>((done, failed) => {
      child.once('exit', () => failed(new Error('the mail server did not start')))
      child.stdout!.once('data', (bytes: Buffer) => done(Number(bytes.toString().trim().split(/\s+/).pop())))
    })
    return new SmtpSink(child, port, folder)
  }

  mails(): Mail[] {
    return readdirSync(this.folder)
      .filter((name) => name.endsWith('.json'))
      .sort((a, b) => parseInt(a) - parseInt(b))
      .map((name) => {
        const envelope = JSON.parse(readFileSync(join(this.folder, name), 'utf8'))
        return readMail(readFileSync(join(this.folder, name.replace('.json', '.eml')), 'utf8'), envelope)
      })
  }

  stop() {
    this.process.stdin!.end()
    this.process.kill()
  }
}

// The operator's gateway: refuses whatever is not signed as agreed.
export class SmsSink {
  readonly received: Sms[] = []
  readonly refused: string[] = []
  private server: Server

  private constructor(
    readonly port: number,
    private secret: string,
  ) {
    this.server = createHttpServer((request, response) => {
      let body = ''
      request.on('data', (bytes: Buffer) => (body += bytes.toString()))
      request.on('end', () => {
        const stamp = String(request.headers['x-beian-timestamp'])
        const wanted = createHmac('sha256', this.secret).update(`${stamp}.${body}`).digest('hex')
        const good = request.headers['x-beian-signature'] === wanted
        if (good) this.received.push(JSON.parse(body) as Sms)
        else this.refused.push(body)
        response.writeHead(good ? 200 : 401).end()
      })
    })
    this.server.listen(port, '127.0.0.1')
  }

  static async start(secret: string): Promise<SmsSink> {
    return new SmsSink(await freePort(), secret)
  }
  stop() {
    this.server.close()
  }
}

export interface StaffPassword {
  email: string
  password: string
}

export interface StartOptions {
  // A bureau that has a past: the database of one that another platform spoke to.
  bureauOf?: Platform
  // More lines of the configuration.
  settings?: string[]
  // What that platform filed was filed by another provider.
  byAnotherProvider?: boolean
  // Another policy of the reference bureau than data/bureaus.json gives it.
  policy?: { verification?: boolean; sms?: boolean; filing_password?: boolean }
  // More lines of configuration.
  config?: string[]
  // Members of data files that are others: {"second_review.json": {rules: […]}}.
  data?: Record<string, object>
  // Other data than the project's: changed before the start.
  edit_data?: (folder: string) => void
}

// The bureau's records of one provider become those of another one.
const k_give_away = `
import sqlite3, sys
c = sqlite3.connect(sys.argv[1]); old, new = '110000000211', '110000000299'
c.execute('PRAGMA foreign_keys = OFF'); c.execute('DELETE FROM files'); c.execute('DELETE FROM uploads')
for (table,) in c.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
    if table in ('providers', 'files', 'uploads', 'schema_migrations'): continue
    for column in [row[1] for row in c.execute(f'PRAGMA table_info({table})')]:
        if column in ('isp_id', 'home', 'unit'): c.execute(f'UPDATE {table} SET {column} = {new} WHERE {column} = {old}')
        if column in ('xml', 'document', 'before_xml'):
            for key, text in c.execute(f'SELECT rowid, {column} FROM {table}').fetchall():
                if text is None: continue
                b = text if isinstance(text, bytes) else text.encode()
                if old.encode() in b:
                    b = b.replace(old.encode(), new.encode())
                    c.execute(f'UPDATE {table} SET {column} = ? WHERE rowid = ?', (b if isinstance(text, bytes) else b.decode(), key))
c.execute('UPDATE providers SET last_sequence = 0')
c.commit()`

// A program of ours or of the system: what it said, and its exit status.
export async function run(program: string, words: string[]): Promise<{ status: number; said: string }> {
  return new Promise((done) => {
    execFile(program, words, { cwd: root, maxBuffer: 64 << 20 }, (error, out, errors) => {
      const code = error?.code
      done({ status: error ? (typeof code === 'number' ? code : 1) : 0, said: `${out}${errors}` })
    })
  })
}

export class Platform {
  child!: ChildProcess
  folder: string
  url = ''
  console = ''
  consoleToken = ''
  output = ''
  log = ''
  staff: Record<string, StaffPassword> = {}
  mail!: SmtpSink
  sms!: SmsSink
  // Its address where it is PostgreSQL: BEIAN_STORIES_DATABASE names a server, on which each platform
  // gets a database of its own.
  database = ''
  private arguments: string[] = []

  private constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'beian-story-'))
  }

  get var(): string {
    return join(this.folder, 'var')
  }
  get config(): string {
    return join(this.folder, 'beian.toml')
  }
  get bureauDatabase(): string {
    return join(this.var, 'sandbox.db')
  }

  static async start(options: StartOptions = {}): Promise<Platform> {
    const p = new Platform()
    mkdirSync(p.var, { mode: 0o700 })
    if (options.bureauOf) {
      const script = 'import sqlite3,sys; sqlite3.connect(sys.argv[1]).backup(sqlite3.connect(sys.argv[2]))'
      const done = await run('/usr/bin/python3', ['-c', script, options.bureauOf.bureauDatabase, p.bureauDatabase])
      if (done.status !== 0) throw new Error(done.said)
    }
    if (options.byAnotherProvider) {
      const done = await run('/usr/bin/python3', ['-c', k_give_away, p.bureauDatabase])
      if (done.status !== 0) throw new Error(done.said)
    }
    if (options.policy || options.data || options.edit_data) {
      cpSync(join(root, 'data'), join(p.folder, 'data'), { recursive: true })
      symlinkSync(join(root, 'migrations'), join(p.folder, 'migrations'))
      const file = join(p.folder, 'data/bureaus.json')
      const bureaus = JSON.parse(readFileSync(file, 'utf8'))
      Object.assign(bureaus.demo_policy, options.policy ?? {})
      writeFileSync(file, JSON.stringify(bureaus))
      for (const [name, members] of Object.entries(options.data ?? {})) {
        const path = join(p.folder, 'data', name)
        writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...members }))
      }
      options.edit_data?.(join(p.folder, 'data'))
    }
    const mails = mkdtempSync(join(tmpdir(), 'beian-mail-'))
    const secret = randomBytes(16).toString('hex')
    p.mail = await SmtpSink.start(mails)
    p.sms = await SmsSink.start(secret)
    const [port, consolePort] = [await freePort(), await freePort()]
    writeFileSync(join(p.folder, 'sms.secret'), secret, { mode: 0o600 })
    const server = process.env.BEIAN_STORIES_DATABASE
    if (server) p.database = Postgres.create(server)
    writeFileSync(
      p.config,
      [
        'provider_name = "示例云"',
        'log_level = "debug"',
        `var_dir = "${p.var}"`,
        ...(p.database ? [`database = "${p.database}"`] : []),
        ...(options.policy || options.data || options.edit_data ? [`data_dir = "${join(p.folder, 'data')}"`] : []),
        '[http]',
        'trusted_proxies = ["127.0.0.1"]',
        '[mail]',
        `url = "smtp://127.0.0.1:${p.mail.port}"`,
        'from = "备案平台 <no-reply@platform.example>"',
        '[sms]',
        `url = "http://127.0.0.1:${p.sms.port}/send"`,
        `secret_file = "${join(p.folder, 'sms.secret')}"`,
        ...(options.settings ?? []),
        ...(options.config ?? []),
        '',
      ].join('\n'),
    )
    p.arguments = ['demo', '--config', p.config, '--var', p.var]
    p.arguments.push('--port', String(port), '--console-port', String(consolePort))
    if (p.database) {
      p.arguments.push('--database', p.database)
      const made = await run(binary, ['make-key', '--config', p.config])
      if (made.status !== 0) throw new Error(made.said)
    }
    await p.run()
    return p
  }

  // Starts the program on what is in its folder; again after a kill.
  async run(): Promise<void> {
    this.output = ''
    const child = spawn(binary, this.arguments, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    this.child = child
    child.stdout!.on('data', (bytes: Buffer) => (this.output += bytes.toString()))
    child.stderr!.on('data', (bytes: Buffer) => (this.log += bytes.toString()))
    await eventually(
      'the platform listening',
      async () => {
        if (child.exitCode !== null) throw new Error(`it ended: ${this.log.slice(-2000)}`)
        return this.output.includes('Ctrl-C')
      },
      60_000,
    )
    this.url = /pages\s+(\S+)/.exec(this.output)![1]!
    const console_ = /bureau\s+(\S+)#token=(\S+)/.exec(this.output)!
    this.console = console_[1]!
    this.consoleToken = console_[2]!
    for (const [, email, password] of this.output.matchAll(/^ {2}(\S+@demo\.example)\s+(\S+)/gm))
      this.staff[email!.split('@')[0]!] = { email: email!, password: password! }
  }

  // Moves what no test can wait for: a clock in the database, or something it is made to forget.
  async sql(statement: string): Promise<void> {
    if (this.database) {
      psql(this.database, statement)
      return
    }
    const script = 'import sqlite3,sys; c=sqlite3.connect(sys.argv[1], timeout=60); c.execute(sys.argv[2]); c.commit()'
    const done = await run('/usr/bin/python3', ['-c', script, join(this.var, 'beian.db'), statement])
    if (done.status !== 0) throw new Error(done.said)
  }

  // A command of the operator's, on this installation.
  command(words: string[]): Promise<{ status: number; said: string }> {
    return run(binary, words)
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    const gone = new Promise((done) => this.child.once('exit', done))
    this.child.kill(signal)
    await gone
  }

  async stop(): Promise<void> {
    await this.kill('SIGTERM')
    this.mail.stop()
    this.sms.stop()
    if (existsSync(this.folder)) rmSync(this.folder, { recursive: true, force: true })
  }
}
