import { expect, test } from 'vitest'
import { read_calendar } from './calendar_text'

test('a pasted notice is read line by line, and what cannot be read is named', () => {
  expect(
    read_calendar(
      '国庆节 2027-10-01 2027-10-07\n\n元旦：2027-01-01\n上班 2027-10-09、2027-09-26\n',
      2027,
    ),
  ).toEqual({
    holidays: [
      { name: { 'zh-CN': '国庆节', en: '国庆节' }, from: '2027-10-01', to: '2027-10-07' },
      { name: { 'zh-CN': '元旦', en: '元旦' }, from: '2027-01-01', to: '2027-01-01' },
    ],
    working: ['2027-09-26', '2027-10-09'],
    bad: null,
  })
  expect(read_calendar('work 2027-10-09\n中秋节 九月十五', 2027).bad).toBe('中秋节 九月十五')
})

test('the notice itself is read, make-up days and all', () => {
  expect(
    read_calendar(
      [
        '一、元旦：2026年12月31日（周四）至2027年1月2日（周六）放假调休，共3天。2026年12月27日（周日）上班。',
        '二、春节：2月5日（农历除夕、周五）至11日（周四）放假调休，共7天。1月30日（周六）、2月13日（周六）上班。',
        '三、清明节：4月5日（周一）放假。',
        '四、国庆节、中秋节：9月29日至10月5日放假调休，共7天。9月26日（周日）上班',
      ].join('\n'),
      2027,
    ),
  ).toEqual({
    holidays: [
      { name: { 'zh-CN': '元旦', en: '元旦' }, from: '2027-01-01', to: '2027-01-02' },
      { name: { 'zh-CN': '春节', en: '春节' }, from: '2027-02-05', to: '2027-02-11' },
      { name: { 'zh-CN': '清明节', en: '清明节' }, from: '2027-04-05', to: '2027-04-05' },
      {
        name: { 'zh-CN': '国庆节、中秋节', en: '国庆节、中秋节' },
        from: '2027-09-29',
        to: '2027-10-05',
      },
    ],
    working: ['2027-01-30', '2027-02-13', '2027-09-26'],
    bad: null,
  })
  // A make-up day that stands beside a holiday is not taken for its name.
  const mixed = '元旦 2027-01-01 2027-01-03，1月4日上班'
  expect(read_calendar(mixed, 2027).bad).toBe(mixed)
})
