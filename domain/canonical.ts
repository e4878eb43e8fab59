/**
 * The one text of a JSON value, whatever the order in which its members were written: RFC 8785 (JCS). Digests are taken
 * over it, so that two programs that hold the same value hold the same digest.
 * Members whose value is undefined are left out, as JSON.stringify does.
 * Throws a TypeError for what JSON cannot carry: NaN, infinities, bigint, functions, undefined in a list, and text with
 * half a surrogate pair, which UTF-8 cannot encode.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`Not a JSON number: ${value}`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object') {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `{${members.map(([name, member]) => `${text(name)}:${canonicalJson(member)}`).join(',')}}`;
  }
  throw new TypeError(`Not a JSON value: ${typeof value}`);
}

function text(value: string): string {
  if (/\p{Cs}/u.test(value)) throw new TypeError('Text with half a surrogate pair has no canonical form');
  return JSON.stringify(value);
}
