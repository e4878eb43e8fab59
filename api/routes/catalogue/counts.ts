import { z } from 'zod';
import type { Fault } from '../../../domain/language.ts';
import { checkRowScope, type RowScope } from '../../../domain/row-scope.ts';
import { lookingInto } from '../../../sources/database.ts';
import { SourceFailure } from '../../../sources/failure.ts';
import { findEntry } from '../../../store/catalogue.ts';
import { connectionOf } from '../../../store/data-sources.ts';
import { endpoint, type Endpoint } from '../../endpoint.ts';
import { Problem } from '../../problem.ts';
import { idParams, time } from '../../schema.ts';
import type { RouteDeps } from '../deps.ts';
import { rowScope } from '../share-requests/schema.ts';
import { mayRequest } from './present.ts';

/** Fewer are not told: so few could be known one by one. */
const LEAST = 10;
/** The department's system has other work. */
const STATEMENT_MS = 5_000;
/** A person may have so many counts made in a minute. */
const MOST_A_MINUTE = 20;
const MINUTE_MS = 60_000;

const countAsked = z.strictObject({ rowScope }).meta({ id: 'CountAsk' });

const counted = z
  .object({
    rows: z.number().int().nullable().meta({ description: 'Null: fewer than `least`, down to none.' }),
    least: z.number().int(),
    at: time,
  })
  .meta({ id: 'CountOfRows' });

/** How many rows a request would be for, counted by the provider's own system before anything is filed. */
export function entryCountEndpoints({ db, policies, outside, sourceGuard, logger }: RouteDeps): Endpoint[] {
  const turns = turnsOfPeople();
  return [
    endpoint({
      method: 'post',
      path: '/api/catalogue/:id/counts',
      tag: 'catalogue',
      summary: 'How many rows a row scope names now, counted in the provider’s system; fewer than ten are not told',
      access: { object: 'share-request', action: 'file' },
      params: idParams,
      body: countAsked,
      checksBody: true,
      answers: { 200: counted },
      async handle({ params, body, actor, at, requestId }) {
        const entry = await findEntry(db, params.id);
        if (!entry) throw new Problem('NotFound');
        if (!mayRequest(entry, { actor, policies })) throw new Problem('NotAllowed');
        const faults = faultsOf(body, entry.items);
        if (faults.length > 0) throw new Problem('Invalid', { faults });
        const scope = body.rowScope as RowScope;
        const wait = turns.take(actor.person, performance.now());
        if (wait > 0) throw new Problem('TooManyCounts', { retryAfter: Math.ceil(wait / 1_000) });
        const { url, isTrusted } = await connectionOf(db, entry.mount.sourceId, outside.secretKey);
        const options = { statementMs: STATEMENT_MS, ...(isTrusted ? {} : { guard: sourceGuard }) };
        const rows = await fromSource(() =>
          lookingInto(url, options, (database) => database.count({ mount: entry.mount, scope })),
        );
        // What people learn of data that is not granted to them is on record; values may be somebody's number or name.
        const conditions = scope.all.map(({ item, operator }) => ({ item, operator }));
        logger.info({ requestId, person: actor.person, entryId: entry.id, conditions }, 'rows of a scope were counted');
        return { status: 200, body: { rows: rows < LEAST ? null : rows, least: LEAST, at } };
      },
    }),
  ];
}

type Items = Parameters<typeof checkRowScope>[1];

/** Everything that is wrong with what was sent, which may be anything. A count by what is withheld would tell of it. */
function faultsOf(body: unknown, items: Items): Fault[] {
  const { rowScope: scope, ...others } = (body ?? {}) as Record<string, unknown>;
  const offered = items.filter(({ shareType }) => shareType !== 'withheld');
  const unknown = Object.keys(others).map((name): Fault => ({ pointer: `/${name}`, code: 'UnknownMember' }));
  return [...unknown, ...checkRowScope(scope, offered)];
}

/** @throws {Problem} SourceTimedOut, SourceFailed */
async function fromSource(work: () => Promise<number | undefined>): Promise<number> {
  try {
    const rows = await work();
    if (rows === undefined) throw new Problem('SourceFailed');
    return rows;
  } catch (error) {
    if (!(error instanceof SourceFailure)) throw error;
    throw new Problem(error.reason === 'TimedOut' ? 'SourceTimedOut' : 'SourceFailed', { cause: error });
  }
}

/** How long somebody has to wait for a turn, in milliseconds; 0: it is taken. */
function turnsOfPeople(): { take(person: string, now: number): number } {
  const taken = new Map<string, number[]>();
  return {
    take(person, now) {
      const recent = (taken.get(person) ?? []).filter((at) => now - at < MINUTE_MS);
      const [oldest = now] = recent;
      if (recent.length >= MOST_A_MINUTE) return MINUTE_MS - (now - oldest);
      taken.delete(person);
      taken.set(person, [...recent, now]);
      const [first] = taken.keys();
      if (taken.size > 10_000 && first !== undefined) taken.delete(first);
      return 0;
    },
  };
}
