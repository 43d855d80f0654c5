// Pictures on their way, each by itself: prepared, sent with its bytes counted, tried again alone.
import { onUnmounted, reactive } from 'vue'
import { Problem, type Schemas } from './api/client'
import { send_file, type Sending } from './api/upload'
import { prepare_image, UnreadableImage } from './images'
import { t } from './i18n'

type Material = Schemas['Material']

export interface Upload {
  key: number
  name: string
  state: 'preparing' | 'sending' | 'storing' | 'failed'
  sent: number
  total: number
  message: string
  fix: string
  file: File
}

let last_key = 0

/** What somebody gave instead of a picture that can be opened: the words differ. */
export function kind_of({ name, type }: { name: string; type: string }) {
  if (type === 'application/pdf' || /\.pdf$/i.test(name)) return 'pdf'
  if (/^image\/hei[cf]$/.test(type) || /\.hei[cf]$/i.test(name)) return 'heic'
  return type.startsWith('image/') ? 'picture' : 'other'
}

export function use_uploads(target: {
  path: () => string
  fields: () => Record<string, string>
  on_stored: (material: Material) => void
}) {
  const list = reactive<Upload[]>([])
  const running = new Map<number, Sending<Material>>()
  onUnmounted(() => running.forEach((one) => one.abort()))

  function forget(key: number): void {
    const at = list.findIndex((one) => one.key === key)
    if (at >= 0) list.splice(at, 1)
    running.get(key)?.abort()
    running.delete(key)
  }

  function explain(upload: Upload, error: unknown): void {
    upload.state = 'failed'
    upload.fix = ''
    if (error instanceof UnreadableImage) {
      const why = `materials.unreadable.${kind_of(upload.file)}`
      upload.message = t(`${why}.message`)
      upload.fix = t(`${why}.fix`)
    } else if (error instanceof Problem) {
      const [first] = error.problems
      upload.message = first?.message ?? (error.message !== error.code ? error.message : '')
      upload.message ||= t(`problem.${error.code}.title`)
      upload.fix = first?.fix ?? (error.detail || t(`problem.${error.code}.advice`))
    } else {
      upload.message = t('problem.internal.title')
      upload.fix = t('problem.internal.advice')
    }
  }

  async function run(upload: Upload): Promise<void> {
    upload.state = 'preparing'
    upload.message = ''
    upload.sent = 0
    try {
      const blob = await prepare_image(upload.file)
      upload.total = blob.size
      upload.state = 'sending'
      const form = new FormData()
      for (const [name, value] of Object.entries(target.fields())) form.append(name, value)
      form.append('file', blob, 'picture')
      const sending = send_file<Material>(target.path(), form, (sent, total) => {
        upload.sent = Math.round((sent / Math.max(1, total)) * upload.total)
        if (sent >= total) upload.state = 'storing'
      })
      running.set(upload.key, sending)
      const material = await sending.done
      forget(upload.key)
      target.on_stored(material)
    } catch (error) {
      if (!(error instanceof DOMException && error.name === 'AbortError')) explain(upload, error)
    }
  }

  function add(files: Iterable<File>): void {
    for (const file of files) {
      list.push({
        key: ++last_key,
        name: file.name,
        state: 'preparing',
        sent: 0,
        total: file.size,
        message: '',
        fix: '',
        file,
      })
      void run(list.at(-1)!)
    }
  }

  return { list, add, forget, again: (upload: Upload) => void run(upload) }
}
