// The staff's side: who has a case, what others see of it, and that counts are true.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Applicant, type DeskFiling, type Filing, Refused, Staff } from '../support/people.ts'
import { Platform } from '../support/platform.ts'

let platform: Platform
let applicant: Applicant
let reviewer: Staff
let photo: Staff
let senior: Staff
let dispatch: Staff
const ids: string[] = []
const personal = ['19900001401', '测试乙', 'someone@organiser.example']

beforeAll(async () => {
  platform = await Platform.start()
  reviewer = await Staff.logIn(platform, 'reviewer')
  photo = await Staff.logIn(platform, 'photo')
  senior = await Staff.logIn(platform, 'senior')
  dispatch = await Staff.logIn(platform, 'dispatch')
  for (let i = 0; i < 4; ++i) {
    applicant = new Applicant(platform)
    await applicant.register(`desk${i}@applicant.example`)
    const { id } = await applicant.draft({ enterprise: i !== 2, domains: [`desk-${i}.cn`], sequence: 401 + i })
    await applicant.uploadAll(id)
    await applicant.act(id, 'submit')
    ids.push(id)
    owners[id] = applicant
  }
}, 180_000)
afterAll(async () => platform?.stop())
const owners: Record<string, Applicant> = {}

interface Row {
  id: string
  title: string
  assignee: { name: string; since: number } | null
  state_since: number
}
const page = (who: Staff, queue: string, more = '') =>
  who.call<{ rows: Row[]; total: number; next?: string }>('GET', `/desk/filings?queue=${queue}${more}`)
const counts = async (who: Staff) =>
  Object.fromEntries((await who.call<{ queues: { name: string; count: number }[] }>('GET', '/desk/queues')).queues.map((q) => [q.name, q.count]))
const seen = (who: Staff, id: string) => who.call<DeskFiling>('GET', `/desk/filings/${id}`)

async function countsAreRows() {
  for (const who of [reviewer, photo, senior]) {
    const told = await counts(who)
    for (const [queue, count] of Object.entries(told)) {
      if (['verification_tasks', 'unfiled_sites'].includes(queue)) continue // lists of /desk/tasks
      const { rows, total } = await page(who, queue, '&limit=100')
      expect([queue, total, rows.length]).toEqual([queue, count, count])
    }
  }
}

describe('queues', () => {
  test('list the longest waiting first, a page at a time, with the exact total', async () => {
    await countsAreRows()
    const whole = await page(reviewer, 'initial_review')
    expect(whole.rows.map((r) => r.id)).toEqual(ids)
    const first = await page(reviewer, 'initial_review', '&limit=3')
    expect([first.rows.map((r) => r.id), first.total]).toEqual([ids.slice(0, 3), 4])
    const second = await page(reviewer, 'initial_review', `&limit=3&after=${first.next}`)
    expect(second.rows.map((r) => r.id)).toEqual(ids.slice(3))
    expect(second.next).toBeUndefined()
  })

  test('find a filing by its domain in any spelling and by its id', async () => {
    for (const q of ['desk-1.cn', 'DESK-1.CN', 'www.desk-1.cn', ids[1]!])
      expect((await page(reviewer, 'all', `&q=${encodeURIComponent(q)}`)).rows.map((r) => r.id)).toEqual([ids[1]])
    for (const q of ["' OR 1=1 --", '%', '不存在的公司', '例'])
      expect((await page(reviewer, 'all', `&q=${encodeURIComponent(q)}`)).rows).toEqual([])
  })

  test('mask the name of a person', async () => {
    const row = (await page(reviewer, 'all')).rows.find((r) => r.id === ids[2])!
    expect(row.title).toMatch(/^测\*+$/)
  })

  test.each(['queue=nothing', 'queue=all&after=x', 'queue=all&after=1.2', 'queue=all&after=1.2.3.4', ''])('“%s” is refused in words', async (query) => {
    const refused = await reviewer.call('GET', `/desk/filings?${query}`).catch((e: unknown) => e)
    expect(refused).toBeInstanceOf(Refused)
    expect((refused as Refused).status).toBe(422)
  })
})

describe('a case', () => {
  test('is masked until it is claimed, and for everybody else after that', async () => {
    const id = ids[0]!
    const blind = await seen(reviewer, id)
    expect(blind.masked).toBe(true)
    expect(blind.allowed_actions).toEqual([])
    for (const secret of personal) expect(JSON.stringify(blind)).not.toContain(secret)
    const claimed = await reviewer.claim(id)
    expect(claimed).toMatchObject({ masked: false, assignee: { name: '初审员甲' } })
    expect(claimed.allowed_actions).toEqual(expect.arrayContaining(['pass_initial', 'return_initial']))
    for (const secret of personal) expect(JSON.stringify(claimed)).toContain(secret)
    expect((await seen(reviewer, id)).masked).toBe(false)
    for (const other of [photo, senior, dispatch]) {
      const theirs = await seen(other, id)
      expect(theirs.masked).toBe(true)
      for (const secret of personal) expect(JSON.stringify(theirs)).not.toContain(secret)
    }
    await countsAreRows()
  })

  test('that somebody has is refused to others with who and since when; a senior may take it over', async () => {
    const id = ids[0]!
    // A photo reviewer has nothing to decide here at all.
    await expect(photo.claim(id)).rejects.toMatchObject({ status: 409, reason: 'nothing_to_decide' })
    for (const take_over of [undefined, false]) {
      const refused = (await senior.call('POST', `/desk/filings/${id}/claim`, { take_over }).catch((e: unknown) => e)) as Refused
      expect(refused).toMatchObject({ status: 409, reason: 'claimed_by_other' })
      expect(refused.title).toContain('初审员甲')
      expect(refused.title).toMatch(/已经 \d+ 分钟/)
    }
    expect(await senior.call('POST', `/desk/filings/${id}/claim`, { take_over: true, reason: '同事请假' })).toMatchObject({ masked: false, assignee: { name: '主管丁' } })
    const lost = await seen(reviewer, id)
    expect(lost.masked).toBe(true)
    expect(lost.events.some((e) => e.action === 'taken_over' && e.actor_name === '主管丁')).toBe(true)
    // The decision of whoever lost it is refused with who has it now, and so is taking it back.
    const late = (await reviewer
      .call('POST', `/desk/filings/${id}/actions/pass_initial`, { version: lost.version })
      .catch((e: unknown) => e)) as Refused
    expect(late).toMatchObject({ status: 409, reason: 'claimed_by_other' })
    expect(late.title).toContain('主管丁')
    await expect(reviewer.call('POST', `/desk/filings/${id}/claim`, { take_over: true, reason: '拿回来' })).rejects.toMatchObject({ reason: 'claimed_by_other' })
    await senior.call('DELETE', `/desk/filings/${id}/claim`)
    expect((await seen(senior, id)).assignee).toBeNull()
    await countsAreRows()
  })

  test('of two who claim at once one gets it', async () => {
    const id = ids[1]!
    const ends = await Promise.allSettled([reviewer, senior].map((who) => who.claim(id)))
    const won = ends.filter((e) => e.status === 'fulfilled')
    expect(won).toHaveLength(1)
    const lost = ends.find((e) => e.status === 'rejected') as PromiseRejectedResult
    expect(lost.reason).toMatchObject({ status: 409 })
    await (won[0] === ends[0] ? reviewer : senior).call('DELETE', `/desk/filings/${id}/claim`)
  })

  test('is decided once, and only in the version that was looked at', async () => {
    const id = ids[1]!
    const { version } = await reviewer.claim(id)
    await expect(reviewer.call('POST', `/desk/filings/${id}/actions/pass_initial`, { version: version - 1 })).rejects.toMatchObject({
      status: 409,
      reason: 'case_changed',
    })
    const owner = owners[id]!
    await owner.act(id, 'withdraw')
    const late = (await reviewer.call('POST', `/desk/filings/${id}/actions/pass_initial`, { version }).catch((e: unknown) => e)) as Refused
    expect(late.status).toBe(409)
    expect((await owner.filing(id)).state).toBe('withdrawn')
    await countsAreRows()
  })

  test('that nobody has claimed cannot be decided, annotated or released', async () => {
    const id = ids[0]!
    const { version } = await seen(reviewer, id)
    await expect(reviewer.call('POST', `/desk/filings/${id}/actions/pass_initial`, { version })).rejects.toMatchObject({ reason: 'not_claimed' })
    await expect(
      reviewer.call('PUT', `/desk/filings/${id}/corrections`, { corrections: [{ field: 'organiser.name', text: 'x' }] }),
    ).rejects.toMatchObject({ reason: 'not_claimed' })
    await expect(reviewer.call('DELETE', `/desk/filings/${id}/claim`)).rejects.toMatchObject({ reason: 'not_claimed' })
  })

  test('keeps drafted corrections from the applicant until they are sent', async () => {
    const id = ids[3]!
    await reviewer.claim(id)
    await expect(
      reviewer.call('PUT', `/desk/filings/${id}/corrections`, {
        corrections: [{ field: 'sites.s9.name', text: 'x' }, { field: 'organiser.name' }],
      }),
    ).rejects.toMatchObject({
      status: 422,
      problems: [
        { field: 'sites.s9.name', code: 'path_unknown' },
        { field: 'organiser.name', code: 'reason_missing' },
      ],
    })
    const drafted = await reviewer.call<DeskFiling>('PUT', `/desk/filings/${id}/corrections`, {
      corrections: [{ field: 'sites.s1.name', text: '名称太泛' }],
    })
    expect(drafted.draft_corrections).toEqual([{ field: 'sites.s1.name', reason_code: null, text: '名称太泛' }])
    const owner = owners[id]!
    expect(JSON.stringify(await owner.filing(id))).not.toContain('名称太泛')
    const { version } = await seen(reviewer, id)
    await reviewer.call('POST', `/desk/filings/${id}/calls`, { person: 'principal', result: 'no_answer', note: '下午再打' })
    await reviewer.call('POST', `/desk/filings/${id}/actions/return_initial`, { version, note: '内部备注一句' })
    // Another who still has the page as it was hears by whom it was decided, not that it is nobody's.
    const late = (await senior.call('POST', `/desk/filings/${id}/actions/pass_initial`, { version }).catch((e: unknown) => e)) as Refused
    expect(late).toMatchObject({ status: 409, reason: 'case_changed' })
    expect(late.title).toContain('初审员甲')
    const returned = await owner.filing(id)
    expect(returned.corrections.map((c) => [c.field, c.message])).toEqual([['sites.s1.name', '名称太泛']])
    // What staff say among themselves stays there, and so do their names.
    for (const inner of ['内部备注一句', '下午再打', '初审员甲']) expect(JSON.stringify(returned)).not.toContain(inner)
    const there = await seen(reviewer, id)
    expect(there.calls).toMatchObject([{ person: 'principal', result: 'no_answer', note: '下午再打', by: '初审员甲' }])
    expect(JSON.stringify(there.events)).toContain('内部备注一句')
    await countsAreRows()
  })

  test('returned without a reason is no return', async () => {
    const id = ids[0]!
    const { version } = await reviewer.claim(id)
    await expect(reviewer.call('POST', `/desk/filings/${id}/actions/return_initial`, { version, corrections: [] })).rejects.toMatchObject({
      status: 422,
      reason: 'reason_missing',
    })
    expect((await owners[id]!.filing(id)).state).toBe('initial_review')
    await reviewer.call('DELETE', `/desk/filings/${id}/claim`)
  })
})

describe('next', () => {
  test('gives each the longest waiting that is free and his to decide, then says that there is none', async () => {
    await expect(photo.call('POST', '/desk/next')).rejects.toMatchObject({ status: 404, reason: 'queue_empty' })
    await expect(dispatch.call('POST', '/desk/next')).rejects.toMatchObject({ status: 404, reason: 'queue_empty' })
    const waiting = (await page(reviewer, 'unassigned')).rows.map((r) => r.id)
    expect(waiting).toEqual([ids[0], ids[2]])
    const got = await Promise.all([reviewer.call<Filing>('POST', '/desk/next'), senior.call<Filing>('POST', '/desk/next')]).catch(() => [])
    expect(got.map((f) => f.id).sort()).toEqual([...waiting].sort())
    await expect(reviewer.call('POST', '/desk/next')).rejects.toMatchObject({ status: 404, reason: 'queue_empty' })
    expect((await counts(reviewer)).mine).toBe(1)
    await countsAreRows()
  })
})

describe('dispatch', () => {
  test('posts a backdrop once, with a number that can be one; enquiries are answered once', async () => {
    const id = ids[2]!
    const holder = (await seen(reviewer, id)).masked ? senior : reviewer
    const { version } = await seen(holder, id)
    await holder.call('POST', `/desk/filings/${id}/actions/pass_initial`, { version })
    const owner = owners[id]!
    const address = { recipient: '测试甲', phone: '19900001403', province: '330000', city: '330100', county: '330106', address: '示例路1号' }
    await expect(owner.call('POST', `/filings/${id}/backdrop`, { ...address, city: '110000', phone: '1' })).rejects.toMatchObject({ status: 422 })
    const ordered = await owner.call<{ id: string }>('POST', `/filings/${id}/backdrop`, address)
    await expect(owner.call('POST', `/filings/${id}/backdrop`, address)).rejects.toMatchObject({ status: 409, reason: 'backdrop_ordered' })
    const posted = (tracking_number: string) =>
      dispatch.call('POST', `/desk/backdrops/${ordered.id}/posted`, { carrier: '顺丰', tracking_number })
    await expect(posted('不是单号')).rejects.toMatchObject({ status: 422 })
    expect(await posted('SF400500600')).toMatchObject({ state: 'posted', tracking_number: 'SF400500600' })
    await expect(posted('SF400500601')).rejects.toMatchObject({ status: 409, reason: 'backdrop_posted_before' })
    expect((await owner.filing(id)).backdrop).toMatchObject({ state: 'posted', carrier: '顺丰' })
    // Whoever does not have the case sees of the parcel what the post room's list shows.
    const { backdrop } = await seen(photo, id)
    expect(backdrop).toMatchObject({ recipient: '测**', phone: '199****1403', address: '浙江省杭州市****', tracking_number: 'SF400500600' })

    await owner.call('POST', '/enquiries', { name: '测试', contact: 'ask@applicant.example', message: '个人能备几个网站？' })
    const { enquiries } = await dispatch.call<{ enquiries: { id: string; message: string }[] }>('GET', '/desk/enquiries')
    expect(enquiries.map((e) => e.message)).toEqual(['个人能备几个网站？'])
    await dispatch.call('POST', `/desk/enquiries/${enquiries[0]!.id}/done`)
    await expect(dispatch.call('POST', `/desk/enquiries/${enquiries[0]!.id}/done`)).rejects.toMatchObject({ status: 404 })
    expect((await dispatch.call<{ enquiries: unknown[] }>('GET', '/desk/enquiries')).enquiries).toEqual([])
  })

  test('the kept counts agree with the rows, as the operator’s own check says', async () => {
    const told = await platform.command(['check', '--config', platform.config])
    expect(told).toMatchObject({ status: 0, said: expect.stringContaining('counters: good') })
  })
})
