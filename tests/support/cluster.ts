// Two nodes of the platform on one private PostgreSQL, with the reference bureau as a process of its
// own: how a larger installation runs. People of the stories use it like a Platform; `nodes` are the
// two addresses.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { binary, eventually, freePort, Platform, root, SmsSink, SmtpSink } from './platform.ts'
import { absence, Postgres, psql } from './postgres.ts'

export { absence }

export class Cluster {
  folder = mkdtempSync(join(tmpdir(), 'beian-cluster-'))
  nodes: string[] = []
  metrics: string[] = [] // of each node
  children: ChildProcess[] = []
  log = ''
  server!: Postgres
  database = ''
  config = join(this.folder, 'beian.toml')
  // What the people of a story look at.
  platform!: Platform
  sms!: SmsSink
  mail!: SmtpSink

  private start(program: string, words: string[], options: object = {}): ChildProcess {
    const child = spawn(program, words, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options })
    child.stderr!.on('data', (bytes: Buffer) => (this.log += bytes.toString()))
    this.children.push(child)
    return child
  }

  private async sandbox(): Promise<{ console: string; token: string; lines: Record<string, string>[] }> {
    let said = ''
    const child = this.start(binary, ['sandbox', '--var', join(this.folder, 'bureau'), '--port', '0'])
    child.stdout!.on('data', (bytes: Buffer) => (said += bytes.toString()))
    await eventually('the reference bureau', async () => /^\d{6} .*iv=\S+\n/m.test(said) && said.endsWith('\n'))
    const [, console_, token] = /console (\S+)#token=(\S+)/.exec(said)!
    const lines = [...said.matchAll(/^(\d{6}) (\S+) ispId=(\d+) user=(\S+) password=(\S+) key=(\S+) iv=(\S+)$/gm)].map(
      ([, province, base, isp_id, user, password, key, iv]) => ({ province, base, isp_id, user, password, key, iv }) as Record<string, string>,
    )
    return { console: console_!, token: token!, lines }
  }

  private secret(name: string, value: string): string {
    const path = join(this.folder, name)
    writeFileSync(path, value, { mode: 0o600 })
    return path
  }

  private settings(port: number, metrics: number, smsSecret: string, bureaus: Record<string, string>[]): string {
    return [
      'demo = true',
      'provider_name = "示例云"',
      `var_dir = "${join(this.folder, 'var')}"`,
      `key_file = "${join(this.folder, 'keys/beian.key')}"`,
      `database = "${this.database}"`,
      '[http]',
      `port = ${port}`,
      'threads = 8',
      'trusted_proxies = ["127.0.0.1"]',
      '[metrics]',
      `port = ${metrics}`,
      '[mail]',
      `url = "smtp://127.0.0.1:${this.mail.port}"`,
      'from = "no-reply@platform.example"',
      '[sms]',
      `url = "http://127.0.0.1:${this.sms.port}/send"`,
      `secret_file = "${this.secret('sms.secret', smsSecret)}"`,
      ...bureaus.flatMap((b) => [
        '[[bureaus]]',
        `province = "${b.province}"`,
        `upload_wsdl = "${b.base}/ISPWebService/upDownLoad?wsdl"`,
        `query_wsdl = "${b.base}/BeianStatusWebService/queryBeianStatus?wsdl"`,
        `verify_wsdl = "${b.base}/BeianStatusWebService/verifyBamm?wsdl"`,
        `isp_id = ${b.isp_id}`,
        `user_name = "${b.user}"`,
        `password_file = "${this.secret(`${b.province}.password`, b.password!)}"`,
        `key_file = "${this.secret(`${b.province}.key`, b.key!)}"`,
        `iv_file = "${this.secret(`${b.province}.iv`, b.iv!)}"`,
        'poll_seconds = 1',
      ]),
      '',
    ].join('\n')
  }

  async node(config: string, port: number): Promise<void> {
    const child = this.start(binary, ['serve', '--config', config])
    const url = `http://127.0.0.1:${port}`
    await eventually(
      `the node at ${port}`,
      async () => {
        if (child.exitCode !== null) throw new Error(`it ended: ${this.log.slice(-3000)}`)
        return (await fetch(`${url}/api/v1/meta`)).ok
      },
      90_000,
    )
    this.nodes.push(url)
  }

  async addStaff(name: string, role: string): Promise<void> {
    const password = randomBytes(12).toString('hex')
    execFileSync(binary, ['add-staff', '--config', this.config, `${name}@staff.example`, role, name], {
      cwd: root,
      input: `${password}\n`,
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    this.platform.staff[name] = { email: `${name}@staff.example`, password }
  }

  databases(): string[] {
    return psql(this.database, 'SELECT datname FROM pg_database').trim().split('\n')
  }

  // The configuration of a platform that has nothing yet: a folder and a database of its own on the same server.
  elsewhere(name: string): string {
    const config = join(this.folder, `${name}.toml`)
    const database = Postgres.create(this.database, name)
    writeFileSync(config, `demo = true\nvar_dir = "${join(this.folder, name)}"\nkey_file = "${join(this.folder, 'keys/beian.key')}"\ndatabase = "${database}"\n`)
    return config
  }

  static async start(): Promise<Cluster> {
    const c = new Cluster()
    mkdirSync(join(c.folder, 'keys'), { mode: 0o700 })
    c.server = await Postgres.start()
    c.database = c.server.database
    const bureau = await c.sandbox()
    const secret = randomBytes(16).toString('hex')
    c.mail = await SmtpSink.start(mkdtempSync(join(tmpdir(), 'beian-mail-')))
    c.sms = await SmsSink.start(secret)
    const lines = bureau.lines.filter((b) => b.province === '330000')
    const ports = [await freePort(), await freePort()]
    const metricsPorts = [await freePort(), await freePort()]
    c.metrics = metricsPorts.map((port) => `http://127.0.0.1:${port}`)
    const configs = ports.map((port, i) => {
      const path = i === 0 ? c.config : join(c.folder, `beian-${i}.toml`)
      writeFileSync(path, c.settings(port, metricsPorts[i]!, secret, lines))
      return path
    })
    execFileSync(binary, ['make-key', '--config', c.config], { cwd: root, stdio: 'ignore' })
    // Both at once: one migrates, the other waits.
    await Promise.all(configs.map((path, i) => c.node(path, ports[i]!)))
    c.nodes = ports.map((port) => `http://127.0.0.1:${port}`) // in their order, not in that of their starts
    c.platform = {
      url: c.nodes[0], console: bureau.console, consoleToken: bureau.token, staff: {}, mail: c.mail, sms: c.sms,
    } as unknown as Platform
    return c
  }

  // The same people at the other node.
  at(node: number): Platform {
    return { ...this.platform, url: this.nodes[node]! } as Platform
  }

  async stop(): Promise<void> {
    for (const child of this.children.toReversed()) {
      if (child.exitCode !== null || child.signalCode !== null) continue
      const gone = new Promise((done) => child.once('exit', done))
      child.kill('SIGTERM')
      await gone
    }
    await this.server?.stop()
    this.mail?.stop()
    this.sms?.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }
}
