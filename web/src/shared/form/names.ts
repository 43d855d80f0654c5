// Names for a website, made from what its owner is called and says about it: never from a list, for
// a name that many were offered is a name that bureaus refuse.
import { characters } from './clean'
import { absolutePath, valueAt } from './paths'
import type { Content, Json } from './types'

const text = (value: Json | undefined) => (typeof value === 'string' ? value.trim() : '')
const FORMS =
  /(?:股份)?有限(?:责任)?公司$|集团$|公司$|\(.*?\)|（.*?）|分公司$|(?:特殊)?普通合伙|合伙企业|个体工商户|中心$|事务所$|商行$|工作室$|经营部$/g
const PLACES = /^(?:.{2,3}?(?:省|自治区))?(?:.{2,4}?市)?(?:.{1,4}?[区县])?/
const ABOUT =
  /^(?:本(?:网)?站|网站|主要|用于|用来|是|为|一个|个人|的|记录|分享|介绍|展示|发布|整理|收集|提供|自己|我|们|和|与|关于|一些|日常)+/

/** "浙江省杭州市示例科技有限公司" -> "示例科技" */
export function coreOf(name: string): string {
  const bare = name.replace(FORMS, '').replace(FORMS, '')
  const local = bare.replace(PLACES, '')
  return characters(local).length >= 2 ? local : bare
}

// What a remark speaks of: its first few words without the verbs before them.
function topicOf(remark: string): string {
  const first = remark.split(/[，。；、,.;\s]/).map((part) => part.replace(ABOUT, ''))
  const found = first.find((part) => /^[\u4e00-\u9fff]{2,}$/u.test(part)) ?? ''
  return [...found].slice(0, 6).join('')
}

/**
 * Up to four names for the website at `item` of which `good` says that nothing is wrong with them.
 * Empty where neither the owner's name nor a remark is there to make one from.
 */
export function proposeNames(
  content: Content,
  item: string,
  services: string[],
  good: (name: string) => boolean,
): string[] {
  const owner = text(valueAt(content, 'organiser.name'))
  const topic = topicOf(text(valueAt(content, absolutePath('.remark', item))))
  const now = text(valueAt(content, absolutePath('.name', item)))
  const person = valueAt(content, 'organiser.nature') === 5
  const made: string[] = []
  if (person) {
    const [surname = '', ...given] = [...owner]
    if (topic) {
      made.push(`${surname}氏${topic}`, `${given.join('')}的${topic}`, `${surname}家${topic}手记`)
      made.push(`${topic}小记`)
    }
  } else if (owner) {
    const core = coreOf(owner)
    made.push(owner, core, `${core}官网`)
    if (topic && !core.includes(topic)) made.push(`${core}${topic}`)
    for (const service of services) made.push(`${core}${service}`)
  }
  const short = (name: string) => characters(name).length <= 30
  return [...new Set(made)].filter((name) => name !== now && short(name) && good(name)).slice(0, 4)
}
