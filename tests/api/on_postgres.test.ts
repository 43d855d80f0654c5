// Agencies with their imports, claims and hand-overs once more, on PostgreSQL: the same stories, each
// platform with a database of its own on one server. Any story runs so where BEIAN_STORIES_DATABASE
// names a server.
import { afterAll, beforeAll, describe } from 'vitest'
import { absence, Postgres } from '../support/postgres.ts'

describe.skipIf(absence)('on PostgreSQL', async () => {
  let server: Postgres
  beforeAll(async () => {
    server = await Postgres.start()
    process.env.BEIAN_STORIES_DATABASE = server.database
  }, 60_000)
  afterAll(() => server?.stop())
  await import('./agency.test.ts')
  await import('./claims.test.ts')
})
