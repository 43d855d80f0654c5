// A first look at a picture on the device, before it is sent: size, sharpness, light. The server looks
// again with more patience; this only saves a round trip. What cannot be read here is no finding.
export type QuickFinding = 'small' | 'blurred' | 'dark' | 'bright'

const k_side = 480
const k_least_side = 800
const k_dark = 55
const k_bright = 246
// Even the darkest hundredth is paler: print has faded. White paper with dark print is no fault.
const k_faded = 205
// Widest share of contrast that one step takes at strong edges; a blurred picture spreads them.
const k_least_steepness = 0.16
const k_least_edges = 40

/** Of grey values row by row. Exported for its test. */
export function look_at(grey: Uint8ClampedArray, width: number, height: number): QuickFinding[] {
  const found: QuickFinding[] = []
  const histogram = new Uint32Array(256)
  for (const value of grey) histogram[value]!++
  const level_at = (share: number) => {
    let level = 0
    let seen = histogram[0]!
    while (level < 255 && seen < grey.length * share) seen += histogram[++level]!
    return level
  }
  const median = level_at(0.5)
  if (median < k_dark) found.push('dark')
  if (median > k_bright && level_at(0.01) > k_faded) found.push('bright')
  const steep = steepness(grey, width, height)
  if (steep !== null && steep < k_least_steepness) found.push('blurred')
  return found
}

/** How much of an edge's contrast its steepest step takes, at the sharpest tenth of strong edges. */
function steepness(grey: Uint8ClampedArray, width: number, height: number): number | null {
  const k_reach = 7
  const parts: number[] = []
  for (let y = 2; y < height - 2; y += 2)
    for (let x = k_reach; x < width - k_reach; x += 2) {
      const at = y * width + x
      let low = 255
      let high = 0
      for (let i = -k_reach; i <= k_reach; i++) {
        const value = grey[at + i]!
        if (value < low) low = value
        if (value > high) high = value
      }
      if (high - low < 60) continue
      parts.push(Math.abs(grey[at + 1]! - grey[at - 1]!) / 2 / (high - low))
    }
  if (parts.length < k_least_edges) return null
  parts.sort((one, other) => other - one)
  return parts[Math.floor(parts.length * 0.1)]!
}

export async function quick_check(file: Blob): Promise<QuickFinding[]> {
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' })
    const long = Math.max(bitmap.width, bitmap.height)
    const scale = Math.min(1, k_side / long)
    const canvas = document.createElement('canvas')
    canvas.width = Math.max(1, Math.round(bitmap.width * scale))
    canvas.height = Math.max(1, Math.round(bitmap.height * scale))
    const context = canvas.getContext('2d', { willReadFrequently: true })
    if (!context) return []
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
    bitmap.close()
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
    const grey = new Uint8ClampedArray(data.length / 4)
    for (let i = 0; i < grey.length; i++)
      grey[i] = 0.299 * data[4 * i]! + 0.587 * data[4 * i + 1]! + 0.114 * data[4 * i + 2]!
    return [
      ...(long < k_least_side ? (['small'] as const) : []),
      ...look_at(grey, canvas.width, canvas.height),
    ]
  } catch {
    return []
  }
}
