// A private PostgreSQL server, for the stories that run on one.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from './platform.ts'

const k_postgres = '/usr/lib/postgresql/15/bin'
export const absence = existsSync(join(k_postgres, 'postgres')) ? '' : 'no PostgreSQL 15 server (apt install postgresql-15)'

// The server refuses root; as root it runs as the user it was installed with.
function account(): { uid?: number; gid?: number } {
  if (process.getuid!() !== 0) return {}
  const id = (what: string) => Number(execFileSync('id', [what, 'postgres']).toString())
  return { uid: id('-u'), gid: id('-g') }
}

// Runs a statement on the database with this address.
export const psql = (database: string, statement: string): string => execFileSync('psql', [database, '-qAtc', statement]).toString()

export class Postgres {
  log = ''
  private child!: ChildProcess
  private constructor(
    private folder: string,
    public database: string,
  ) {}

  static async start(): Promise<Postgres> {
    const folder = mkdtempSync(join(tmpdir(), 'beian-postgres-'))
    const place = join(folder, 'postgres')
    const as = account()
    mkdirSync(place, { mode: 0o755 })
    if (as.uid !== undefined) {
      execFileSync('chmod', ['755', folder])
      chownSync(place, as.uid, as.gid!)
    }
    const data = join(place, 'data')
    execFileSync(join(k_postgres, 'initdb'), ['-D', data, '-E', 'UTF8', '--locale=C.UTF-8', '-A', 'trust', '-U', 'postgres', '--no-sync'], { ...as, cwd: place, stdio: 'ignore' })
    const server = new Postgres(folder, `postgresql://postgres@/postgres?host=${encodeURIComponent(place)}`)
    await server.launch()
    return server
  }

  private async launch(): Promise<void> {
    const place = join(this.folder, 'postgres')
    this.log = ''
    const child = spawn(join(k_postgres, 'postgres'), ['-D', join(place, 'data'), '-k', place, '-c', 'listen_addresses=', '-c', 'shared_buffers=16MB', '-c', 'max_connections=100'], { ...account(), cwd: place, stdio: ['ignore', 'ignore', 'pipe'] })
    this.child = child
    child.stderr!.on('data', (bytes: Buffer) => (this.log += bytes.toString()))
    await eventually('PostgreSQL ready', async () => {
      if (child.exitCode !== null) throw new Error(this.log.slice(-2000))
      return this.log.includes('ready to accept connections')
    })
  }

  // Not there while `meanwhile` runs, and then there again.
  async outage(meanwhile: () => Promise<void>): Promise<void> {
    const gone = new Promise((done) => this.child.once('exit', done))
    this.child.kill('SIGINT')
    await gone
    await meanwhile()
    await this.launch()
  }

  // An empty database of its own: its address.
  static create(server: string, name = `story_${randomBytes(6).toString('hex')}`): string {
    psql(server, `CREATE DATABASE ${name}`)
    return server.replace('/postgres?', `/${name}?`)
  }

  async stop(): Promise<void> {
    const gone = new Promise((done) => this.child.once('exit', done))
    // The fast shutdown does not wait for connections.
    if (this.child.exitCode === null && this.child.kill('SIGINT')) await gone
    rmSync(this.folder, { recursive: true, force: true })
  }
}
