import type { RowQuery } from '../../sources/granted-sql.ts';
import type { Words } from '../../sources/words.ts';
import type { Columns } from '../../sources/columns.ts';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Side } from '../../domain/delivery-failure.ts';
import { quoted } from '../../sources/scope-sql.ts';
import type { CopyIn, CopyOut, Session } from './connector.ts';
import { failureOf } from './failures.ts';

/** Which keys only one of two tables has, each as a line of the canonical form. */
export interface KeyDifference {
  readonly onlySource: ReadonlySet<string>;
  readonly onlyTarget: ReadonlySet<string>;
}

/** More differences than these are not worth merging, nor holding in memory. */
const MOST = 500_000;

/** Of what the keys are taken: the key's columns, where they are, and a clause from which they come, as `s`. */
export interface Keyed {
  readonly key: readonly string[];
  readonly columns: Columns;
  readonly rows: string;
}

/** A key as one text, the same in every database. Parts are never null. */
function keyText({ text, literal }: Words, { key, columns }: Keyed): string {
  return key.map((id) => text(quoted(id), columns.get(id))).join(` || ${literal('\u001f')} || `);
}

/** The keys in the order of the key. */
export function keysOf({ dialect: { words } }: Session, keyed: Keyed): RowQuery {
  const order = keyed.key.map((id) => words.inOrder(quoted(id), keyed.columns.get(id))).join(', ');
  return { sql: `select ${keyText(words, keyed)} ${keyed.rows} order by ${order}`, types: ['text'] };
}

export interface KeySum {
  readonly rows: number;
  readonly sum: string;
}

/**
 * How many rows there are, and a sum over their keys that tells sets of keys apart but for one chance in 2^60. `own`: as the
 * database does it quickest, which another need not come to.
 */
export async function sumOfKeys(session: Session, keyed: Keyed, own: boolean): Promise<KeySum> {
  const { words } = session.dialect;
  const [found] = await session.rows<{ rows: string; sum: string }>(
    `select ${words.text('count(*)', undefined)} as "rows", ${words.sumOf(keyText(words, keyed), own)} as "sum" ${keyed.rows}`,
  );
  if (!found) throw new Error('An aggregate has one row');
  return { rows: Number(found.rows), sum: found.sum };
}

/**
 * Streams the keys of both sides against each other. They come in the same order, which need not be known: what one side has
 * ahead of the other waits until the other has it too, and what waits at the end has no counterpart. Undefined: more
 * differences than are worth merging. Rejects with a TransferFailure.
 */
export async function differenceOf(source: CopyOut, target: CopyOut): Promise<KeyDifference | undefined> {
  const sides = [sideOf(source, 'source'), sideOf(target, 'target')] as const;
  const [onlySource, onlyTarget] = [new Set<string>(), new Set<string>()];
  try {
    for (;;) {
      const behind = sides[0].isOver || (!sides[1].isOver && sides[1].seen < sides[0].seen) ? 1 : 0;
      if (sides[behind].isOver) return { onlySource, onlyTarget };
      const [mine, others] = behind === 0 ? [onlySource, onlyTarget] : [onlyTarget, onlySource];
      for (const line of await sides[behind].next()) if (!others.delete(line)) mine.add(line);
      if (onlySource.size + onlyTarget.size > MOST) return undefined;
    }
  } finally {
    source.destroy();
    target.destroy();
  }
}

/** The lines, as many at a time as came together. Read as single bytes: nobody looks into them. */
function sideOf(out: CopyOut, side: Side) {
  // It says that its connection is lost without ending by itself, maybe while the other side is read: who asks next is told.
  out.on('error', (error) => out.destroy(error));
  const chunks = out[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let rest = '';
  const one = {
    seen: 0,
    isOver: false,
    async next(): Promise<string[]> {
      try {
        const { done, value } = await chunks.next();
        if (done === true) {
          one.isOver = true;
          return [];
        }
        const lines = (rest + value.toString('latin1')).split('\n');
        rest = lines.pop() ?? '';
        one.seen += lines.length;
        return lines;
      } catch (error) {
        throw failureOf(error, side);
      }
    },
  };
  return one;
}

/** Writes keys as they were read. Rejects with a failure of the target. */
export async function writeKeys(keys: ReadonlySet<string>, into: CopyIn): Promise<void> {
  const lines = function* () {
    for (const key of keys) yield Buffer.from(`${key}\n`, 'latin1');
  };
  try {
    await pipeline(Readable.from(lines()), into);
  } catch (error) {
    throw failureOf(error, 'target');
  }
}
