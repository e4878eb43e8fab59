import type { Knex } from 'knex';
import type { CaseEvent } from '../domain/case.ts';
import type { Grant } from '../domain/grant.ts';
import type { Entry, StreamKind } from '../domain/journal.ts';
import type { GrantEvent } from '../domain/kernel/grant.ts';
import type { StreamEvent } from '../domain/reconcile.ts';
import { projectCase, recordCase } from './case-projection.ts';
import { projectGrant } from './grant-projection.ts';
import { announce, CHANNELS } from './outbox.ts';
import { clearCase } from './rebuild.ts';
import { insertLines } from './sharing-lines.ts';
import { append } from './stream.ts';

/** A stream that the database knows of: it has recorded events, or the row of a case or a grant. */
export interface KnownStream {
  readonly kind: StreamKind;
  readonly streamId: string;
  readonly since: Date;
}

/** Every stream that the database knows of, oldest first. */
export async function knownStreams(knex: Knex): Promise<KnownStream[]> {
  const { rows } = await knex.raw<{ rows: KnownStream[] }>(
    `select distinct on (kind, "streamId") * from (
       select stream_kind as kind, stream_id as "streamId", recorded_at as since from events where seq = 1
       union all select kind, id, opened_at from cases
       union all select 'grant', id, created_at from grants) s
      order by kind, "streamId", since`,
  );
  return rows.toSorted((a, b) => a.since.getTime() - b.since.getTime());
}

/** The first event that rests on a version of a form that is not stored, with that version. What a form says is in no history. */
export async function withoutForm(
  knex: Knex,
  entries: readonly Entry<StreamEvent>[],
): Promise<{ readonly seq: number; readonly form: string } | undefined> {
  for (const { seq, event } of entries) {
    if (!('form' in event) || typeof event.form !== 'object') continue;
    const { id, version } = event.form;
    if (!(await knex('forms').where({ id, version }).first('id'))) return { seq, form: `${id} (${version})` };
  }
  return undefined;
}

export interface StreamToRecover {
  readonly kind: StreamKind;
  readonly streamId: string;
  /** What is to be recorded besides, in the batches in which it was handed over. */
  readonly missing: readonly (readonly Entry<StreamEvent>[])[];
}

/**
 * Records what a stream is missing, as `record` would have, and builds all that follows from the stream again from its
 * first event on: in one transaction, so that it is done or not begun. What a delivery noted on its way stays as it is.
 * Throws StreamConflict if the events do not go on from those that are recorded.
 */
export async function recoverStream(knex: Knex, { kind, streamId, missing }: StreamToRecover): Promise<void> {
  await knex.transaction(async (trx) => {
    await holdStream(trx, streamId);
    const known = await entriesOf(trx, streamId);
    if (kind === 'grant') {
      await clearGrant(trx, streamId);
      await projectGrant(trx, streamId, known as Entry<GrantEvent>[]);
    } else {
      await clearCase(trx, streamId);
      for (const part of toEachGrant(known as Entry<CaseEvent>[])) await projectCase(trx, streamId, part);
    }
    for (const entries of missing) {
      if (kind !== 'grant') await recordCase(trx, { kind, streamId, entries: entries as Entry<CaseEvent>[] });
      else
        await projectGrant(
          trx,
          streamId,
          await append(trx, { kind, streamId, entries: entries as Entry<GrantEvent>[] }),
        );
    }
  });
  if (missing.length > 0) await announce(knex, CHANNELS.outbox);
}

/** As whoever records it holds it. */
async function holdStream(trx: Knex, streamId: string): Promise<void> {
  await trx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [streamId]);
  await trx('cases').where({ id: streamId }).forNoKeyUpdate().first('id');
}

async function entriesOf(trx: Knex, streamId: string): Promise<Entry<StreamEvent>[]> {
  return trx('events')
    .where({ stream_id: streamId })
    .orderBy('seq')
    .select({ seq: 'seq', commandId: 'command_id', event: 'event' });
}

/** A grant that is not there either is made from the case as it stood when it gave it: each part ends with such a command. */
function toEachGrant(entries: readonly Entry<CaseEvent>[]): Entry<CaseEvent>[][] {
  const giving = new Set(entries.flatMap(({ commandId, event }) => (event.type === 'granted' ? [commandId] : [])));
  const parts: Entry<CaseEvent>[][] = [[]];
  for (const [at, entry] of entries.entries()) {
    parts.at(-1)?.push(entry);
    if (giving.has(entry.commandId) && entries[at + 1]?.commandId !== entry.commandId) parts.push([]);
  }
  return parts;
}

/** As it was when it was given. Whether its end was confirmed follows from another stream, and is written by an effect. */
async function clearGrant(trx: Knex, id: string): Promise<void> {
  const row = await trx('grants')
    .where({ id })
    .first<{ body: Grant; givenAt: Date } | undefined>('body', 'created_at as givenAt');
  if (!row) return;
  const confirmed = trx('cases')
    .where({ kind: 'disposal', about_grant_id: id, status: 'completed' })
    .orderBy('ended_at', 'desc')
    .limit(1)
    .select('id');
  await trx('grants')
    .where({ id })
    .update({
      ...{ status: 'active', state: null, seq: 0, updated_at: row.givenAt },
      disposal_case_id: trx.raw('coalesce((?), disposal_case_id)', [confirmed]),
    });
  await trx('sharing_lines').where({ grant_id: id }).delete();
  await insertLines(trx, row.body, row.givenAt.toISOString());
}
