import type { Knex } from 'knex';
import type { Audience } from '../domain/notices/notices.ts';
import type { NoticeKind, NoticeParams } from '../domain/notices/words.ts';
import type { PlacedNotice } from './publish-notices.ts';

/** What people are told that follows from no event of a case. */
export interface Telling {
  readonly kind: NoticeKind;
  readonly to: Audience;
  readonly params: NoticeParams;
  /** Where it can be read: `/api/catalogue/e-1`. */
  readonly href: string;
  readonly at: string;
}

/** A row of the outbox with its place; an event where it is no telling. */
interface Placed {
  readonly id: number;
  readonly position: number;
  readonly telling: Telling | null;
}

const TELLING = 'telling';

/** Puts it into the outbox, in the transaction of what it tells of; whoever publishes events tells it in its turn. */
export async function tell(trx: Knex, telling: Telling): Promise<void> {
  const { people, seats } = telling.to;
  if (people.length === 0 && seats.length === 0) return;
  await trx('outbox').insert({
    stream_kind: TELLING,
    stream_id: telling.href,
    seq: 0,
    telling: JSON.stringify(telling),
  });
}

/**
 * Gives the tellings among what waits their positions and says what notices they are. They are no events: nobody but who
 * is told sees them.
 */
export async function placeTellings(trx: Knex, waiting: readonly Placed[]): Promise<PlacedNotice[]> {
  const notices: PlacedNotice[] = [];
  for (const { id, position, telling } of waiting) {
    if (!telling) continue;
    await trx('outbox').where({ id }).update({ position, type: TELLING, parties: [], at: telling.at });
    notices.push({ ...telling, position, caseId: null, grantId: null });
  }
  return notices;
}
