/** A value as PostgreSQL writes it under the canonical settings; null is NULL. */
export type Cell = string | null;
export type Row = readonly Cell[];

const NEWLINE = 10;

/**
 * Rows out of COPY's text format, in batches as large as what arrives. A newline byte ends a row and nothing else, so that
 * only whole rows are decoded: a chunk may end within a character.
 */
export async function* rowsOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Row[]> {
  let rest: Buffer[] = [];
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(NEWLINE);
    if (end < 0) {
      rest.push(chunk);
      continue;
    }
    const whole = Buffer.concat([...rest, chunk.subarray(0, end)]).toString('utf8');
    rest = [chunk.subarray(end + 1)];
    yield whole.split('\n').map((line) => line.split('\t').map(cellOf));
  }
}

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

function cellOf(text: string): Cell {
  if (!text.includes('\\')) return text;
  if (text === '\\N') return null;
  return text.replaceAll(/\\(.)/gs, (_, escaped: string) => ESCAPES[escaped] ?? escaped);
}
