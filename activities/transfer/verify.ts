import pg from 'pg';
import type { Entry } from '../../domain/catalogue.ts';
import type { Content, Listing } from '../../domain/delivery-verification.ts';
import { digestOf } from '../../domain/digest.ts';
import type { Manifest } from '../../domain/grant.ts';
import type { Columns } from '../../sources/columns.ts';
import { deliveredOrder, isKeyReadable, keyOrder, orderingItems } from '../../sources/granted-sql.ts';
import type { DataSource, Session } from './connector.ts';
import { measureRows } from './copy.ts';
import type { Dialect } from './dialect.ts';

/**
 * Reads the target table again and holds count and digest against the manifest. Where the key was delivered unmasked the
 * rows are put in its order, where pseudonyms stand for it in theirs; else they are read as they were stored, so that a
 * table which its department has rewritten may differ in order alone. After an increment only the number of rows is held
 * against it, as no digest of the whole was taken. Rejects with a TransferFailure.
 */
export async function verifyDelivery(target: DataSource, manifest: Manifest, entry: Entry): Promise<Content> {
  return reading(target, manifest, (session) => contentIn(session, manifest, entry));
}

/** Whether the target's own list of deliveries holds the manifest. Rejects with a TransferFailure. */
export async function listingOf(target: DataSource, manifest: Manifest): Promise<Listing> {
  return reading(target, manifest, (session) => listingIn(session, manifest));
}

async function reading<T>(
  target: DataSource,
  { deliveryId }: Manifest,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await target.open(`santong verify ${deliveryId}`);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

async function contentIn(session: Session, manifest: Manifest, entry: Entry): Promise<Content> {
  const { table } = manifest.target;
  const { words, receiving } = session.dialect;
  const columns = await receiving.columnsOf(session, manifest.target);
  if (manifest.items.some((id) => !columns.has(id))) return { verdict: 'missing' };
  const latest = (await receiving.isThere(session)) ? await receiving.latest(session, table) : undefined;
  if (latest !== undefined && latest.id !== manifest.deliveryId) return { verdict: 'superseded', by: latest.id };
  const items = manifest.items.map((id) => words.value(`s.${pg.escapeIdentifier(id)}`, columns.get(id))).join(', ');
  const order = orderOf(session.dialect, { manifest, entry, columns });
  const sql = `select ${items} from ${receiving.qualified(table)} as s${order === undefined ? '' : ` order by ${order}`}`;
  const types = manifest.items.map((id) => columns.get(id)?.baseType ?? 'text');
  const { rows, bytes, sha256 } = await measureRows(session.copyOut({ sql, types }), session.side);
  const { changes } = manifest;
  const same =
    changes === undefined
      ? rows === manifest.rows && bytes === manifest.bytes && sha256 === manifest.sha256
      : rows === changes.total;
  return { verdict: same ? 'matches' : 'differs', rows, bytes, sha256 };
}

async function listingIn(session: Session, manifest: Manifest): Promise<Listing> {
  const { receiving } = session.dialect;
  const isThere = await receiving.isThere(session);
  const listed = isThere ? await receiving.manifestOf(session, manifest.deliveryId) : undefined;
  if (listed === undefined) return 'absent';
  return digestOf(listed) === digestOf(manifest) ? 'same' : 'altered';
}

interface Found {
  readonly manifest: Manifest;
  readonly entry: Entry;
  readonly columns: Columns;
}

function orderOf({ words, receiving }: Dialect, { manifest, entry, columns }: Found): string | undefined {
  if (isKeyReadable(manifest, entry)) return keyOrder(words, entry.key, columns);
  const ordering = orderingItems(manifest, entry);
  return ordering.length > 0 ? deliveredOrder(words, 's', ordering, columns) : receiving.storedOrder;
}
