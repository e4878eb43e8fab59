import { createHash } from 'node:crypto';

/** The characters that PostgreSQL's COPY writes with a backslash in its text format. */
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

/**
 * Bytes and SHA-256 of rows in the canonical form of a manifest, written out again here rather than asked of COPY: fields
 * as PostgreSQL's own text of each value, tabs between them, `\N` for NULL, a newline after each row, UTF-8.
 */
export function digestOfRows(rows: Iterable<readonly (string | null)[]>): {
  readonly bytes: number;
  readonly sha256: string;
} {
  const hash = createHash('sha256');
  let bytes = 0;
  for (const row of rows) {
    const line = Buffer.from(`${row.map(fieldOf).join('\t')}\n`, 'utf8');
    hash.update(line);
    bytes += line.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

function fieldOf(value: string | null): string {
  if (value === null) return '\\N';
  return value.replace(/[\\\b\f\n\r\t\v]/g, (character) => ESCAPES[character] ?? character);
}
