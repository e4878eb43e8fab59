import type { FileManifest } from '../../../domain/grant.ts';
import type { FilePart } from '../../../domain/file-delivery.ts';
import { placeFailure } from '../failures.ts';
import type { SourceOrder } from '../source-side.ts';

/** Of which delivery a place is the place. */
export type PlaceOf = Pick<SourceOrder, 'grant' | 'deliveryId' | 'signal'>;

/** Where the file of one delivery goes. */
export interface FilePlace {
  /** How the manifest and people name it. */
  readonly name: string;
  /** The manifest of this delivery, if it is there already: then it is there whole. */
  find(): Promise<FileManifest | undefined>;
  /** What was delivered, as it is now; undefined where it is not there. */
  read(part: FilePart): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** Begins to write, after taking away what an attempt that broke off has left. */
  begin(): Promise<Writing>;
}

/** The parts of a delivery on their way: none is seen under its name before `commit`. */
export interface Writing {
  /** The data is written first. */
  write(part: FilePart, content: AsyncIterable<Uint8Array>): Promise<void>;
  /** Everything is there under its name at once, the data last where that cannot be. */
  commit(): Promise<void>;
  /** Takes away what was written. Never rejects. */
  discard(): Promise<void>;
}

/** The same place, whose own errors are TransferFailures. */
export function guarded(place: FilePlace): FilePlace {
  return {
    name: place.name,
    find: () => place.find().catch(refuse),
    async read(part) {
      const content = await place.read(part).catch(refuse);
      return content && refusing(content);
    },
    async begin() {
      const writing = await place.begin().catch(refuse);
      return {
        write: (part, content) => writing.write(part, content).catch(refuse),
        commit: () => writing.commit().catch(refuse),
        discard: () => writing.discard(),
      };
    },
  };
}

/** What breaks off on its way is a failure of the place as well. */
async function* refusing(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* content;
  } catch (error) {
    refuse(error);
  }
}

function refuse(error: unknown): never {
  throw placeFailure(error);
}

/** The same bytes in blocks of a size, so that each can be handed on as one. */
export async function* inBlocks(chunks: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Buffer> {
  let held: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    held.push(chunk);
    bytes += chunk.byteLength;
    if (bytes < size) continue;
    const all = Buffer.concat(held);
    let from = 0;
    for (; all.length - from >= size; from += size) yield all.subarray(from, from + size);
    held = [all.subarray(from)];
    bytes = all.length - from;
  }
  if (bytes > 0) yield Buffer.concat(held);
}
