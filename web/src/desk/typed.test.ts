import { beforeEach, describe, expect, it } from 'vitest'
import { session } from '@/shared/session'
import { forget_all_typed, typed_text } from './typed'

const as = (id: string | null) =>
  (session.state.account = (id && { id }) as typeof session.state.account)

describe('what is being typed', () => {
  beforeEach(() => {
    sessionStorage.clear()
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
    expect(sessionStorage.length).toBe(0)
    text.value = '又一句'
    sessionStorage.setItem('another', 'stays')
    forget_all_typed()
    expect(typed_text('case.7.note').value).toBe('')
    expect(sessionStorage.length).toBe(1)
  })
})
