import type { Changes, Manifest, Mark } from '../../domain/grant.ts';
import type { DataSource, Session } from './connector.ts';
import { type Moved, moveRows } from './copy.ts';
import { TransferFailure } from './failures.ts';
import { baseOf, changedSince, increment, markOf } from './increment.ts';
import { deliverySelect } from '../../sources/granted-sql.ts';
import {
  type Circumstances,
  expectedRows,
  PATIENCE,
  type Readied,
  readingSource,
  readyColumns,
  requireSound,
  type SourceOrder,
  termsOf,
  withSession,
} from './source-side.ts';
import * as received from './target-table.ts';

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
  const { deliveryId, grant } = order;
  const startedAt = order.now().toISOString();
  const table = received.targetTableOf(grant);
  await received.ensureReceived(target);
  await target.run('begin');
  await received.claimTable(target, table);
  const stored = await received.storedManifest(target, deliveryId);
  if (stored !== undefined) {
    await target.run('rollback');
    return stored;
  }
  const previous = await order.previous();
  const latest = order.isWhole === true ? undefined : await received.latestDelivery(target, table);
  const base = baseOf(latest?.manifest, order);
  const moving = (source: Session): Promise<Made> => move({ source, target }, order, base);
  const made = await readingSource(order, moving);
  const manifest = manifestOf(order, made, { previous, startedAt });
  await received.recordDelivery(target, manifest);
  if (made.changes === undefined) await received.switchIn(target, table, order.patience ?? PATIENCE);
  await target.commit();
  return manifest;
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
  const { grant, entry } = order;
  const columns = await readyColumns(sides.source, order);
  const mark = await markOf(sides.source, entry, columns);
  if (mark && base?.mark) {
    const select = deliverySelect(grant, entry, columns, [changedSince(base.mark, columns)]);
    const made = await orTakenBack(sides.target, () =>
      increment(sides, { grant, entry, columns, base }, () => stage(sides, order, { columns, select })),
    );
    if (made) return { ...made, mark: { ...mark, from: base.mark.to } };
  }
  const moved = await stage(sides, order, { columns, select: deliverySelect(grant, entry, columns) });
  return { moved, ...(mark ? { mark } : {}) };
}

/** What comes to nothing, as it does where keys are found not to be unique, leaves nothing in the transaction. */
async function orTakenBack<T>(target: Session, work: () => Promise<T | undefined>): Promise<T | undefined> {
  await target.run('savepoint increment');
  const made = await work().catch((error: unknown) => {
    if (error instanceof TransferFailure && isAmbiguous(error.cause)) return undefined;
    throw error;
  });
  if (made === undefined) await target.run('rollback to savepoint increment');
  return made;
}

/** Unique violation; a row that would be merged twice. */
function isAmbiguous(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && (cause.code === '23505' || cause.code === '21000');
}

type Read = Pick<Readied, 'columns' | 'select'>;

/** Moves what a query gives into a new staging table. */
async function stage({ source, target }: Sides, order: DeliveryOrder, { columns, select }: Read): Promise<Moved> {
  const { grant, entry, deliveryId, onProgress } = order;
  await received.createStaging(target, { grant, entry, deliveryId, columns });
  const rowsExpected = await expectedRows(source, select);
  const out = source.copyOut(`copy (${select}) to stdout with (format text)`);
  const into = target.copyIn(received.stagingCopy(grant));
  return moveRows(out, into, onProgress && ((progress) => onProgress({ ...progress, rowsExpected })));
}

function manifestOf(order: DeliveryOrder, { moved, mark, changes }: Made, made: Circumstances): Manifest {
  const { grant, target } = order;
  return {
    ...termsOf(order, moved, made),
    target: { sourceId: target.sourceId, schema: received.RECEIVED, table: received.targetTableOf(grant) },
    ...(mark ? { mark } : {}),
    ...(changes ? { changes } : {}),
  };
}
