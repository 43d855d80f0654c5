// The bureau misbehaves while a filing is handed over; the filing arrives exactly once all the same.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Officer } from '../support/people.ts'
import { eventually, Platform } from '../support/platform.ts'
import { expectAcceptedOnce, fileUpTo, StubbornApplicant, StubbornStaff } from './clients.ts'

let platform: Platform
let officer: Officer
let staff: { reviewer: StubbornStaff; photo: StubbornStaff }
const ready = new Map<string, StubbornApplicant>()

const faults: { name: string; settings: Record<string, unknown>; mended?: Record<string, unknown> }[] = [
  { name: 'the connection drops after the upload was stored', settings: { drop_after_store: 1 } },
  { name: 'the connection drops before anything was done', settings: { drop_before: 2 } },
  { name: 'an error page instead of answers', settings: { garbage: 2 } },
  { name: 'a file whose hash does not fit', settings: { wrong_hash: 2 } },
  { name: 'base64 in lines of 76, with 0 for more files', settings: { wraps_base64: true, answers_zero: true } },
  { name: 'base64 in one line, not enciphered', settings: { wraps_base64: false, encrypts_downloads: false } },
  { name: 'slow answers', settings: { slow_ms: 700 }, mended: { slow_ms: 0 } },
  {
    name: 'maintenance: 901 for uploads, 902 for downloads',
    settings: { upload_maintenance: true, download_maintenance: true },
    mended: { upload_maintenance: false, download_maintenance: false },
  },
]

beforeAll(async () => {
  platform = await Platform.start()
  officer = new Officer(platform)
  await officer.call('PUT', 'settings', { automatic: 'pass', automatic_delay_ms: 100 })
  staff = {
    reviewer: await StubbornStaff.arrive(platform, 'reviewer'),
    photo: await StubbornStaff.arrive(platform, 'photo'),
  }
  await Promise.all(
    faults.map(async ({ name }, i) => {
      const applicant = new StubbornApplicant(platform)
      const c = { enterprise: false, domains: [`bureau-fault-${i}.cn`], sequence: 300 + i }
      await fileUpTo(applicant, staff, `fault-${i}@applicant.example`, c, 'photo_review')
      ready.set(name, applicant)
    }),
  )
}, 180_000)

afterAll(async () => {
  if (process.env.BEIAN_SHOW_LOG) console.log(platform?.log)
  await platform?.stop()
})

interface Lines {
  bureaus: { province: string; last_error: string | null }[]
}

async function lineError(): Promise<string | null | undefined> {
  const { bureaus } = await staff.photo.call<Lines>('GET', '/desk/bureaus')
  return bureaus.find((b) => b.province === '330000')?.last_error
}

for (const { name, settings, mended } of faults)
  test(name, async () => {
    const applicant = ready.get(name)!
    await officer.call('PUT', 'settings', settings)
    await staff.photo.pass(applicant, 'pass_photo', 'photo_review')
    if (mended && 'upload_maintenance' in mended) {
      const error = await eventually('the reason on the desk', lineError)
      expect(error).toContain('901')
      expect((await applicant.filing(applicant.id)).state).toBe('sending')
    }
    if (mended && 'slow_ms' in mended) await applicant.untilNumber(60_000)
    if (mended) await officer.call('PUT', 'settings', mended)
    await applicant.untilNumber(60_000)
    // The line is at rest: it does not go on offering what the bureau has.
    await eventually('the line without trouble', async () => (await lineError()) === null)
    await applicant.audit(false)
    await expectAcceptedOnce(platform, [applicant.id])
  }, 90_000)
