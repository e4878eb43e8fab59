/** The page that shows what an address of the API is about; what has no page of its own yet leads to the notices. */
export function pageOf(href: string): string {
  const [, kind, id] = /^\/api\/(cases|catalogue|needs|grants)\/([^/?#]+)/.exec(href) ?? [];
  return kind && id ? `/${kind}/${id}` : '/notices';
}
