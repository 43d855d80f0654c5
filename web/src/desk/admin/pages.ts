// Which pages of administration a role has.
import type { Schemas } from '@/shared/api/client'

type Role = Schemas['Role']
interface AdminLink {
  to: string
  text: string
}

const page = (to: string, name: string): AdminLink => ({
  to: `/desk/${to}`,
  text: `manage.nav.${name}`,
})
const k_staff = page('staff', 'staff')
const k_texts = page('admin/texts', 'texts')
const k_retention = page('admin/retention', 'retention')

export function admin_pages(role: Role | undefined): AdminLink[] {
  if (role === 'security_administrator') return [k_staff, k_retention]
  if (role === 'audit_administrator')
    return [{ to: '/desk/audit', text: 'desk.nav.audit' }, k_retention]
  if (role === 'rules_editor') return [k_texts]
  if (role !== 'administrator') return []
  return [
    k_staff,
    page('admin/products', 'products'),
    page('admin/connections', 'connections'),
    page('admin/settings', 'settings'),
    k_texts,
    page('admin/calendar', 'calendar'),
    page('admin/announcements', 'announcements'),
    page('admin/jobs', 'jobs'),
    k_retention,
  ]
}
