// The routes of api/openapi.yaml, read from the lines it is written in: two blanks a path, four a
// method, six what belongs to it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './platform.ts'

export interface ContractRoute {
  method: string
  path: string
  who: string
  roles: string[] // of staff; empty: whoever works on cases
  scope?: string
  multipart: boolean
  hasBody: boolean
}

export function contractRoutes(): ContractRoute[] {
  const routes: ContractRoute[] = []
  let path = ''
  let route: ContractRoute | undefined
  const text = readFileSync(join(root, 'api/openapi.yaml'), 'utf8')
  for (const line of text.slice(text.indexOf('\npaths:'), text.indexOf('\ncomponents:')).split('\n')) {
    const [, newPath] = /^ {2}(\/\S*):$/.exec(line) ?? []
    const [, method] = /^ {4}(get|post|put|patch|delete):$/.exec(line) ?? []
    if (newPath) path = newPath
    else if (method) routes.push((route = { method: method.toUpperCase(), path, who: '', roles: [], multipart: false, hasBody: false }))
    else if (route) {
      route.who = /^ {6}x-who: (\S+)/.exec(line)?.[1] ?? route.who
      route.roles = /^ {6}x-roles: \[(.*)\]/.exec(line)?.[1]?.split(', ') ?? route.roles
      route.scope = /^ {6}x-scope: (\S+)/.exec(line)?.[1] ?? route.scope
      if (/^ {6}requestBody:/.test(line)) route.hasBody = true
      if (line.includes('multipart/form-data')) route.multipart = true
    }
  }
  return routes
}

// The path with something in its holes that has the right shape.
export function filled(path: string, holes: Record<string, string> = {}): string {
  const usual: Record<string, string> = {
    id: '1', version: 'current', domain: 'example.cn', key: 's1', action: 'submit', material: '1', token: 'A'.repeat(43),
  }
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(holes[name] ?? usual[name] ?? '1'))
}
