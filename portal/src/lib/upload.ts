import { newKey } from '../api/client.ts';
import { ApiProblem, Unreachable } from '../api/problem.ts';
import { localeNow } from '../i18n.ts';
import { session } from '../session.ts';

export interface Uploaded {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  /** SHA-256 in hexadecimal, as the server has counted it over what came. */
  readonly sha256?: string;
}

/** A file on its way. */
export interface Sending<T> {
  /** @throws {ApiProblem} {Unreachable} {Cancelled} */
  readonly done: Promise<T>;
  cancel(): void;
}

export type Upload = Sending<Uploaded>;

/** Whoever sends it has thought better of it. */
export class Cancelled extends Error {}

interface Telling {
  /** Sent again under the same key, after a broken connection, it is no second file. */
  readonly key?: string;
  /** How much of it has gone out, from 0 to 1. */
  tell(share: number): void;
}

/** A file that is kept by itself, with its digest: an attachment, where nothing else is said. */
export function upload(
  file: File,
  { to = '/api/attachments', ...telling }: Telling & { readonly to?: string },
): Upload {
  const mediaType = /^[\w.+-]+\/[\w.+-]+$/.test(file.type) ? file.type : 'application/octet-stream';
  return sendFile(`${to}?${new URLSearchParams({ name: file.name, mediaType })}`, file, telling);
}

/** Posts a file; fetch tells nothing of how far it is. */
export function sendFile<T>(path: string, file: File, { key = newKey(), tell }: Telling): Sending<T> {
  const request = new XMLHttpRequest();
  const done = new Promise<T>((resolve, reject) => {
    request.open('POST', path);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.setRequestHeader('Accept-Language', localeNow());
    request.setRequestHeader('X-CSRF-Token', session.me?.csrfToken ?? '');
    request.setRequestHeader('Idempotency-Key', key);
    request.upload.addEventListener('progress', ({ loaded, total }) => tell(total === 0 ? 0 : loaded / total));
    request.addEventListener('error', () => reject(new Unreachable()));
    request.addEventListener('abort', () => reject(new Cancelled()));
    request.addEventListener('load', () => {
      const body = parsed(request.responseText);
      if (request.status === 201) return resolve(body as T);
      if (request.status === 401) session.isLost = true;
      return reject(new ApiProblem({ ...body, status: request.status }));
    });
    request.send(file);
  });
  return { done, cancel: () => request.abort() };
}

/** A proxy in between may answer with anything. */
function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
