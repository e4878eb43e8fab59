import { createHmac } from 'node:crypto';
import type { Knex } from 'knex';
import { isOnTable, type TableEntry } from '../../domain/catalogue.ts';
import type { AddressGuard } from '../../notices/addresses.ts';
import { checkReconciliation, type Side } from '../../domain/reconciliation/spec.ts';
import { type Reader, reading } from '../../sources/connect.ts';
import { findEntry } from '../../store/catalogue.ts';
import { connectionOf } from '../../store/data-sources.ts';
import { keepDifferences } from '../../store/reconciliation-differences.ts';
import { endRun, noteRun, type Reconciliation } from '../../store/reconciliations.ts';
import { compared, type Readers, type SoundEntries } from './compare.ts';
import { explainAll, type Place } from './explain.ts';
import { keptOf } from './kept.ts';
import { RUN_LIMITS, RunRefused, sided } from './refused.ts';

interface Running {
  readonly db: Knex;
  readonly secretKey: Uint8Array;
  /** Of databases whose addresses departments have named. */
  readonly sourceGuard: AddressGuard;
  /** Ends it before its time. */
  readonly stop: AbortSignal;
}

/**
 * Reads both sources in the order of their keys, once, and keeps what differs: all of it, in one transaction, or nothing.
 * @throws {RunRefused}
 */
export async function runReconciliation(
  { db, secretKey, sourceGuard, stop }: Running,
  one: Reconciliation,
  taker: string,
): Promise<void> {
  const entries = await soundEntries(db, one);
  const open = async ({ mount }: TableEntry): Promise<Place> => {
    const { url, isTrusted } = await connectionOf(db, mount.sourceId, secretKey);
    if (url.startsWith('mysql:')) throw new RunRefused('KindNotReconciled');
    return { url, ...(isTrusted ? {} : { guard: sourceGuard }) };
  };
  const places = { left: await open(entries.left), right: await open(entries.right) };
  const salt = createHmac('sha256', secretKey).update(`reconciliation ${one.id}`).digest('hex');
  const taken = { id: one.id, taker };
  const run = one.run + 1;
  const until = Date.now() + RUN_LIMITS.wholeMs;

  const step = async (rows: number): Promise<void> => {
    stop.throwIfAborted();
    if (Date.now() > until) throw new RunRefused('RunTooLong');
    // A database that is away is found out at the end; one that answers knows whether another has taken over.
    const isMine = await noteRun(db, taken, rows).catch(() => true);
    if (!isMine) throw new RunRefused('TakenOver');
  };
  const found = await onBoth(places, (readers) => compared({ readers, entries, spec: one.spec, salt, step }));
  const rows = found.differences.map((difference) => keptOf(difference, { one, entries, secretKey }));
  const explained = await explainAll(rows, { spec: one.spec, explaining: entries.explaining, open });
  await db.transaction(async (trx) => {
    await keepDifferences(trx, { id: one.id, run, startedAt: one.startedAt ?? new Date() }, explained);
    await endRun(trx, taken, { run, counts: found.counts });
  });
}

/** What was sound when it was asked for may have been withheld, withdrawn or changed since. */
async function soundEntries(db: Knex, { spec, ...providers }: Reconciliation): Promise<SoundEntries> {
  const { left: one, right: other, explainedBy } = spec;
  const [left, right, explaining] = await Promise.all([
    findEntry(db, one.entryId),
    findEntry(db, other.entryId),
    explainedBy ? findEntry(db, explainedBy.entryId) : undefined,
  ]);
  const isSound = checkReconciliation(spec, { left, right, explaining }).length === 0;
  if (!left || !right || !isSound || !isOnTable(left) || !isOnTable(right)) throw new RunRefused('NoLongerSound');
  if (left.provider !== providers.left || right.provider !== providers.right) throw new RunRefused('NoLongerSound');
  return { left, right, ...(explaining && isOnTable(explaining) ? { explaining } : {}) };
}

/** Opens both sources. What fails within a source is told with its side. */
async function onBoth<T>(
  { left, right }: Readonly<Record<Side, Place>>,
  work: (readers: Readers) => Promise<T>,
): Promise<T> {
  const read = <R>({ url, ...guarded }: Place, then: (reader: Reader) => Promise<R>): Promise<R> =>
    reading(url, { ...RUN_LIMITS, ...guarded }, then);
  return sided('left', () =>
    read(left, (leftReader) =>
      sided('right', () => read(right, (rightReader) => work({ left: leftReader, right: rightReader }))),
    ),
  );
}
