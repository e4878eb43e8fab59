import type { Knex } from 'knex';
import { fileNamesOf } from '../../../domain/file-delivery.ts';
import type { FileManifest, Grant } from '../../../domain/grant.ts';
import { findFile, keepFile, readFile, sweepFiles } from '../../../store/delivery-files.ts';
import { type FilePlace, inBlocks } from './place.ts';

const PIECE_BYTES = 1024 * 1024;

/**
 * Kept by the platform, where attachments lie, to be downloaded. To write, `trx` is the transaction in which the delivery is
 * made: it is what makes the parts appear together, and leaves nothing of what breaks off.
 */
export function platformPlace(trx: Knex, { grant, deliveryId }: { grant: Grant; deliveryId: string }): FilePlace {
  const names = fileNamesOf(grant.entryId, deliveryId, grant.file?.format ?? 'csv');
  return {
    name: `/api/deliveries/${deliveryId}/file`,
    async find() {
      const pieces: Buffer[] = [];
      for await (const piece of readFile(trx, deliveryId, 'manifest')) pieces.push(piece);
      return pieces.length === 0 ? undefined : (JSON.parse(Buffer.concat(pieces).toString('utf8')) as FileManifest);
    },
    read: async (part) => ((await findFile(trx, deliveryId, part)) ? readFile(trx, deliveryId, part) : undefined),
    async begin() {
      await sweepFiles(trx);
      return {
        write: (part, content) =>
          keepFile(trx, { deliveryId, part, name: names[part] }, inBlocks(content, PIECE_BYTES)),
        commit: async () => undefined,
        discard: async () => undefined,
      };
    },
  };
}
