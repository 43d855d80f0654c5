import { describe, expect, test } from 'vitest'
import { scanned_order, type Order } from './dispatch'

const orders = [{ id: '915000000000000001' }, { id: '915000000000000002' }] as Order[]

describe('a scan', () => {
  test('of a label names its order, with whatever a scanner adds around it', () => {
    expect(scanned_order('915000000000000002', orders)).toBe(orders[1])
    expect(scanned_order(' 915000000000000001\r', orders)).toBe(orders[0])
  })
  test('of anything else is a tracking number', () => {
    for (const code of ['SF1002003004005', '75312345678901', '915000000000000003', '', '1'])
      expect(scanned_order(code, orders)).toBeUndefined()
  })
})
