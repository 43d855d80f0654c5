import { expect, it } from 'vitest'
import type { ShownProblem } from '@/shared/api/client'
import { is_of_the_whole, worth_saying } from './findings'

const problem = (code: string): ShownProblem => ({
  field: 'change.organiser',
  code,
  message: '',
  fix: '',
  hard: true,
})
const content = { change: { organiser: false, principal: true } }
const nobody_came = () => false
const came = () => true

it('does not blame somebody who has just arrived for having chosen nothing', () => {
  expect(worth_saying(problem('nothing_chosen'), content, nobody_came)).toBe(false)
  expect(worth_saying(problem('nothing_chosen'), content, came)).toBe(true)
})
it('leaves to the report what the steps to come will put right', () => {
  expect(worth_saying(problem('nothing_changed'), content, came)).toBe(false)
  expect(is_of_the_whole(problem('nothing_changed'))).toBe(true)
  expect(is_of_the_whole(problem('nothing_chosen'))).toBe(false)
})
it('says at once what is wrong with what is typed', () => {
  expect(worth_saying(problem('value_type'), content, nobody_came)).toBe(true)
})
