import { api, answered } from '../api/client.ts';

/** A file as it is shown in place; `none`: only to be taken. */
export type Shown =
  | { readonly kind: 'pdf' | 'image'; readonly url: string }
  | { readonly kind: 'text'; readonly text: string; readonly isCut: boolean }
  | { readonly kind: 'none' };

export interface Opened {
  readonly shown: Shown;
  /** Whether the bytes are those of the recorded digest; absent where this browser cannot tell (plain HTTP). */
  readonly isIntact: boolean | undefined;
}

const MOST_TEXT = 200_000;
const TEXT_NAMES = /\.(txt|csv|md|json|xml|log|sql|yaml|yml)$/i;

/** What pictures begin with: what a file is called says nothing of what is in it. SVG is none, as it may hold scripts. */
const IMAGES: readonly (readonly [string, RegExp])[] = [
  ['image/png', /^\u0089PNG\r\n/],
  ['image/jpeg', /^\u00ff\u00d8\u00ff/],
  ['image/gif', /^GIF8[79]a/],
  ['image/webp', /^RIFF[\s\S]{4}WEBP/],
];

/** Fetches a file to show it. A URL that it gives is the caller's to revoke. @throws {ApiProblem} {Unreachable} */
export async function openAttachment(file: { id: string; name: string; sha256: string }): Promise<Opened> {
  const params = { path: { id: file.id } };
  const { data, response } = await answered(api.GET('/api/attachments/{id}', { params, parseAs: 'arrayBuffer' }));
  const bytes = new Uint8Array(data as unknown as ArrayBuffer);
  const mediaType = response.headers.get('Santong-Media-Type') ?? '';
  return { shown: shownOf(bytes, { name: file.name, mediaType }), isIntact: await isOf(bytes, file.sha256) };
}

function shownOf(bytes: Uint8Array<ArrayBuffer>, { name, mediaType }: { name: string; mediaType: string }): Shown {
  const head = String.fromCodePoint(...bytes.subarray(0, 16));
  // The type is set here, never taken from whoever uploaded it: nothing of theirs is ever read as a page.
  if (head.startsWith('%PDF-')) return { kind: 'pdf', url: urlOf(bytes, 'application/pdf') };
  const image = IMAGES.find(([, pattern]) => pattern.test(head));
  if (image) return { kind: 'image', url: urlOf(bytes, image[0]) };
  const isText = TEXT_NAMES.test(name) || /^text\/(?!html)/.test(mediaType);
  const text = isText ? textOf(bytes.subarray(0, MOST_TEXT)) : undefined;
  return text === undefined ? { kind: 'none' } : { kind: 'text', text, isCut: bytes.length > MOST_TEXT };
}

function urlOf(bytes: Uint8Array<ArrayBuffer>, type: string): string {
  return URL.createObjectURL(new Blob([bytes], { type }));
}

/** UTF-8, or what Chinese offices' older programs write. */
function textOf(bytes: Uint8Array): string | undefined {
  for (const encoding of ['utf-8', 'gb18030']) {
    try {
      // A letter that is cut in two at the end is no fault.
      return new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true });
    } catch {
      // It is in the other one, or no text at all.
    }
  }
  return undefined;
}

async function isOf(bytes: Uint8Array<ArrayBuffer>, sha256: string): Promise<boolean | undefined> {
  const subtle = crypto.subtle as SubtleCrypto | undefined;
  if (!subtle) return undefined;
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('') === sha256;
}
