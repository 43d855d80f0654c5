// A disk that is full: a clear answer, nothing acknowledged lost, and on again when there is room.
import { spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Officer, Refused, sample } from '../support/people.ts'
import { Platform } from '../support/platform.ts'
import { expectAcceptedOnce, fileUpTo, StubbornApplicant, StubbornStaff } from './clients.ts'

const run = (command: string, ...args: string[]) => spawnSync(command, args, { encoding: 'utf8' }).status === 0

// A file that takes whatever room there is.
function fill(path: string) {
  const file = openSync(path, 'w')
  try {
    for (let size = 1 << 20; size > 0; size >>= 1)
      try {
        for (;;) if (writeSync(file, Buffer.alloc(size, 1)) < size) break
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      }
  } finally {
    closeSync(file)
  }
}

async function refusal(doing: Promise<unknown>): Promise<Refused> {
  const refused = await doing.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(refused).toBeInstanceOf(Refused)
  return refused as Refused
}

test('a full disk', async (context) => {
  const platform = await Platform.start()
  const folder = join(platform.folder, 'var')
  let mounted = false
  try {
    await platform.kill('SIGTERM')
    renameSync(folder, `${folder}.first`)
    mkdirSync(folder)
    mounted = run('mount', '-t', 'tmpfs', '-o', 'size=32m,mode=0700', 'tmpfs', folder)
    if (!mounted) {
      console.log('skipped: a small disk cannot be mounted here (not root)')
      context.skip()
    }
    expect(run('cp', '-a', `${folder}.first/.`, folder)).toBe(true)
    await platform.run()
    await new Officer(platform).call('PUT', 'settings', { automatic: 'pass', automatic_delay_ms: 100 })
    const staff = {
      reviewer: await StubbornStaff.arrive(platform, 'reviewer'),
      photo: await StubbornStaff.arrive(platform, 'photo'),
    }
    const applicant = new StubbornApplicant(platform)
    const c = { enterprise: false, domains: ['full-disk.cn'], sequence: 400 }
    await fileUpTo(applicant, staff, 'full-disk@applicant.example', c, 'photo_review')
    const drafting = new StubbornApplicant(platform)
    await drafting.join('half-way@applicant.example')
    await drafting.begin({ enterprise: false, domains: ['half-way.cn'], sequence: 401 })

    const ballast = join(folder, 'ballast')
    fill(ballast)
    // What still fits into pages the log already has may be taken; then it is full, in words.
    let refused: Refused | undefined
    for (let i = 0; i < 200 && !refused; ++i)
      await drafting.write([{ path: 'principal.office_phone', to: `0571-8888${1000 + i}` }]).catch((error: unknown) => {
        expect(error).toBeInstanceOf(Refused)
        refused = error as Refused
      })
    expect(refused?.status).toBe(507)
    expect(refused?.title).toMatch(/空间/)
    const upload = await refusal(drafting.upload(drafting.id, 'principal_certificate_front', null, sample('id_card_front')))
    expect(upload.status).toBe(507)
    const step = await refusal(staff.photo.call('POST', `/desk/filings/${applicant.id}/claim`, {}))
    expect(step.status).toBe(507)

    // Reading goes on, and what was acknowledged is there; also after a kill on the full disk.
    await drafting.audit(true)
    await applicant.audit(true)
    await platform.kill()
    rmSync(ballast)
    await platform.run()
    await drafting.audit(true)
    await applicant.audit(true)

    // There is room again: everything goes on, without a restart as well.
    fill(ballast)
    await staff.photo.call('POST', `/desk/filings/${applicant.id}/claim`, {}).catch(() => undefined)
    rmSync(ballast)
    await drafting.write([{ path: 'principal.office_phone', to: '0571-88889999' }])
    await staff.photo.pass(applicant, 'pass_photo', 'photo_review')
    await applicant.untilNumber(60_000)
    await applicant.audit(true)
    await expectAcceptedOnce(platform, [applicant.id])
  } finally {
    if (process.env.BEIAN_SHOW_LOG) console.log(platform.log)
    await platform.kill('SIGTERM')
    if (mounted) run('umount', folder)
    await platform.stop()
  }
}, 180_000)
