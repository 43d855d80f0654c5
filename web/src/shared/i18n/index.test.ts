import { expect, it, vi } from 'vitest'
import { add_text_files, load_texts, locale, set_locale, t } from '.'

const stored = new Map<string, string>()
vi.stubGlobal('localStorage', {
  getItem: (key: string) => stored.get(key) ?? null,
  setItem: (key: string, value: string) => stored.set(key, value),
})

it('keeps the language chosen before its texts are there, and the last of two choices', async () => {
  let come = () => {}
  const texts = new Promise<{ default: object }>((resolve) => {
    come = () => resolve({ default: { greeting: 'Good morning' } })
  })
  add_text_files({
    './texts/zh-CN/greeting.json': () => Promise.resolve({ default: { greeting: '早上好' } }),
    './texts/en/greeting.json': () => texts,
  })
  await load_texts('greeting')

  const english = set_locale('en')
  expect(stored.get('beian.locale')).toBe('en')
  expect(t('greeting')).toBe('早上好')
  const chinese = set_locale('zh-CN')
  come()
  await Promise.all([english, chinese])
  expect([stored.get('beian.locale'), locale.value]).toEqual(['zh-CN', 'zh-CN'])

  await set_locale('en')
  expect(t('greeting')).toBe('Good morning')
})
