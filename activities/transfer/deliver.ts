import pg from 'pg';
import type { TableEntry } from '../../domain/catalogue.ts';
import type { Grant, Manifest } from '../../domain/grant.ts';
import { maskOf, undermasked } from '../../domain/sharing.ts';
import { checkColumns, type Column, columnsOf } from './columns.ts';
import type { DataSource, Session } from './connector.ts';
import { type Moved, moveRows, type Progress } from './copy.ts';
import { TransferFailure } from './failures.ts';
import { deliverySelect, itemsRead } from './select.ts';
import * as received from './target-table.ts';

/** A delivery to be made. The policies were asked by whoever gives the order; what they answered goes into the manifest. */
export interface DeliveryOrder extends SourceOrder {
  readonly target: DataSource;
}

/** What is to be delivered, wherever to. */
export interface SourceOrder {
  readonly deliveryId: string;
  readonly grant: Grant;
  readonly entry: TableEntry;
  readonly source: DataSource;
  readonly policyVersion: string;
  readonly policyLine: string;
  readonly now: () => Date;
  /** `rowsExpected` is the planner's estimate. */
  readonly onProgress?: (progress: Progress & { readonly rowsExpected: number }) => void;
  /** Stops the delivery: both connections are cut, the target rolls back, the failure is Cancelled. */
  readonly signal?: AbortSignal;
  /** How long locks are waited for: the source's table once, readers of an earlier delivery as often as it says. */
  readonly patience?: received.Patience;
}

const PATIENCE: received.Patience = { tries: 3, timeoutMs: 2_000 };
/** Random reads are priced as on a solid disk, so that an index on the key is walked rather than the table sorted. */
const SOURCE_PLANNER = "set local random_page_cost = 1.1; set local work_mem = '64MB'; set local jit = off";

/**
 * Moves what a grant allows from the provider's database into a table of the requester's, in one transaction there: the
 * rows, the switch and the record of the delivery appear together or not at all. A delivery that is already there is not
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
  const moved = await withSession(order.source, order, (source) => move(source, target, order));
  const manifest = manifestOf(order, moved, startedAt);
  await received.recordDelivery(target, manifest);
  await received.switchIn(target, table, order.patience ?? PATIENCE);
  await target.run('commit');
  return manifest;
}

/** One snapshot of the source, and a lock that keeps its columns as they were checked until the last row has left. */
async function move(source: Session, target: Session, order: DeliveryOrder): Promise<Moved> {
  const { grant, entry, deliveryId, onProgress } = order;
  const { columns, select, rowsExpected } = await readySource(source, order);
  await received.createStaging(target, { grant, entry, deliveryId, columns });
  const out = source.copyOut(`copy (${select}) to stdout with (format text)`);
  const into = target.copyIn(received.stagingCopy(grant));
  return moveRows(out, into, onProgress && ((progress) => onProgress({ ...progress, rowsExpected })));
}

export interface Readied {
  readonly columns: ReadonlyMap<string, Column>;
  /** The one query of the delivery. */
  readonly select: string;
  /** The planner's estimate. */
  readonly rowsExpected: number;
}

/** One snapshot, with the table's columns locked and held against the catalogue, and what to ask of it. */
export async function readySource(
  source: Session,
  { grant, entry, patience = PATIENCE }: SourceOrder,
): Promise<Readied> {
  const table = `${pg.escapeIdentifier(entry.mount.schema)}.${pg.escapeIdentifier(entry.mount.table)}`;
  await source.run(
    `begin isolation level repeatable read read only; set local lock_timeout = ${patience.timeoutMs};
     ${SOURCE_PLANNER}; lock table ${table} in access share mode`,
  );
  const columns = await columnsOf(source, entry.mount);
  checkColumns(columns, itemsRead(grant, entry), entry);
  const select = deliverySelect(grant, entry, columns);
  return { columns, select, rowsExpected: await expectedRows(source, select) };
}

interface Explained {
  readonly 'QUERY PLAN': readonly { readonly Plan: { readonly 'Plan Rows': number } }[];
}

async function expectedRows(source: Session, select: string): Promise<number> {
  const [explained] = await source.rows<Explained>(`explain (format json) ${select}`);
  return explained?.['QUERY PLAN'][0]?.Plan['Plan Rows'] ?? 0;
}

function manifestOf(order: DeliveryOrder, moved: Moved, startedAt: string): Manifest {
  const { grant, target } = order;
  return {
    ...termsOf(order, moved, startedAt),
    target: { sourceId: target.sourceId, schema: received.RECEIVED, table: received.targetTableOf(grant) },
  };
}

/** What a manifest says wherever the rows went. */
export function termsOf(order: SourceOrder, moved: Moved, startedAt: string): Omit<Manifest, 'target'> {
  const { grant, entry, deliveryId, source, policyVersion, policyLine } = order;
  return {
    deliveryId,
    grantId: grant.id,
    caseId: grant.caseId,
    entryId: grant.entryId,
    entryVersion: grant.entryVersion,
    items: grant.items,
    rowScope: grant.rowScope,
    masks: Object.fromEntries(grant.items.map((id) => [id, maskOf(grant, entry, id)])),
    rows: moved.rows,
    bytes: moved.bytes,
    sha256: moved.sha256,
    policyVersion,
    policyLine,
    source: { sourceId: source.sourceId, schema: entry.mount.schema, table: entry.mount.table },
    startedAt,
    endedAt: order.now().toISOString(),
  };
}

/**
 * What the policies cannot see: that order, grant and entry belong together, and that nothing leaves less masked than
 * the entry allows. Throws SharingRefused.
 */
export function requireSound({ grant, entry, source }: SourceOrder): void {
  const known = new Set(entry.items.map(({ id }) => id));
  const unknown = grant.items.filter((id) => !known.has(id));
  const bare = undermasked(grant, entry);
  const why =
    (grant.entryId !== entry.id || grant.entryVersion !== entry.version ? 'OtherVersion' : undefined) ??
    (source.sourceId !== entry.mount.sourceId ? 'OtherSource' : undefined) ??
    (grant.items.length === 0 || unknown.length > 0 ? 'ItemsOutside' : undefined) ??
    (bare.length > 0 ? 'MasksDiffer' : undefined);
  if (why !== undefined) throw new TransferFailure('SharingRefused', { why, items: [...unknown, ...bare].join(', ') });
}

export async function withSession<T>(
  place: DataSource,
  { deliveryId, signal }: SourceOrder,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await place.open(`santong ${deliveryId}`, signal);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}
