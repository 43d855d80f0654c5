import { expect, test } from 'vitest'
import { Problem } from '@/shared/api/client'
import type { Content } from '@/shared/form/types'
import { make_draft, type Change } from './draft'

/** A server that keeps its own spelling, and finds every second save stale. */
function server_of(content: Content) {
  const calls: Change[][] = []
  const state = { content, stale: false }
  return {
    state,
    calls,
    save: async (changes: Change[]) => {
      calls.push(changes)
      if (state.stale) {
        state.stale = false
        throw new Problem({ code: 'stale' }, null)
      }
      return { version: calls.length, saved_at: 1, problems: [] }
    },
    read: async () => ({ content: state.content, version: 9, problems: [] }),
  }
}
const start = (content: Content) => ({ content, version: 1, problems: [] })

test('what one typed oneself, kept in another spelling, is no conflict', async () => {
  const server = server_of({ organiser: { address: '' } })
  const draft = make_draft('1', start({ organiser: { address: '' } }), server)
  draft.set('organiser.address', '示例路１号　')
  expect(await draft.flush()).toBe(true)
  // The server has it cleaned; something else made this page's next save stale.
  server.state.content = { organiser: { address: '示例路1号' } }
  server.state.stale = true
  draft.set('organiser.address', '示例路１号３楼')
  expect(await draft.flush()).toBe(true)
  expect(draft.conflicts).toEqual({})
  expect(server.calls.at(-1)).toEqual([
    { path: 'organiser.address', from: '示例路1号', to: '示例路１号３楼' },
  ])
  draft.stop()
})

test('what somebody else wrote is one', async () => {
  const server = server_of({ organiser: { address: '' } })
  const draft = make_draft('2', start({ organiser: { address: '' } }), server)
  draft.set('organiser.address', '甲路1号')
  await draft.flush()
  server.state.content = { organiser: { address: '乙路2号' } }
  server.state.stale = true
  draft.set('organiser.address', '甲路1号3楼')
  expect(await draft.flush()).toBe(false)
  expect(draft.conflicts['organiser.address']).toEqual({ theirs: '乙路2号', yours: '甲路1号3楼' })
  draft.stop()
})
