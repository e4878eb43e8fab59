import { setTimeout } from 'node:timers/promises';
import type { Changes, Manifest, Mark } from '../../domain/grant.ts';
import type { DataSource, Session } from './connector.ts';
import { type Moved, moveRows } from './copy.ts';
import { TransferFailure } from './failures.ts';
import { baseOf, changedSince, increment, markOf } from './increment.ts';
import { deliverySelect } from '../../sources/granted-sql.ts';
import {
  type Circumstances,
  PATIENCE,
  type Readied,
  readingSource,
  readyColumns,
  requireSound,
  type SourceOrder,
  termsOf,
  withSession,
} from './source-side.ts';

/** A delivery into a table. */
export interface DeliveryOrder extends SourceOrder {
  readonly target: DataSource;
  /** The whole set, also where an increment would do. */
  readonly isWhole?: boolean;
}

/**
 * Moves what a grant allows from the provider's database into a table of the requester's, in one transaction there: the
 * rows, the switch and the record of the delivery appear together or not at all. Where an earlier delivery can be gone on
 * from, what changed since is merged into it instead of everything being moved again. A delivery that is already there is not
 * made again: its manifest is returned. Rejects with a TransferFailure.
 */
export async function deliver(order: DeliveryOrder): Promise<Manifest> {
  requireSound(order);
  try {
    return await withSession(order.target, order, (target) => deliverInto(target, order));
  } catch (error) {
    if (order.signal?.aborted === true) throw new TransferFailure('Cancelled', {}, error);
    throw error;
  }
}

async function deliverInto(target: Session, order: DeliveryOrder): Promise<Manifest> {
  const { receiving } = target.dialect;
  const table = receiving.tableOf(order.grant);
  await receiving.ensure(target);
  await receiving.claim(target, table);
  try {
    return await deliverClaimed(target, order, table);
  } catch (error) {
    if (receiving.leavesStaging) {
      // What it claimed ends with it.
      target.abort();
      await clear(order, table);
    }
    throw error;
  }
}

async function deliverClaimed(target: Session, order: DeliveryOrder, table: string): Promise<Manifest> {
  const { receiving } = target.dialect;
  const startedAt = order.now().toISOString();
  const stored = await receiving.manifestOf(target, order.deliveryId);
  if (stored !== undefined) {
    await receiving.release(target, table);
    return stored;
  }
  const previous = await order.previous();
  const latest = order.isWhole === true ? undefined : await receiving.latest(target, table);
  const base = baseOf(latest?.manifest, order);
  const moving = (source: Session): Promise<Made> => move({ source, target }, order, base);
  const made = await readingSource(order, moving);
  const place = { sourceId: order.target.sourceId, schema: await receiving.schemaOf(target), table };
  const manifest = { ...manifestOf(order, made, { previous, startedAt }), target: place };
  await receiving.complete(target, manifest, order.patience ?? PATIENCE);
  return manifest;
}

const CLEAR_TRIES = 5;
const CLEAR_AGAIN_MS = 300;

/**
 * Whoever claims a table clears what is left in it. The session that failed may hold it for a moment; where the target does not
 * answer, the next delivery clears it.
 */
async function clear({ target, deliveryId }: DeliveryOrder, table: string): Promise<void> {
  for (let left = CLEAR_TRIES; left > 0; left--) {
    try {
      const session = await target.open(`santong ${deliveryId}`);
      try {
        return await session.dialect.receiving.claim(session, table);
      } finally {
        await session.close();
      }
    } catch (error) {
      if (!(error instanceof TransferFailure) || error.code !== 'TargetInUse') return;
      await setTimeout(CLEAR_AGAIN_MS);
    }
  }
}

interface Sides {
  readonly source: Session;
  readonly target: Session;
}

interface Made {
  readonly moved: Moved;
  readonly mark?: Mark;
  /** Absent: the whole set waits in the staging table. */
  readonly changes?: Changes;
}

/** One snapshot of the source, and a lock that keeps its columns as they were checked until the last row has left. */
async function move(sides: Sides, order: DeliveryOrder, base: Manifest | undefined): Promise<Made> {
  const { source, target } = sides;
  const { grant, entry } = order;
  const columns = await readyColumns(source, order);
  const granted = { grant, entry, columns };
  const { words } = source.dialect;
  const mark = await markOf(source, entry, columns);
  if (mark && base?.mark) {
    const select = deliverySelect(words, granted, [changedSince(source, base.mark, columns)]);
    const made = await target.dialect.receiving.attempt(target, () =>
      increment(sides, { ...granted, base }, () => stage(sides, order, { columns, select })),
    );
    if (made) return { ...made, mark: { ...mark, from: base.mark.to } };
  }
  const moved = await stage(sides, order, { columns, select: deliverySelect(words, granted) });
  return { moved, ...(mark ? { mark } : {}) };
}

type Read = Pick<Readied, 'columns' | 'select'>;

/** Moves what a query gives into a new staging table. */
async function stage({ source, target }: Sides, order: DeliveryOrder, { columns, select }: Read): Promise<Moved> {
  const { grant, entry, deliveryId, onProgress } = order;
  const into = await target.dialect.receiving.createStaging(target, { grant, entry, deliveryId, columns });
  const rowsExpected = await source.dialect.reading.estimate(source, select.sql);
  return moveRows(
    source.copyOut(select),
    target.copyIn(into),
    onProgress && ((progress) => onProgress({ ...progress, rowsExpected })),
  );
}

function manifestOf(
  order: DeliveryOrder,
  { moved, mark, changes }: Made,
  made: Circumstances,
): Omit<Manifest, 'target'> {
  return { ...termsOf(order, moved, made), ...(mark ? { mark } : {}), ...(changes ? { changes } : {}) };
}
