import type { Submitted } from './command-runner.ts';
import type { Reply } from './endpoint.ts';

export function commandHref(id: string): string {
  return `/api/commands/${encodeURIComponent(id)}`;
}

/** The answer to a command whose outcome is not yet known: it is kept, and its address tells. */
export function accepted({ id }: Pick<Submitted, 'id'>): Reply {
  const href = commandHref(id);
  return {
    status: 202,
    body: { id, status: 'pending', href },
    headers: { Location: href, 'Retry-After': '2' },
  };
}
