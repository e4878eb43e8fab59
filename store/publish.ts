import type { Knex } from 'knex';
import { partiesOf } from '../domain/case.ts';
import { cloudEvent, takes, type Told, typeOfEvent } from '../domain/notices/cloud-event.ts';
import type { AnyEvent, NoticeFacts } from '../domain/notices/facts.ts';
import { noticesOf } from '../domain/notices/notices.ts';
import { basesOf, factsAt, type Known, type KnownCases } from './known-cases.ts';
import { isOfTheEvent } from './outage.ts';
import { CHANNELS, placeBare } from './outbox.ts';
import { deliverNotices, type PlacedNotice } from './publish-notices.ts';
import { narrowingOf } from './refused-items.ts';
import { placeTellings, type Telling } from './tellings.ts';

export interface PublishContext {
  /** Whether people are told by e-mail. */
  readonly hasMail: boolean;
  /** Where CloudEvents come from: the platform's public address. */
  readonly source: string;
  /** Whether a department's webhooks are told of the cases of all departments. */
  seesAll(department: string): boolean;
  /** What is known of cases so far, so that their events need not be read from the first one each time. */
  readonly known?: KnownCases;
}

interface Waiting {
  readonly id: number;
  readonly position: number;
  readonly streamKind: string;
  readonly streamId: string;
  readonly seq: number;
}

interface Published extends Waiting {
  readonly caseId: string;
  readonly event: AnyEvent;
  readonly type: string;
  readonly case: Told['case'] | undefined;
  readonly facts: NoticeFacts;
}

/** Events that are published in one transaction. */
const AT_ONCE = 100;

/** With positions only: nothing follows from them. */
const BARE = 'bare';

/**
 * Publishes, and passes by an event that nothing can be made of, so that it holds up no other: it gets its position, and
 * nobody is told. That is said to `passed`. Says whether there may be more.
 * @throws when it may be the database rather than the event: to pass by an event for a broken connection would lose it
 */
export async function publishOrPass(
  knex: Knex,
  context: PublishContext,
  passed: (error: unknown) => void,
): Promise<boolean> {
  try {
    return (await publishWaiting(knex, context)) === AT_ONCE;
  } catch (error) {
    if (!isOfTheEvent(error)) throw error;
  }
  try {
    return ((await publishWaiting(knex, context, 1)) ?? 0) > 0;
  } catch (error) {
    if (!isOfTheEvent(error)) throw error;
    passed(error);
    return ((await publishWaiting(knex, BARE, 1)) ?? 0) > 0;
  }
}

/**
 * Publishes what waits in the outbox, oldest first: gives each event its position, and writes the notices, mails and
 * webhook deliveries that follow from it, in one transaction. Only one process does so at a time, so positions are seen
 * in their order. Says how many; undefined when another process is at it.
 */
export async function publishWaiting(
  knex: Knex,
  context: PublishContext | typeof BARE,
  limit = AT_ONCE,
): Promise<number | undefined> {
  return knex.transaction(async (trx) => {
    const feed = await trx('feed').first<{ head: number } | undefined>('head').forNoKeyUpdate().skipLocked();
    if (!feed) return undefined;
    const rows = await trx('outbox')
      .select<(Omit<Waiting, 'position'> & { telling: Telling | null })[]>(
        'id',
        'stream_kind as streamKind',
        'stream_id as streamId',
        'seq',
        'telling',
      )
      .whereNull('position')
      .orderBy('id')
      .limit(limit);
    if (rows.length === 0) return 0;
    const waiting = rows.map((row, index) => ({ ...row, position: feed.head + index + 1 }));
    if (context === BARE) await placeBare(trx, waiting);
    else {
      const events = waiting.filter(({ telling }) => telling === null);
      const published = await readAll(trx, events, context.known ?? new Map());
      await place(trx, published);
      const told = await placeTellings(trx, waiting);
      const notices = await Promise.all(published.map((one) => placedNotices(trx, one)));
      await deliverNotices(trx, [...notices.flat(), ...told], context);
      await deliverToWebhooks(trx, published, context);
    }
    await trx('feed').update({ head: feed.head + waiting.length });
    await trx.raw('select pg_notify(?, ?)', [CHANNELS.feed, '']);
    return waiting.length;
  });
}

async function placedNotices(trx: Knex, published: Published): Promise<PlacedNotice[]> {
  const { streamKind, streamId, position, caseId, event, facts, ...row } = published;
  const found = row.case;
  if (!found) return [];
  const { number, title } = found;
  const notices = noticesOf(streamKind, event, facts);
  const more = notices.some(({ kind }) => kind === 'grantedPartly') ? await narrowingOf(trx, published) : {};
  return notices.map((notice) => ({
    ...notice,
    position,
    caseId,
    grantId: streamKind === 'grant' ? streamId : null,
    at: event.at,
    params: { number, title, ...notice.params, ...more },
  }));
}

async function readAll(trx: Knex, waiting: readonly Waiting[], known: KnownCases): Promise<Published[]> {
  if (waiting.length === 0) return [];
  const grants = waiting.filter(({ streamKind }) => streamKind === 'grant').map(({ streamId }) => streamId);
  const caseOf = new Map(
    (await trx('grants').select<{ id: string; caseId: string }[]>('id', 'case_id as caseId').whereIn('id', grants)).map(
      ({ id, caseId }) => [id, caseId],
    ),
  );
  const caseIds = [...new Set(waiting.map(({ streamId }) => caseOf.get(streamId) ?? streamId))];
  const cases = await trx('cases')
    .select<Told['case'][]>('id', 'number', 'title', 'kind', 'requester_id as requester', 'provider_id as provider')
    .whereIn('id', caseIds);
  const bases = basesOf(known, caseIds, waiting);
  const streams = await readStreams(trx, { caseIds, waiting, bases });
  return waiting.map((row) => {
    const events = streams.get(row.streamId) ?? [];
    const event = events.find(({ seq }) => seq === row.seq)?.event;
    if (!event) throw new Error(`Event ${row.seq} of ${row.streamId} is in the outbox and not recorded`);
    const caseId = caseOf.get(row.streamId) ?? row.streamId;
    const upTo = row.streamKind === 'grant' ? Number.MAX_SAFE_INTEGER : row.seq;
    return {
      ...row,
      event,
      caseId,
      type: typeOfEvent(row.streamKind, event.type),
      case: cases.find(({ id }) => id === caseId),
      facts: factsAt(known, caseId, { upTo, base: bases.get(caseId), events: streams.get(caseId) ?? [] }),
    };
  });
}

interface Read {
  readonly streamId: string;
  readonly seq: number;
  readonly event: AnyEvent;
}

/** The events of the cases that are not known yet, and those that wait. */
async function readStreams(
  trx: Knex,
  {
    caseIds,
    waiting,
    bases,
  }: {
    readonly caseIds: readonly string[];
    readonly waiting: readonly Waiting[];
    readonly bases: ReadonlyMap<string, Known>;
  },
): Promise<ReadonlyMap<string, readonly Read[]>> {
  const from = caseIds.map((id) => ({ id, seq: bases.get(id)?.seq ?? 0 }));
  const rows = await trx('events')
    .select<Read[]>('stream_id as streamId', 'seq', 'event')
    .whereRaw(
      `(stream_id, seq) in (
         select e.stream_id, e.seq from jsonb_to_recordset(?::jsonb) as f(id text, seq integer)
           join events e on e.stream_id = f.id and e.seq > f.seq)`,
      [JSON.stringify(from)],
    )
    .orWhereIn(
      ['stream_id', 'seq'],
      waiting.map(({ streamId, seq }) => [streamId, seq]),
    )
    .orderBy(['stream_id', 'seq']);
  const streams = new Map<string, Read[]>();
  for (const row of rows) {
    const stream = streams.get(row.streamId);
    if (stream) stream.push(row);
    else streams.set(row.streamId, [row]);
  }
  return streams;
}

async function place(trx: Knex, published: readonly Published[]): Promise<void> {
  const rows = published.map(({ id, position, caseId, type, event, ...row }) => ({
    id,
    position,
    type,
    case_id: caseId,
    at: event.at,
    parties: row.case ? partiesAt(row.facts, row.case) : [],
  }));
  await trx.raw(
    `update outbox o
        set position = v.position, case_id = v.case_id, type = v.type, at = v.at,
            parties = array(select jsonb_array_elements_text(v.parties))
       from jsonb_to_recordset(?::jsonb)
         as v(id bigint, position bigint, case_id text, type text, at timestamptz, parties jsonb)
      where o.id = v.id`,
    [JSON.stringify(rows)],
  );
}

/** The departments that the case concerns at this event. */
function partiesAt({ state }: NoticeFacts, { requester, provider }: Told['case']): string[] {
  return state ? partiesOf(state) : [requester, provider];
}

async function deliverToWebhooks(trx: Knex, published: readonly Published[], context: PublishContext): Promise<void> {
  const webhooks = await trx('webhooks')
    .select<{ id: string; department: string; types: string[] }[]>('id', 'department_id as department', 'types')
    .where({ active: true });
  const rows = published.flatMap((one) => {
    const told = one.case;
    if (!told) return [];
    const takers = webhooks.filter(
      ({ department, types }) =>
        (partiesAt(one.facts, told).includes(department) || context.seesAll(department)) &&
        types.some((filter) => takes(filter, one.type)),
    );
    if (takers.length === 0) return [];
    const body = JSON.stringify(cloudEvent({ ...one, case: told }, context.source));
    return takers.map(({ id }) => ({
      webhook_id: id,
      order_key: one.caseId,
      position: one.position,
      type: one.type,
      body,
    }));
  });
  if (rows.length > 0) await trx.batchInsert('webhook_deliveries', rows, 500);
}
