import { expect, test } from 'vitest'
import { forget_drafts } from './kept'
import { kept_words } from './words'

test('words not yet sent are there again, each at its place, until they are sent', () => {
  const letter = kept_words('letter.1')
  letter.value = '写到一半'
  expect(kept_words('letter.1').value).toBe('写到一半')
  expect(kept_words('letter.2').value).toBe('')
  letter.value = ''
  expect(kept_words('letter.1').value).toBe('')
})

test('logging out takes them away', () => {
  kept_words('letter.1').value = '写到一半'
  forget_drafts()
  expect(kept_words('letter.1').value).toBe('')
})
