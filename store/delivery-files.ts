import type { Knex } from 'knex';
import type { FilePart } from '../domain/file-delivery.ts';

export interface KeptFile {
  readonly name: string;
  readonly bytes: number;
}

/**
 * Does work while nobody else makes the same delivery, in one transaction: what it writes to the platform is there once the
 * work is done, and not at all if it fails. Undefined, and nothing done, while somebody else is at it.
 */
export async function whileMakingFile<T>(
  knex: Knex,
  deliveryId: string,
  work: (trx: Knex.Transaction) => Promise<T>,
): Promise<T | undefined> {
  return knex.transaction(async (trx) => {
    const { rows } = await trx.raw<{ rows: { got: boolean }[] }>(
      'select pg_try_advisory_xact_lock(hashtextextended(?, 0)) as got',
      [`santong/file/${deliveryId}`],
    );
    return rows[0]?.got === true ? work(trx) : undefined;
  });
}

/** Keeps a file while it comes, in pieces as they are. Within a transaction: a file that breaks off was never there. */
export async function keepFile(
  trx: Knex,
  { deliveryId, part, name }: { readonly deliveryId: string; readonly part: FilePart; readonly name: string },
  pieces: AsyncIterable<Uint8Array>,
): Promise<void> {
  const place = { delivery_id: deliveryId, part };
  await trx('delivery_files').insert({ ...place, name, bytes: 0 });
  let bytes = 0;
  let nth = 0;
  for await (const content of pieces) {
    await trx('delivery_file_pieces').insert({ ...place, nth, content });
    bytes += content.byteLength;
    nth += 1;
  }
  await trx('delivery_files').where(place).update({ bytes });
}

export async function findFile(db: Knex, deliveryId: string, part: FilePart): Promise<KeptFile | undefined> {
  return db('delivery_files').first<KeptFile | undefined>('name', 'bytes').where({ delivery_id: deliveryId, part });
}

/** The content of a kept file, piece by piece. */
export async function* readFile(db: Knex, deliveryId: string, part: FilePart): AsyncGenerator<Buffer> {
  for (let nth = 0; ; nth += 1) {
    const row = await db('delivery_file_pieces')
      .first<{ content: Buffer } | undefined>('content')
      .where({ delivery_id: deliveryId, part, nth });
    if (!row) return;
    yield row.content;
  }
}

/** Removes the files of grants that are over: access has ended (R809 Art.28). Says how many. */
export async function sweepFiles(db: Knex): Promise<number> {
  return db('delivery_files')
    .whereIn(
      'delivery_id',
      db('deliveries as d')
        .join('grants as g', 'g.id', 'd.grant_id')
        .whereIn('g.status', ['terminated', 'expired'])
        .select('d.id'),
    )
    .delete();
}
