// A message's words, with the links that lead back to this installation made links. Others stay
// words: a drill sends nobody elsewhere.

export type Piece = { text: string; href?: string }

const k_url = /https?:\/\/[^\s<>"'，。；：！？、（）)\]]+/g

export function pieces_of(body: string, origin: string): Piece[] {
  const pieces: Piece[] = []
  let at = 0
  for (const found of body.matchAll(k_url)) {
    const url = found[0].replace(/[.,;:!?]+$/, '')
    const href = own_path(url, origin)
    if (href === null) continue
    if (found.index > at) pieces.push({ text: body.slice(at, found.index) })
    pieces.push({ text: url, href })
    at = found.index + url.length
  }
  if (at < body.length) pieces.push({ text: body.slice(at) })
  return pieces
}

/** The path of an address on this host, or null. */
function own_path(url: string, origin: string): string | null {
  try {
    const there = new URL(url)
    return there.hostname === new URL(origin).hostname && there.port === new URL(origin).port
      ? there.pathname + there.search + there.hash
      : null
  } catch {
    return null
  }
}
