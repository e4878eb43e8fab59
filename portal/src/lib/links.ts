/** The page that shows what an address of the API is about; what has no page of its own yet leads to the notices. */
export function pageOf(href: string): string {
  const [, kind, id] = /^\/api\/(cases|catalogue|needs|grants)\/([^/?#]+)/.exec(href) ?? [];
  return kind && id ? `/${kind}/${id}` : '/notices';
}

/** A path of this site; anything else leads to the first page. */
export function ownPath(path: unknown): string {
  return typeof path === 'string' && /^\/(?![/\\])/.test(path) ? path : '/';
}
