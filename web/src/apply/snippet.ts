// What goes at the bottom centre of a filed home page: the number, linked to the ministry's system.
export const k_ministry = 'https://beian.miit.gov.cn/'

const k_escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

export function footer_snippet(number: string): string {
  const text = number.replace(/[&<>"]/g, (sign) => k_escapes[sign]!)
  return `<p style="text-align: center"><a href="${k_ministry}" target="_blank" rel="noopener">${text}</a></p>`
}
