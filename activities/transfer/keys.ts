import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Side } from '../../domain/delivery-failure.ts';
import type { Columns } from '../../sources/columns.ts';
import type { RowQuery } from '../../sources/granted-sql.ts';
import { quoted } from '../../sources/scope-sql.ts';
import type { Words } from '../../sources/words.ts';
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

const INTEGERS = new Set(['int2', 'int4', 'int8']);

function numberOf(words: Words, keyed: Keyed, own: boolean): string {
  const [only, ...others] = keyed.key;
  const isInteger = only !== undefined && others.length === 0 && INTEGERS.has(keyed.columns.get(only)?.baseType ?? '');
  return words.numberOf(keyText(words, keyed), own, isInteger ? quoted(only) : undefined);
}

/** In so many parts keys are held against each other, so that only those are read that differ. */
const PARTS = 4_096;

/** In which part a key is, by the number that is made of it. */
function partOf(number: string): string {
  return `mod(${number}, ${PARTS})`;
}

export interface KeySums {
  readonly rows: number;
  /** Of each part that has keys, what tells sets of keys apart but for one chance in 2^60: their count and a sum. */
  readonly parts: ReadonlyMap<string, string>;
}

/** What is to be known of all keys. `own`: as the database does it quickest, which another need not come to. */
export async function sumsOfKeys(session: Session, keyed: Keyed, own: boolean): Promise<KeySums> {
  const { words } = session.dialect;
  const text = (expression: string): string => words.text(expression, undefined);
  const number = numberOf(words, keyed, own);
  const found = await session.rows<{ part: string; rows: string; sum: string }>(
    `select ${text(partOf(number))} as "part", ${text('count(*)')} as "rows", ${text(`sum(${number})`)} as "sum"
       ${keyed.rows} group by ${partOf(number)}`,
  );
  return {
    rows: found.reduce((sum, { rows }) => sum + Number(rows), 0),
    parts: new Map(found.map(({ part, rows, sum }) => [part, `${rows} ${sum}`])),
  };
}

/** The parts whose keys are not the same on both sides. */
export function partsApart(one: KeySums, other: KeySums): string[] {
  const parts = new Set([...one.parts.keys(), ...other.parts.keys()]);
  return [...parts].filter((part) => one.parts.get(part) !== other.parts.get(part));
}

/** The keys of some parts; in the order of the key where there are so many of them that this matters. */
export function keysOf(
  { dialect: { words } }: Session,
  keyed: Keyed,
  own: boolean,
  parts: readonly string[],
): RowQuery {
  const text = keyText(words, keyed);
  if (parts.length > PARTS / 2) {
    const order = keyed.key.map((id) => words.inOrder(quoted(id), keyed.columns.get(id))).join(', ');
    return { sql: `select ${text} ${keyed.rows} order by ${order}`, types: ['text'] };
  }
  const of = `select ${text} as "key", ${partOf(numberOf(words, keyed, own))} as "part" ${keyed.rows}`;
  return { sql: `select "key" from (${of}) as k where "part" in (${parts.join(', ')})`, types: ['text'] };
}

/**
 * Streams the keys of both sides against each other. Many come in the same order, which need not be known: what one side has
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
