// Getting a picture ready on the device: what the server takes is sent as it is; what is too large or
// of a kind only this device can read (HEIC on many phones) is drawn upright and sent as JPEG.
const k_taken = ['image/jpeg', 'image/png', 'image/webp']
const k_send_as_is_bytes = 4 * 1024 * 1024
const k_aim_bytes = 2 * 1024 * 1024
const k_longest_side = 4000
const k_qualities = [0.92, 0.85, 0.75, 0.6]

export class UnreadableImage extends Error {}

/** The size to draw at: the same shape, no side longer than `longest`. */
export function fit(width: number, height: number, longest: number) {
  const scale = Math.min(1, longest / Math.max(width, height))
  return { width: Math.round(width * scale), height: Math.round(height * scale) }
}

export function sent_as_is(file: { type: string; size: number }): boolean {
  return k_taken.includes(file.type) && file.size <= k_send_as_is_bytes
}

const to_blob = (canvas: HTMLCanvasElement, quality: number) =>
  new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', quality))

async function draw(file: Blob, longest: number): Promise<HTMLCanvasElement> {
  let bitmap: ImageBitmap
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' })
  } catch {
    throw new UnreadableImage()
  }
  const canvas = document.createElement('canvas')
  const size = fit(bitmap.width, bitmap.height, longest)
  canvas.width = size.width
  canvas.height = size.height
  const context = canvas.getContext('2d')
  if (!context) throw new UnreadableImage()
  context.drawImage(bitmap, 0, 0, size.width, size.height)
  bitmap.close()
  return canvas
}

/** What to send for a chosen file. Throws `UnreadableImage` where this device cannot open it. */
export async function prepare_image(file: File): Promise<Blob> {
  if (sent_as_is(file)) return file
  let smallest: Blob | null = null
  for (const longest of [k_longest_side, k_longest_side / 2]) {
    const canvas = await draw(file, longest)
    for (const quality of k_qualities) {
      const blob = await to_blob(canvas, quality)
      if (!blob) throw new UnreadableImage()
      smallest = blob
      if (blob.size <= k_aim_bytes) return blob
    }
  }
  return smallest!
}
