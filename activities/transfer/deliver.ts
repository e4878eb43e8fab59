import pg from 'pg';
import type { TableEntry } from '../../domain/catalogue.ts';
import type { Changes, Grant, Manifest, Mark } from '../../domain/grant.ts';
import { undermasked } from '../../domain/sharing.ts';
import type { Pseudonyms } from '../../sources/pseudonyms.ts';
import { checkColumns, type Column, columnsOf } from './columns.ts';
import type { DataSource, Session, SessionSettings } from './connector.ts';
import { type Moved, moveRows, type Progress } from './copy.ts';
import { TransferFailure } from './failures.ts';
import { baseOf, changedSince, increment, markOf } from './increment.ts';
import { deliverySelect, itemsRead, masksOf } from './select.ts';
import * as received from './target-table.ts';

/** A delivery to be made. The policies were asked by whoever gives the order; what they answered goes into the manifest. */
export interface DeliveryOrder {
  readonly deliveryId: string;
  readonly grant: Grant;
  readonly entry: TableEntry;
  readonly source: DataSource;
  readonly target: DataSource;
  readonly policyVersion: string;
  readonly policyLine: string;
  /** Of the grant. */
  readonly pseudonyms: Pseudonyms;
  /**
   * The digest that the manifest holds of the one before it. Asked for once nothing else can be delivered under the grant
   * until this is; its rejection is the delivery's.
   */
  readonly previous: () => Promise<string>;
  readonly now: () => Date;
  /** `rowsExpected` is the planner's estimate. */
  readonly onProgress?: (progress: Progress & { readonly rowsExpected: number }) => void;
  /** Stops the delivery: both connections are cut, the target rolls back, the failure is Cancelled. */
  readonly signal?: AbortSignal;
  /** The whole set, also where an increment would do. */
  readonly isWhole?: boolean;
  /** How long locks are waited for: the source's table once, readers of an earlier delivery as often as it says. */
  readonly patience?: received.Patience;
}

const PATIENCE: received.Patience = { tries: 3, timeoutMs: 2_000 };
/** Random reads are priced as on a solid disk, so that an index on the key is walked rather than the table sorted. */
const SOURCE_PLANNER = "set local random_page_cost = 1.1; set local work_mem = '64MB'; set local jit = off";

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
  const latest = order.isWhole === true ? undefined : await received.latestManifest(target, table);
  const base = baseOf(latest, order);
  const moving = (source: Session): Promise<Made> => move({ source, target }, order, base);
  const made = await withSession(order.source, order, moving, settingsFor(order));
  const manifest = manifestOf(order, made, { previous, startedAt });
  await received.recordDelivery(target, manifest);
  if (made.changes === undefined) await received.switchIn(target, table, order.patience ?? PATIENCE);
  await target.commit();
  return manifest;
}

/** The salt goes nowhere that has no use for it. */
function settingsFor({ grant, entry, pseudonyms }: DeliveryOrder): SessionSettings {
  return Object.values(masksOf(grant, entry)).includes('pseudonym') ? pseudonyms.settings() : {};
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
  const columns = await readySource(sides.source, order);
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

interface Read {
  readonly columns: ReadonlyMap<string, Column>;
  readonly select: string;
}

/** Moves what a query gives into a new staging table. */
async function stage({ source, target }: Sides, order: DeliveryOrder, { columns, select }: Read): Promise<Moved> {
  const { grant, entry, deliveryId, onProgress } = order;
  await received.createStaging(target, { grant, entry, deliveryId, columns });
  const rowsExpected = await expectedRows(source, select);
  const out = source.copyOut(`copy (${select}) to stdout with (format text)`);
  const into = target.copyIn(received.stagingCopy(grant));
  return moveRows(out, into, onProgress && ((progress) => onProgress({ ...progress, rowsExpected })));
}

async function readySource(
  source: Session,
  { grant, entry, patience = PATIENCE }: DeliveryOrder,
): Promise<Read['columns']> {
  const table = `${pg.escapeIdentifier(entry.mount.schema)}.${pg.escapeIdentifier(entry.mount.table)}`;
  await source.run(
    `begin isolation level repeatable read read only; set local lock_timeout = ${patience.timeoutMs};
     ${SOURCE_PLANNER}; lock table ${table} in access share mode`,
  );
  const columns = await columnsOf(source, entry.mount);
  checkColumns(columns, itemsRead(grant, entry), entry);
  return columns;
}

interface Explained {
  readonly 'QUERY PLAN': readonly { readonly Plan: { readonly 'Plan Rows': number } }[];
}

async function expectedRows(source: Session, select: string): Promise<number> {
  const [explained] = await source.rows<Explained>(`explain (format json) ${select}`);
  return explained?.['QUERY PLAN'][0]?.Plan['Plan Rows'] ?? 0;
}

function manifestOf(
  order: DeliveryOrder,
  { moved, mark, changes }: Made,
  { previous, startedAt }: Pick<Manifest, 'startedAt'> & { readonly previous: string },
): Manifest {
  const { grant, entry, deliveryId, source, target, policyVersion, policyLine } = order;
  return {
    deliveryId,
    grantId: grant.id,
    caseId: grant.caseId,
    entryId: grant.entryId,
    entryVersion: grant.entryVersion,
    items: grant.items,
    rowScope: grant.rowScope,
    masks: masksOf(grant, entry),
    rows: moved.rows,
    bytes: moved.bytes,
    sha256: moved.sha256,
    policyVersion,
    policyLine,
    source: { sourceId: source.sourceId, schema: entry.mount.schema, table: entry.mount.table },
    target: { sourceId: target.sourceId, schema: received.RECEIVED, table: received.targetTableOf(grant) },
    ...(mark ? { mark } : {}),
    ...(changes ? { changes } : {}),
    previous,
    startedAt,
    endedAt: order.now().toISOString(),
  };
}

/**
 * What the policies cannot see: that order, grant and entry belong together, and that nothing leaves less masked than
 * the entry allows. Throws SharingRefused.
 */
function requireSound({ grant, entry, source }: DeliveryOrder): void {
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

async function withSession<T>(
  place: DataSource,
  { deliveryId, signal }: DeliveryOrder,
  work: (session: Session) => Promise<T>,
  settings?: SessionSettings,
): Promise<T> {
  const session = await place.open(`santong ${deliveryId}`, signal, settings);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}
