import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { folderPlace } from '../../activities/transfer/file/folder-place.ts';
import type { FileOrder } from '../../activities/transfer/file/deliver.ts';
import type { FilePlace } from '../../activities/transfer/file/place.ts';
import { fileTermsOf, type FileAsk } from '../../domain/file-delivery.ts';
import type { Grant } from '../../domain/grant.ts';
import type { TransferBench } from './transfer.ts';

/** An order of a bench's rows as a file, into a folder below `root` unless another place is given. */
export function fileOrder(
  bench: TransferBench,
  deliveryId: string,
  {
    root,
    ask = {},
    changes = {},
    place,
    more = {},
  }: {
    readonly root?: string;
    readonly ask?: FileAsk;
    readonly changes?: Partial<Grant>;
    readonly place?: (order: { grant: Grant; deliveryId: string }) => FilePlace;
    readonly more?: Partial<FileOrder>;
  },
): FileOrder {
  const { target: _, ...order } = bench.order(deliveryId, {
    mode: 'file',
    file: fileTermsOf({ to: 'folder', ...ask }),
    ...changes,
  });
  const made = place ? place(order) : folderPlace(root ?? '', order);
  return { ...order, place: made, ...more };
}

/** Every file below a folder, as its path from there, with its content. */
export async function filesIn(root: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(root, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = await Promise.all(
    files.map(async (path) => [path.slice(root.length + 1), await readFile(path)] as const),
  );
  return new Map(read.toSorted(([a], [b]) => a.localeCompare(b)));
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
