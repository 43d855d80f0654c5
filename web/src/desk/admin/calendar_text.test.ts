import { expect, test } from 'vitest'
import { read_calendar } from './calendar_text'

test('a pasted notice is read line by line, and what cannot be read is named', () => {
  expect(
    read_calendar(
      '国庆节 2027-10-01 2027-10-07\n\n元旦：2027-01-01\n上班 2027-10-09、2027-09-26\n',
    ),
  ).toEqual({
    holidays: [
      { name: { 'zh-CN': '国庆节', en: '国庆节' }, from: '2027-10-01', to: '2027-10-07' },
      { name: { 'zh-CN': '元旦', en: '元旦' }, from: '2027-01-01', to: '2027-01-01' },
    ],
    working: ['2027-10-09', '2027-09-26'],
    bad: null,
  })
  expect(read_calendar('work 2027-10-09\n中秋节 九月十五').bad).toBe('中秋节 九月十五')
})
