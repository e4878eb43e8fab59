import { newKey } from '../../api/client.ts';
import { ApiProblem, Unreachable } from '../../api/problem.ts';
import { localeNow } from '../../i18n.ts';
import { session } from '../../session.ts';
import type { CatalogueImport } from './types.ts';

/** Sends a file of the catalogue, telling how much of it has gone out. @throws {ApiProblem} {Unreachable} */
export function sendCatalogue(file: File, tell: (share: number) => void): Promise<CatalogueImport> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/api/catalogue/imports?${new URLSearchParams({ name: file.name })}`);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.setRequestHeader('Accept-Language', localeNow());
    request.setRequestHeader('X-CSRF-Token', session.me?.csrfToken ?? '');
    request.setRequestHeader('Idempotency-Key', newKey());
    request.upload.addEventListener('progress', ({ loaded, total }) => tell(total === 0 ? 0 : loaded / total));
    request.addEventListener('error', () => reject(new Unreachable()));
    request.addEventListener('load', () => {
      const body = JSON.parse(request.responseText) as CatalogueImport;
      if (request.status === 201) return resolve(body);
      if (request.status === 401) session.isLost = true;
      return reject(new ApiProblem({ ...(body as object), status: request.status }));
    });
    request.send(file);
  });
}
