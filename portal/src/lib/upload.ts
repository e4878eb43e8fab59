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
export interface Upload {
  /** @throws {ApiProblem} {Unreachable} {Cancelled} */
  readonly done: Promise<Uploaded>;
  cancel(): void;
}

/** Whoever sends it has thought better of it. */
export class Cancelled extends Error {}

/**
 * Sends a file; fetch tells nothing of how far it is. Sent again under the same key, after a broken connection, it is no
 * second file.
 */
export function upload(
  file: File,
  { key = newKey(), to = '/api/attachments', tell }: { key?: string; to?: string; tell(share: number): void },
): Upload {
  const mediaType = /^[\w.+-]+\/[\w.+-]+$/.test(file.type) ? file.type : 'application/octet-stream';
  const query = new URLSearchParams({ name: file.name, mediaType });
  const request = new XMLHttpRequest();
  const done = new Promise<Uploaded>((resolve, reject) => {
    request.open('POST', `${to}?${query}`);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.setRequestHeader('Accept-Language', localeNow());
    request.setRequestHeader('X-CSRF-Token', session.me?.csrfToken ?? '');
    request.setRequestHeader('Idempotency-Key', key);
    request.upload.addEventListener('progress', ({ loaded, total }) => tell(total === 0 ? 0 : loaded / total));
    request.addEventListener('error', () => reject(new Unreachable()));
    request.addEventListener('abort', () => reject(new Cancelled()));
    request.addEventListener('load', () => {
      const body = parsed(request.responseText);
      if (request.status === 201) return resolve(body as unknown as Uploaded);
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
