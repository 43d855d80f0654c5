import { beforeEach, describe, expect, it } from 'vitest'
import { forget_drafts } from '@/shared/kept'
import { session } from '@/shared/session'
import { typed_at, typed_text } from './typed'

const as = (id: string | null) =>
  (session.state.account = (id && { id }) as typeof session.state.account)

describe('what is being typed', () => {
  beforeEach(() => {
    localStorage.clear()
    as('9')
  })
  it('is there again on the next page, for the same person and the same place only', () => {
    const text = typed_text('case.7.note')
    text.value = '下午再打'
    // The session ends while more is typed.
    as(null)
    text.value = '下午再打，找财务'
    as('9')
    expect(typed_text('case.7.note').value).toBe('下午再打，找财务')
    expect(typed_text('case.8.note').value).toBe('')
    as('8')
    expect(typed_text('case.7.note').value).toBe('')
  })
  it('is gone once it was sent, and with logging out', () => {
    const text = typed_text('case.7.note')
    text.value = '一句'
    text.value = ''
    expect(localStorage.length).toBe(0)
    text.value = '又一句'
    typed_at('case.7.corrections').keep([1])
    forget_drafts()
    expect(typed_text('case.7.note').value).toBe('')
    expect(typed_at('case.7.corrections').kept()).toBeNull()
  })
})
