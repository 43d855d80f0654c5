import { describe, expect, test } from 'vitest'
import { look_at } from './quick_check'

const k_width = 120
const k_height = 80
/** Stripes of ink on paper whose edges take `wide` pixels. */
function stripes(ink: number, paper: number, wide: number): Uint8ClampedArray {
  const grey = new Uint8ClampedArray(k_width * k_height)
  for (let y = 0; y < k_height; y++)
    for (let x = 0; x < k_width; x++) {
      const at = x % 30
      const part = Math.min(1, Math.max(0, at < 20 ? at / wide : 1 - (at - 20) / wide))
      grey[y * k_width + x] = ink + (paper - ink) * part
    }
  return grey
}
const look = (grey: Uint8ClampedArray) => look_at(grey, k_width, k_height)

describe('a first look on the device', () => {
  test('sharp print in good light is fine', () => expect(look(stripes(40, 220, 1))).toEqual([]))
  test('soft edges are blurred', () => expect(look(stripes(40, 220, 11))).toEqual(['blurred']))
  test('dark', () => expect(look(stripes(5, 40, 1))).toEqual(['dark']))
  test('dark print on white paper, as scanned, is fine', () => {
    const scan = new Uint8ClampedArray(k_width * k_height).fill(255)
    for (let at = 0; at < scan.length; at += 20) scan[at] = 40
    expect(look(scan)).not.toContain('bright')
  })
  test('bright', () =>
    expect(look(new Uint8ClampedArray(k_width * k_height).fill(253))).toEqual(['bright']))
})
