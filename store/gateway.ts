import type { Knex } from 'knex';
import type { Entry } from '../domain/catalogue.ts';
import type { Grant } from '../domain/grant.ts';
import type { Rate } from '../domain/rate.ts';
import type { SharingLine } from '../domain/sharing.ts';
import { type GrantKey, keyByDigest } from './grant-keys.ts';
import { linesFor } from './sharing-lines.ts';
import { grantWithEntry } from './transfers.ts';

/** Everything in the database that a decision on a call rests on. */
export interface CallGrounds {
  readonly key: GrantKey;
  readonly grant: Grant;
  readonly entry: Entry;
  /** Those in force of the department and the entry. */
  readonly lines: readonly SharingLine[];
}

/** What belongs to a key, by its digest; undefined: there is no such key. */
export async function groundsOf(db: Knex, digest: Buffer): Promise<CallGrounds | undefined> {
  const key = await keyByDigest(db, digest);
  if (!key) return undefined;
  const { grant, entry } = await grantWithEntry(db, key.grantId);
  return { key, grant, entry, lines: await linesFor(db, grant.requester, grant.entryId) };
}

export const SPANS = ['second', 'minute', 'day'] as const;
export type Span = (typeof SPANS)[number];

export const LIMIT_OF = { second: 'perSecond', minute: 'perMinute', day: 'perDay' } as const satisfies Record<
  Span,
  keyof Rate
>;

/** What was taken of a span of a grant's rate for a process to give out. */
export interface Share {
  readonly span: Span;
  readonly taken: number;
  /** Of the whole span, left for others. */
  readonly left: number;
  /** Until the span is over, in milliseconds. */
  readonly endsInMs: number;
}

/** By the database's clock, which is the same for all processes; days are Shanghai's. */
const STARTS = `case span when 'second' then date_trunc('second', now()) when 'minute' then date_trunc('minute', now())
  else date_trunc('day', now() at time zone 'Asia/Shanghai') at time zone 'Asia/Shanghai' end`;

/** In the order of their names, so that two processes never wait for each other's. */
const TAKE = `
  insert into gateway_counters as c (grant_id, span, starts, used, taken, most)
  select :grant, span, ${STARTS}, least(wanted, most), least(wanted, most), most
    from unnest(:spans::text[], :wanted::bigint[], :most::bigint[]) as asked(span, wanted, most) order by span
  on conflict (grant_id, span) do update set
    starts = greatest(c.starts, excluded.starts),
    most = excluded.most,
    taken = case when c.starts < excluded.starts then excluded.taken
                 else greatest(0, least(excluded.taken, excluded.most - c.used)) end,
    used = case when c.starts < excluded.starts then excluded.taken
                else c.used + greatest(0, least(excluded.taken, excluded.most - c.used)) end
  returning span, taken, most - used as left,
    1000 * extract(epoch from starts + ('1 ' || span)::interval - clock_timestamp())::float8 as "endsInMs"`;

/** Takes shares of a grant's rate, of each span that is named as much as is wanted and there. Never more than the rate allows. */
export async function takeShares(
  db: Knex,
  grantId: string,
  wanted: readonly { readonly span: Span; readonly count: number; readonly most: number }[],
): Promise<Share[]> {
  const { rows } = await db.raw<{ rows: Share[] }>(TAKE, {
    grant: grantId,
    spans: wanted.map(({ span }) => span),
    wanted: wanted.map(({ count }) => count),
    most: wanted.map(({ most }) => most),
  });
  return rows;
}
