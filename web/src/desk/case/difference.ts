/** `one` cut where it parts from `other`: what both begin with, what only it has, what both end with. */
export function parts_of(one: string, other: string): [string, string, string] {
  const mine = [...one]
  const theirs = [...other]
  let head = 0
  while (head < mine.length && mine[head] === theirs[head]) head++
  let tail = 0
  while (
    tail < Math.min(mine.length, theirs.length) - head &&
    mine[mine.length - 1 - tail] === theirs[theirs.length - 1 - tail]
  )
    tail++
  const end = mine.length - tail
  return [mine.slice(0, head).join(''), mine.slice(head, end).join(''), mine.slice(end).join('')]
}
