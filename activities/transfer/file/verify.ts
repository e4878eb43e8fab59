import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../domain/canonical.ts';
import type { Content, Listing } from '../../../domain/delivery-verification.ts';
import type { FileManifest } from '../../../domain/grant.ts';
import type { FilePlace } from './place.ts';

/**
 * Reads a delivered file again, and the manifest that lies beside it. A file that is not there was taken away by whoever it
 * was delivered to, or its grant is over: there is nothing to hold against the manifest.
 * Rejects with a TransferFailure where the place cannot be read.
 */
export async function verifyFile(
  place: FilePlace,
  manifest: FileManifest,
): Promise<{ readonly content: Content; readonly listing: Listing }> {
  const data = await place.read('data');
  if (data === undefined) return { content: { verdict: 'elsewhere' }, listing: 'unread' };
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of data) {
    hash.update(chunk);
    bytes += chunk.byteLength;
  }
  const sha256 = hash.digest('hex');
  const verdict = sha256 === manifest.file.sha256 && bytes === manifest.file.bytes ? 'matches' : 'differs';
  return { content: { verdict, bytes, sha256 }, listing: await listingOf(place, manifest) };
}

async function listingOf(place: FilePlace, manifest: FileManifest): Promise<Listing> {
  const text = await place.read('manifest');
  if (text === undefined) return 'absent';
  const chunks: Uint8Array[] = [];
  for await (const chunk of text) chunks.push(chunk);
  try {
    const beside: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    return canonicalJson(beside) === canonicalJson(manifest) ? 'same' : 'altered';
  } catch (error) {
    if (error instanceof SyntaxError) return 'altered';
    throw error;
  }
}
