// Files that people and attackers send where a photograph is asked for.
import { crc32, deflateSync } from 'node:zlib'

export function bytes(...parts: (Uint8Array | string)[]): Blob {
  return new Blob(parts.map((part) => (typeof part === 'string' ? part : new Uint8Array(part))), { type: 'image/jpeg' })
}

// A web page of that size which says in its first bytes what it is, or only after a JPEG's mark.
export function webPage(size: number, mark = ''): Blob {
  const page = `${mark}<!doctype html><html><script>alert(document.cookie)</script>`
  return bytes(Buffer.from(mark, 'latin1'), page.slice(mark.length), ' '.repeat(size - page.length))
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(data.length, 0)
  frame.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
}

// A PNG whose header claims that size; its data are a few grey lines.
export function png(width: number, height: number): Blob {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 0, 0, 0, 0], 8)
  const data = deflateSync(Buffer.alloc(Math.min(height, 200) * (width + 1), 0))
  const mark = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return bytes(mark, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0)))
}

export function heic(): Blob {
  const box = Buffer.alloc(24)
  box.writeUInt32BE(24, 0)
  box.write('ftypheic', 4, 'latin1')
  box.write('mif1heic', 16, 'latin1')
  return bytes(box, Buffer.alloc(4000))
}

// The same JPEG as a phone would have written it: with its maker, its owner and a GPS position in EXIF.
export async function tracked(jpeg: Blob): Promise<{ photo: Blob; traces: string[] }> {
  const traces = ['FakePhone', 'Owner of the phone']
  const entry = (tag: number, type: number, count: number, value: number) => {
    const e = Buffer.alloc(12)
    e.writeUInt16LE(tag, 0)
    e.writeUInt16LE(type, 2)
    e.writeUInt32LE(count, 4)
    e.writeUInt32LE(value, 8)
    return e
  }
  const texts = traces.map((text) => Buffer.from(`${text}\0`, 'latin1'))
  const first = 8 + 2 + 3 * 12 + 4
  const gps = first + texts[0]!.length + texts[1]!.length
  const position = gps + 2 + 2 * 12 + 4
  const head = Buffer.from([0x49, 0x49, 42, 0, 8, 0, 0, 0, 3, 0])
  const degrees = Buffer.alloc(24)
  ;[30, 1, 15, 1, 7, 1].forEach((n, i) => degrees.writeUInt32LE(n, i * 4))
  const tiff = Buffer.concat([
    head,
    entry(0x010f, 2, texts[0]!.length, first),
    entry(0x013b, 2, texts[1]!.length, first + texts[0]!.length),
    entry(0x8825, 4, 1, gps),
    Buffer.alloc(4),
    ...texts,
    Buffer.from([2, 0]),
    entry(1, 2, 2, 0x4e),
    entry(2, 5, 3, position),
    Buffer.alloc(4),
    degrees,
  ])
  const length = Buffer.alloc(2)
  length.writeUInt16BE(tiff.length + 8)
  const original = Buffer.from(await jpeg.arrayBuffer())
  return {
    photo: bytes(original.subarray(0, 2), Buffer.from([0xff, 0xe1]), length, Buffer.from('Exif\0\0', 'latin1'), tiff, original.subarray(2)),
    traces,
  }
}

// The marks of a JPEG's segments, up to its data.
export function segments(jpeg: Buffer): number[] {
  const found: number[] = []
  for (let at = 2; at + 4 <= jpeg.length && jpeg[at] === 0xff; at += 2 + jpeg.readUInt16BE(at + 2)) {
    found.push(jpeg[at + 1]!)
    if (jpeg[at + 1] === 0xda) break
  }
  return found
}
