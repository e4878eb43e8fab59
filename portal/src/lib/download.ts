import { ApiProblem, Unreachable } from '../api/problem.ts';
import { localeNow } from '../i18n.ts';
import { session } from '../session.ts';

/**
 * Fetches a file, telling how far it is as a share of 1, and hands it to the browser under the name that the API gives it.
 * @throws {ApiProblem} {Unreachable}
 */
export async function download(path: string, tell: (share: number) => void): Promise<string> {
  const response = await fetch(path, { headers: { 'Accept-Language': localeNow() } }).catch((cause: unknown) => {
    throw new Unreachable('', { cause });
  });
  if (response.status === 401) session.isLost = true;
  if (!response.ok) throw new ApiProblem({ ...((await response.json()) as object), status: response.status });
  const whole = Number(response.headers.get('Content-Length') ?? 0);
  const parts: BlobPart[] = [];
  let got = 0;
  const reader = response.body?.getReader();
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    parts.push(read.value);
    got += read.value.byteLength;
    tell(whole === 0 ? 0 : got / whole);
  }
  const name = /filename="([^"]+)"/.exec(response.headers.get('Content-Disposition') ?? '')?.[1] ?? 'download';
  const address = URL.createObjectURL(new Blob(parts, { type: response.headers.get('Content-Type') ?? '' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  return name;
}
