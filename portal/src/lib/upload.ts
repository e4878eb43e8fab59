import { newKey } from '../api/client.ts';
import { ApiProblem, Unreachable } from '../api/problem.ts';
import { localeNow } from '../i18n.ts';
import { session } from '../session.ts';

export interface Uploaded {
  readonly id: string;
  readonly name: string;
  readonly size: number;
}

/** Sends a file; fetch tells nothing of how far it is. @throws {ApiProblem} {Unreachable} */
export function upload(file: File, tell: (share: number) => void): Promise<Uploaded> {
  const mediaType = /^[\w.+-]+\/[\w.+-]+$/.test(file.type) ? file.type : 'application/octet-stream';
  const query = new URLSearchParams({ name: file.name, mediaType });
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/api/attachments?${query}`);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.setRequestHeader('Accept-Language', localeNow());
    request.setRequestHeader('X-CSRF-Token', session.me?.csrfToken ?? '');
    request.setRequestHeader('Idempotency-Key', newKey());
    request.upload.addEventListener('progress', ({ loaded, total }) => tell(total === 0 ? 0 : loaded / total));
    request.addEventListener('error', () => reject(new Unreachable()));
    request.addEventListener('load', () => {
      const body = JSON.parse(request.responseText) as Uploaded;
      if (request.status === 201) return resolve({ id: body.id, name: body.name, size: body.size });
      if (request.status === 401) session.isLost = true;
      return reject(new ApiProblem({ ...(body as object), status: request.status }));
    });
    request.send(file);
  });
}
