import pg from 'pg';
import type { Entry } from '../../domain/catalogue.ts';
import type { Manifest } from '../../domain/grant.ts';
import { type Column, columnsOf } from './columns.ts';
import type { DataSource, Session } from './connector.ts';
import { measureRows } from './copy.ts';
import { keyOrder } from './select.ts';
import { latestManifest, qualified } from './target-table.ts';

/**
 * Whether the target table still is what the manifest says. `superseded`: a later delivery under the same grant took
 * its place. `missing`: the table or a delivered column is gone. Rows and digest are those found.
 */
export type Verification =
  | { readonly verdict: 'matches' | 'differs'; readonly rows: number; readonly bytes: number; readonly sha256: string }
  | { readonly verdict: 'superseded'; readonly by: string }
  | { readonly verdict: 'missing' };

/**
 * Reads the target table again and holds count and digest against the manifest. Where the key was delivered unmasked the
 * rows are put in its order; else they are read as they were stored, so that a table which its department has rewritten
 * may differ in order alone. After an increment only the number of rows is held against it, as no digest of the whole was
 * taken. Rejects with a TransferFailure.
 */
export async function verifyDelivery(target: DataSource, manifest: Manifest, entry: Entry): Promise<Verification> {
  const session = await target.open(`santong verify ${manifest.deliveryId}`);
  try {
    return await verifyIn(session, manifest, entry);
  } finally {
    await session.close();
  }
}

async function verifyIn(session: Session, manifest: Manifest, entry: Entry): Promise<Verification> {
  const { table } = manifest.target;
  const columns = await columnsOf(session, manifest.target);
  if (manifest.items.some((id) => !columns.has(id))) return { verdict: 'missing' };
  const latest = await latestManifest(session, table);
  if (latest !== undefined && latest.deliveryId !== manifest.deliveryId) {
    return { verdict: 'superseded', by: latest.deliveryId };
  }
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

function orderOf(manifest: Manifest, entry: Entry, columns: ReadonlyMap<string, Column>): string {
  const readable = entry.key.every((id) => manifest.items.includes(id) && manifest.masks[id] === 'none');
  return readable ? keyOrder(entry.key, columns) : 's.ctid';
}
