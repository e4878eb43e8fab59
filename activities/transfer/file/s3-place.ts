import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  type CompletedPart,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { fileBaseOf, fileNamesOf, type FilePart } from '../../../domain/file-delivery.ts';
import type { FileManifest } from '../../../domain/grant.ts';
import { type FilePlace, inBlocks, type PlaceOf, type Writing } from './place.ts';

/** A bucket of an object storage that speaks S3. */
export interface S3Storage {
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  /** Before every key, ending in `/` unless it is empty. */
  readonly prefix: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** S3 takes 5 MiB at the least and 10,000 parts at the most: files of up to 80 GiB. One part is held in memory. */
const PART_BYTES = 8 * 1024 * 1024;

/**
 * A bucket of a storage, where each delivery has a folder below its requester's. Everything is uploaded in parts, which
 * nobody sees, and completed at the end: what lies beside the data first, and the data last, so that who sees the data finds
 * the rest.
 */
export function s3Place(storage: S3Storage, { grant, deliveryId, signal }: PlaceOf): FilePlace {
  const { bucket: Bucket, prefix } = storage;
  const names = fileNamesOf(grant.entryId, deliveryId, grant.file?.format ?? 'csv');
  const folder = `${prefix}${grant.requester}/${fileBaseOf(grant.entryId, deliveryId)}/`;
  const keyOf = (part: FilePart): string => folder + names[part];
  const options = signal ? { abortSignal: signal } : {};
  const client = new S3Client({
    endpoint: storage.endpoint,
    region: storage.region,
    credentials: { accessKeyId: storage.accessKeyId, secretAccessKey: storage.secretAccessKey },
    // Storages within a city's network have no name for each bucket, and few know the newer checksums.
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  return {
    name: `s3://${Bucket}/${folder}`,
    async find() {
      try {
        await client.send(new HeadObjectCommand({ Bucket, Key: keyOf('data') }), options);
      } catch (error) {
        if (error instanceof Error && error.name === 'NotFound') return undefined;
        throw error;
      }
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: keyOf('manifest') }), options);
      return JSON.parse((await Body?.transformToString()) ?? '') as FileManifest;
    },
    async read(part) {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: keyOf(part) }), options);
        return Body as AsyncIterable<Uint8Array> | undefined;
      } catch (error) {
        if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
        throw error;
      }
    },
    async begin() {
      await abandonEarlier(client, Bucket, folder);
      return writingTo(client, { Bucket, keyOf, options });
    },
  };
}

interface Uploaded {
  readonly Bucket: string;
  readonly Key: string;
  readonly UploadId: string;
  readonly parts: CompletedPart[];
}

function writingTo(
  client: S3Client,
  {
    Bucket,
    keyOf,
    options,
  }: {
    readonly Bucket: string;
    readonly keyOf: (part: FilePart) => string;
    readonly options: { abortSignal?: AbortSignal };
  },
): Writing {
  const uploads: Uploaded[] = [];
  return {
    async write(part, content) {
      const Key = keyOf(part);
      const { UploadId = '' } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }), options);
      const upload: Uploaded = { Bucket, Key, UploadId, parts: [] };
      uploads.push(upload);
      const send = async (Body: Buffer): Promise<void> => {
        const PartNumber = upload.parts.length + 1;
        const { ETag = '' } = await client.send(
          new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body, ContentLength: Body.length }),
          options,
        );
        upload.parts.push({ ETag, PartNumber });
      };
      for await (const block of inBlocks(content, PART_BYTES)) await send(block);
      if (upload.parts.length === 0) await send(Buffer.alloc(0));
    },
    async commit() {
      const [data, ...beside] = uploads;
      for (const upload of [...beside, ...(data ? [data] : [])]) {
        const { parts, ...which } = upload;
        await client.send(new CompleteMultipartUploadCommand({ ...which, MultipartUpload: { Parts: parts } }));
      }
      client.destroy();
    },
    async discard() {
      // Not under the signal: it is because of that one that this is done.
      for (const { parts: _, ...which } of uploads) {
        await client.send(new AbortMultipartUploadCommand(which)).catch(() => undefined);
      }
      client.destroy();
    },
  };
}

/**
 * Takes away the parts that an attempt that broke off has left. A storage that cannot list them is left to its own rule for
 * uploads that are never completed, as docs/file-deliveries.md says.
 */
async function abandonEarlier(client: S3Client, Bucket: string, Prefix: string): Promise<void> {
  const found = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix })).catch((error: Error) => {
    if (error.name === 'NotImplemented') return undefined;
    throw error;
  });
  for (const { Key, UploadId } of found?.Uploads ?? []) {
    await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })).catch(() => undefined);
  }
}
