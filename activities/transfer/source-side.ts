import type { TableEntry } from '../../domain/catalogue.ts';
import type { Grant, Manifest } from '../../domain/grant.ts';
import { unsoundness } from '../../domain/sharing.ts';
import { type Columns, unfitColumns } from '../../sources/columns.ts';
import { deliverySelect, itemsRead, masksOf, type RowQuery } from '../../sources/granted-sql.ts';
import type { Pseudonyms } from '../../sources/pseudonyms.ts';
import type { DataSource, Session, SessionSettings } from './connector.ts';
import type { Moved, Progress } from './copy.ts';
import type { Patience } from './dialect.ts';
import { TransferFailure } from './failures.ts';

/** What is to be delivered, wherever to. */
export interface SourceOrder {
  readonly deliveryId: string;
  readonly grant: Grant;
  readonly entry: TableEntry;
  readonly source: DataSource;
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
  /** How long locks are waited for: the source's table once, readers of an earlier delivery as often as it says. */
  readonly patience?: Patience;
}

export const PATIENCE: Patience = { tries: 3, timeoutMs: 2_000 };

/**
 * What the policies cannot see: that order, grant and entry belong together, and that nothing leaves less masked than
 * the entry allows. Throws SharingRefused.
 */
export function requireSound({ grant, entry, source }: SourceOrder): void {
  const unsound = unsoundness(grant, entry);
  const why = unsound?.why ?? (source.sourceId !== entry.mount.sourceId ? 'OtherSource' : undefined);
  if (why !== undefined) throw new TransferFailure('SharingRefused', { why, items: unsound?.items.join(', ') ?? '' });
}

export async function withSession<T>(
  place: DataSource,
  { deliveryId, signal }: SourceOrder,
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

/** A session of the source, which knows the salt of the grant's pseudonyms where there are any. */
export async function readingSource<T>(order: SourceOrder, work: (source: Session) => Promise<T>): Promise<T> {
  const { grant, entry, pseudonyms } = order;
  const hasPseudonyms = Object.values(masksOf(grant, entry)).includes('pseudonym');
  return withSession(order.source, order, work, hasPseudonyms ? pseudonyms.settings() : {});
}

export interface Readied {
  readonly columns: Columns;
  /** The one query of the delivery. */
  readonly select: RowQuery;
  /** The planner's estimate. */
  readonly rowsExpected: number;
}

/** As a delivery of the whole set finds the source: its columns, and what to ask of it. */
export async function readySource(source: Session, order: SourceOrder): Promise<Readied> {
  const columns = await readyColumns(source, order);
  const { grant, entry } = order;
  const select = deliverySelect(source.dialect.words, { grant, entry, columns });
  return { columns, select, rowsExpected: await source.dialect.reading.estimate(source, select.sql) };
}

/** One snapshot, with the table's columns locked and held against the catalogue. */
export async function readyColumns(
  source: Session,
  { grant, entry, patience = PATIENCE }: SourceOrder,
): Promise<Readied['columns']> {
  const { reading } = source.dialect;
  await reading.begin(source, entry.mount, patience.timeoutMs);
  const columns = await reading.columnsOf(source, entry.mount, entry.items);
  const unfit = unfitColumns(columns, itemsRead(grant, entry), entry);
  if (unfit !== undefined) throw new TransferFailure('SourceChanged', { side: 'source', columns: unfit });
  return columns;
}

/** What a manifest says of when it was made, and after which one. */
export interface Circumstances {
  readonly previous: string;
  readonly startedAt: string;
}

/** What a manifest says wherever the rows went. */
export function termsOf(
  order: SourceOrder,
  moved: Moved,
  { previous, startedAt }: Circumstances,
): Omit<Manifest, 'target'> {
  const { grant, entry, deliveryId, source, policyVersion, policyLine } = order;
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
    previous,
    startedAt,
    endedAt: order.now().toISOString(),
  };
}
