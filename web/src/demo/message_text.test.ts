import { expect, it } from 'vitest'
import { pieces_of } from './message_text'

const origin = 'http://127.0.0.1:8080'

it('links what leads back here and nothing else', () => {
  const body = '请点击 http://127.0.0.1:8080/activate?token=a1。\n或 https://elsewhere.example/x'
  expect(pieces_of(body, origin)).toEqual([
    { text: '请点击 ' },
    { text: 'http://127.0.0.1:8080/activate?token=a1', href: '/activate?token=a1' },
    { text: '。\n或 https://elsewhere.example/x' },
  ])
})
it('another port of this host is another site', () => {
  expect(pieces_of('http://127.0.0.1:9/x', origin)).toEqual([{ text: 'http://127.0.0.1:9/x' }])
})
it('a full stop after the address is not part of it', () => {
  expect(pieces_of(`${origin}/a.`, origin)).toEqual([
    { text: `${origin}/a`, href: '/a' },
    { text: '.' },
  ])
})
