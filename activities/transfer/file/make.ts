import type { Knex } from 'knex';
import type { FileDestination } from '../../../domain/file-delivery.ts';
import type { FileManifest } from '../../../domain/grant.ts';
import { whileMakingFile } from '../../../store/delivery-files.ts';
import type { SourceOrder } from '../source-side.ts';
import { placeFailure, TransferFailure } from '../failures.ts';
import { deliverFile } from './deliver.ts';
import { folderPlace } from './folder-place.ts';
import type { FilePlace, PlaceOf } from './place.ts';
import { platformPlace } from './platform-place.ts';
import { s3Place, type S3Storage } from './s3-place.ts';

/** What the platform has been set up for, besides keeping files itself. */
export interface Destinations {
  /** Under which each department has a folder that bears its id. */
  readonly folders?: string;
  readonly s3?: S3Storage;
}

/**
 * Makes a file delivery where its grant says, while nobody else makes the same one. Rejects with a TransferFailure:
 * TargetInUse where somebody does, FilePlaceOff where the platform is not set up for the place.
 */
export async function makeFile(knex: Knex, order: SourceOrder, destinations: Destinations): Promise<FileManifest> {
  let why: unknown;
  try {
    const made = await whileMakingFile(knex, order.deliveryId, async (trx) => {
      try {
        return await deliverFile({ ...order, place: placeOf(order, trx, destinations) });
      } catch (error) {
        why = error;
        throw error;
      }
    });
    if (made !== undefined) return made;
  } catch (error) {
    // Where the platform's own connection was lost, rolling back fails as well and says less.
    throw why ?? placeFailure(error);
  }
  throw new TransferFailure('TargetInUse', { side: 'target', detail: 'another worker' });
}

/** The place of a delivery. @throws {TransferFailure} FilePlaceOff where the platform is not set up for it */
export function placeOf(order: PlaceOf, trx: Knex, { folders, s3 }: Destinations): FilePlace {
  const to: FileDestination = order.grant.file?.to ?? 'download';
  if (to === 'download') return platformPlace(trx, order);
  if (to === 'folder' && folders !== undefined) return folderPlace(folders, order);
  if (to === 's3' && s3 !== undefined) return s3Place(s3, order);
  throw new TransferFailure('FilePlaceOff', { detail: to });
}
