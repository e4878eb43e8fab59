import pg from 'pg';
import type { Entry } from '../../domain/catalogue.ts';
import type { Content, Listing } from '../../domain/delivery-verification.ts';
import { digestOf } from '../../domain/digest.ts';
import type { Manifest } from '../../domain/grant.ts';
import { type Column, columnsOf } from '../../sources/columns.ts';
import type { DataSource, Session } from './connector.ts';
import { measureRows } from './copy.ts';
import { deliveredOrder, isKeyReadable, keyOrder, orderingItems } from '../../sources/granted-sql.ts';
import { isReceivedThere, latestDelivery, qualified, storedManifest } from './target-table.ts';

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
  const columns = await columnsOf(session, manifest.target);
  if (manifest.items.some((id) => !columns.has(id))) return { verdict: 'missing' };
  const latest = (await isReceivedThere(session)) ? await latestDelivery(session, table) : undefined;
  if (latest !== undefined && latest.id !== manifest.deliveryId) return { verdict: 'superseded', by: latest.id };
  const items = manifest.items.map((id) => `s.${pg.escapeIdentifier(id)}`).join(', ');
  const select = `select ${items} from ${qualified(table)} as s order by ${orderOf(manifest, entry, columns)}`;
  const { rows, bytes, sha256 } = await measureRows(
    session.copyOut(`copy (${select}) to stdout with (format text)`),
    session.side,
  );
  const { changes } = manifest;
  const same =
    changes === undefined
      ? rows === manifest.rows && bytes === manifest.bytes && sha256 === manifest.sha256
      : rows === changes.total;
  return { verdict: same ? 'matches' : 'differs', rows, bytes, sha256 };
}

async function listingIn(session: Session, manifest: Manifest): Promise<Listing> {
  const listed = (await isReceivedThere(session)) ? await storedManifest(session, manifest.deliveryId) : undefined;
  if (listed === undefined) return 'absent';
  return digestOf(listed) === digestOf(manifest) ? 'same' : 'altered';
}

function orderOf(manifest: Manifest, entry: Entry, columns: ReadonlyMap<string, Column>): string {
  if (isKeyReadable(manifest, entry)) return keyOrder(entry.key, columns);
  const ordering = orderingItems(manifest, entry);
  return ordering.length > 0 ? deliveredOrder('s', ordering) : 's.ctid';
}
