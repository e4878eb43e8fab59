import type { Field } from './fields.ts';
import type { Cell, Row } from './rows.ts';

/**
 * JSON Lines: one object a line, UTF-8, lines end with LF. Numbers keep every digit that the source has, as JSON allows;
 * what is no number there (`NaN`, `Infinity`) is written as text. Dates and times are text.
 */
export async function* jsonBytes(
  batches: AsyncIterable<readonly Row[]>,
  fields: readonly Field[],
): AsyncGenerator<Uint8Array> {
  const keys = fields.map(({ name }, index) => `${index === 0 ? '{' : ','}${JSON.stringify(name)}:`);
  for await (const batch of batches) {
    let text = '';
    for (const row of batch) {
      fields.forEach((field, index) => (text += keys[index] + literal(row[index] ?? null, field)));
      text += '}\n';
    }
    yield Buffer.from(text, 'utf8');
  }
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

function literal(value: Cell, { kind }: Field): string {
  if (value === null) return 'null';
  switch (kind) {
    case 'int32':
    case 'int64':
    case 'decimal':
    case 'float':
      return NUMBER.test(value) ? value : JSON.stringify(value);
    case 'boolean':
      return value === 't' ? 'true' : 'false';
    case 'date':
    case 'text':
    case 'timestamp':
    case 'timestamptz':
      return JSON.stringify(value);
  }
}
