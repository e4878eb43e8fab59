import { canonicalJson } from './canonical.ts';
import type { Difference } from './replay.ts';

/** What whoever sent the command of this id was told; without an outcome: that it was refused. */
export interface Answered {
  readonly id: string;
  readonly outcome?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Where a history says that something else was told than the code tells when it runs again: the stream that events were
 * handed over for, or what came of a command. A code of today may tell more than one of then did.
 */
export function apartFrom(
  replayed: { readonly stream: string | undefined; readonly answers: readonly Answered[] },
  told: { readonly streams: readonly string[]; readonly answers: readonly Answered[] },
): Difference | undefined {
  const { stream } = replayed;
  const other = stream === undefined ? undefined : told.streams.find((one) => one !== stream);
  if (other !== undefined) return { field: 'stream', replayed: stream ?? '–', found: other };
  const again = new Map(replayed.answers.map(({ id, outcome }) => [id, outcome]));
  for (const { id, outcome } of told.answers) {
    const now = again.get(id);
    if (outcome === undefined && now === undefined) continue;
    const same = Object.fromEntries(Object.keys(outcome ?? {}).map((name) => [name, now?.[name]]));
    const [one, two] = [now && outcome ? same : now, outcome].map((value) => canonicalJson(value ?? null));
    if (one !== two) return { field: 'answer', replayed: `${id} ${one}`, found: `${id} ${two}` };
  }
  return undefined;
}
