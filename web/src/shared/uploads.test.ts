import { expect, it } from 'vitest'
import { kind_of } from './uploads'

it.each([
  ['licence.pdf', 'application/pdf', 'pdf'],
  ['扫描件.PDF', '', 'pdf'],
  ['IMG_0001.HEIC', '', 'heic'],
  ['IMG_0001', 'image/heif', 'heic'],
  ['broken.jpg', 'image/jpeg', 'picture'],
  ['名单.xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'other'],
  ['notes', '', 'other'],
])('%s (%s) is told as %s', (name, type, kind) => {
  expect(kind_of({ name, type })).toBe(kind)
})
