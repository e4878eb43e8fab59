import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { dictionaryOf, dictionaryRows } from '../../../domain/data-dictionary.ts';
import { digestLine, fileNamesOf, fileTermsOf, type FileTerms } from '../../../domain/file-delivery.ts';
import type { FileManifest } from '../../../domain/grant.ts';
import type { Session } from '../connector.ts';
import { createMeter, type Moved } from '../copy.ts';
import {
  type Circumstances,
  type Readied,
  readingSource,
  readySource,
  requireSound,
  type SourceOrder,
  termsOf,
} from '../source-side.ts';
import { failureOf, TransferFailure } from '../failures.ts';
import { csvBytes, csvText } from './csv.ts';
import { type Field, fieldsOf } from './fields.ts';
import { jsonBytes } from './jsonl.ts';
import { parquetBytes } from './parquet.ts';
import { type FilePlace, guarded, type Writing } from './place.ts';
import { type Row, rowsOf } from './rows.ts';
import { xlsxBytes } from './xlsx.ts';

export interface FileOrder extends SourceOrder {
  readonly place: FilePlace;
}

/**
 * Writes what a grant allows into a file: the same one query as into a table, so that the canonical digest is the same.
 * The data, its digest, the dictionary and the manifest appear together or not at all; a delivery that is already there is
 * not made again. Rejects with a TransferFailure.
 */
export async function deliverFile(given: FileOrder): Promise<FileManifest> {
  const order = { ...given, place: guarded(given.place) };
  requireSound(order);
  try {
    obeyStop(order);
    const there = await order.place.find();
    if (there !== undefined) return there;
    const made = { startedAt: order.now().toISOString(), previous: await order.previous() };
    return await readingSource(order, (source) => writeFrom(source, order, made));
  } catch (error) {
    if (order.signal?.aborted === true) throw new TransferFailure('Cancelled', {}, error);
    throw error;
  }
}

function obeyStop({ signal }: FileOrder): void {
  if (signal?.aborted === true) throw new TransferFailure('Cancelled');
}

async function writeFrom(source: Session, order: FileOrder, made: Circumstances): Promise<FileManifest> {
  const { grant, entry } = order;
  const ready = await readySource(source, order);
  const fields = fieldsOf(grant, entry, ready.columns);
  const writing = await order.place.begin();
  try {
    const { moved, file } = await writeData(source, { order, ready, fields, writing });
    const terms = grant.file ?? fileTermsOf();
    const names = fileNamesOf(grant.entryId, order.deliveryId, terms.format);
    const manifest: FileManifest = {
      ...termsOf(order, moved, made),
      file: { ...terms, name: names.data, ...file, place: order.place.name },
    };
    const columnTypes = new Map(fields.map(({ name, type }) => [name, type]));
    const dictionary = dictionaryOf(grant, entry, { manifest, columnTypes });
    await writing.write('digest', whole(digestLine(file.sha256, names.data)));
    await writing.write('dictionary', whole(`${JSON.stringify(dictionary, null, 2)}\n`));
    await writing.write('dictionary-csv', whole(csvText(dictionaryRows(dictionary))));
    await writing.write('manifest', whole(`${JSON.stringify(manifest, null, 2)}\n`));
    // Whoever stopped it before this moment is obeyed; afterwards it is delivered.
    obeyStop(order);
    await writing.commit();
    return manifest;
  } catch (error) {
    await writing.discard();
    throw error;
  }
}

interface DataWriting {
  readonly order: FileOrder;
  readonly ready: Readied;
  readonly fields: readonly Field[];
  readonly writing: Writing;
}

/** One stream from the source to the place, which holds back the source while it is busy. */
async function writeData(
  source: Session,
  { order, ready, fields, writing }: DataWriting,
): Promise<{ readonly moved: Moved; readonly file: { readonly bytes: number; readonly sha256: string } }> {
  const { grant, onProgress, signal } = order;
  const terms = grant.file ?? fileTermsOf();
  const { rowsExpected } = ready;
  const meter = createMeter(onProgress && ((progress) => onProgress({ ...progress, rowsExpected })));
  const hash = createHash('sha256');
  let bytes = 0;
  async function* measured(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      hash.update(chunk);
      bytes += chunk.byteLength;
      yield chunk;
    }
  }
  const out = source.copyOut(ready.select);
  const failures: TransferFailure[] = [];
  out.once('error', (error) => {
    if (!isConsequence(error)) failures.push(failureOf(error, 'source'));
  });
  const ends: Promise<void>[] = [];
  /** Notes a stage that fails, and when it has ended. */
  async function* encoded(chunks: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
    let ended = (): void => undefined;
    ends.push(new Promise((resolve) => (ended = resolve)));
    try {
      yield* measured(encode(rowsOf(chunks), fields, terms));
    } catch (error) {
      if (!isConsequence(error)) failures.push(failureOf(error, 'source'));
      throw error;
    } finally {
      ended();
    }
  }
  async function into(chunks: AsyncIterable<Uint8Array>): Promise<void> {
    try {
      await writing.write('data', chunks);
    } catch (error) {
      if (!isConsequence(error)) failures.push(failureOf(error, 'target'));
      throw error;
    }
  }
  try {
    const writingAll = (chunks: AsyncIterable<Uint8Array>): Promise<void> => {
      const written = into(chunks);
      ends.push(written.catch(() => undefined));
      return written;
    };
    await pipeline(out, meter.stream, encoded, writingAll, ...(signal ? [{ signal }] : []));
  } catch (error) {
    // When one stage fails all are ended, and any may say so before that one has said why.
    await Promise.all(ends);
    throw failures[0] ?? error;
  }
  const moved = meter.read();
  if (moved.rows !== out.rowCount) {
    const detail = `${out.rowCount} rows left the source, ${moved.rows} passed`;
    throw new TransferFailure('Unknown', { side: 'target', detail });
  }
  return { moved, file: { bytes, sha256: hash.digest('hex') } };
}

/** Whether it failed only because another stage did. By its name, as an error of the platform's own is not always of this realm's class. */
function isConsequence(error: unknown): boolean {
  const cause = error instanceof TransferFailure ? error.cause : error;
  return (cause as { readonly name?: string } | undefined)?.name === 'AbortError';
}

function encode(
  rows: AsyncIterable<readonly Row[]>,
  fields: readonly Field[],
  { format, encoding = 'utf-8', bom = false }: FileTerms,
): AsyncIterable<Uint8Array> {
  switch (format) {
    case 'csv':
      return csvBytes(rows, fields, { encoding, bom });
    case 'xlsx':
      return xlsxBytes(rows, fields);
    case 'jsonl':
      return jsonBytes(rows, fields);
    case 'parquet':
      return parquetBytes(rows, fields);
  }
}

async function* whole(content: string | Uint8Array): AsyncGenerator<Uint8Array> {
  yield typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
}
