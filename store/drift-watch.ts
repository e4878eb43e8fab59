import type { Knex } from 'knex';
import { SETTINGS } from '../domain/settings.ts';
import type { Entry } from '../domain/catalogue.ts';
import type { Drift } from '../domain/drift.ts';
import type { Physical } from '../domain/mount-check.ts';

/** Hours from one look at a source to the next where a place has set nothing in `catalogue.watch-hours`. */
export const WATCH_HOURS = SETTINGS['catalogue.watch-hours'].usual;

/** A source that is due, taken for ten minutes: nobody else looks at it meanwhile. */
export async function takeDueSource(db: Knex): Promise<{ id: string; department: string } | undefined> {
  const { rows } = await db.raw<{ rows: { id: string; department: string }[] }>(
    `update data_sources set watched_until = now() + interval '10 minutes'
      where id = (select s.id from data_sources s
                   where s.watch_at <= now() and (s.watched_until is null or s.watched_until < now())
                     and exists (select from catalogue_entries e
                                  where e.current and e.status <> 'withdrawn' and e.body->'mount'->>'sourceId' = s.id)
                   order by s.watch_at, s.id limit 1 for update skip locked)
      returning id, department_id as department`,
  );
  return rows[0];
}

/** Says when it is to be looked at next: after so many hours; sooner, but ever later, while it cannot be read. */
export async function releaseSource(db: Knex, id: string, hours: number): Promise<void> {
  await db.raw(
    `update data_sources
        set watched_until = null,
            watch_at = now() + case when failures = 0 then make_interval(hours => :hours)
              else least(make_interval(hours => :hours), interval '15 minutes' * power(2, least(failures - 1, 10))) end
      where id = :id`,
    { id, hours },
  );
}

/** An entry that is mounted on a source, with what it was mounted on before; null: nothing; absent: it was not looked at. */
export interface WatchedEntry {
  readonly entry: Entry;
  readonly before?: Physical | null;
}

/** Current entries on a source, in the order of their ids, after the one named. */
export async function entriesOn(
  db: Knex,
  { sourceId, after, limit }: { readonly sourceId: string; readonly after: string; readonly limit: number },
): Promise<WatchedEntry[]> {
  const { rows } = await db.raw<{ rows: { entry: Entry; isKnown: boolean; physical: Physical | null }[] }>(
    `select e.body as entry, m.entry_id is not null as "isKnown", m.physical
       from catalogue_entries e left join catalogue_mounts m on m.entry_id = e.id and m.version = e.version
      where e.current and e.status <> 'withdrawn' and e.body->'mount'->>'sourceId' = ? and e.id > ?
      order by e.id limit ?`,
    [sourceId, after, limit],
  );
  return rows.map(({ entry, isKnown, physical }) => (isKnown ? { entry, before: physical } : { entry }));
}

/**
 * Writes down what a look at an entry has found, in one transaction: what is new is opened, what is there still is seen
 * again, what no longer holds is settled. What the provider called mended and is there still gets a task anew.
 */
export async function noteDrifts(
  db: Knex,
  { entry, before }: WatchedEntry,
  { now, drifts }: { readonly now: Physical | undefined; readonly drifts: readonly Drift[] },
): Promise<void> {
  const { id, version, provider, mount } = entry;
  if (!mount) return;
  await db.transaction(async (trx) => {
    const isCurrent = await trx('catalogue_entries').where({ id, version, current: true }).forShare().first('id');
    // Another version was published meanwhile: the next look is at that one.
    if (!isCurrent) return;
    if (before === undefined || (before === null && now)) {
      await trx('catalogue_mounts')
        .insert({ entry_id: id, version, physical: now ? JSON.stringify(now) : null })
        .onConflict('entry_id')
        .merge();
    }
    for (const { code, item, params } of drifts) {
      await trx.raw(
        `insert into catalogue_drifts as d (entry_id, version, provider_id, source_id, item, code, params)
         values (?, ?, ?, ?, ?, ?, ?)
         on conflict (entry_id, item, code) where settled_at is null
         do update set seen_at = now(), version = excluded.version, source_id = excluded.source_id, params = excluded.params,
           case_id = case when exists (select from cases c where c.id = d.case_id and c.status = 'completed')
                          then null else d.case_id end`,
        [id, version, provider, mount.sourceId, item, code, JSON.stringify(params)],
      );
    }
    const held = drifts.map(({ code, item }) => `${item} ${code}`);
    await trx.raw(
      `update catalogue_drifts set settled_at = now()
        where entry_id = ? and settled_at is null and not (item || ' ' || code = any(?))`,
      [id, held],
    );
  });
}

/** Settles what entries no longer have that are withdrawn or mounted nowhere by now. */
export async function settleUnmounted(db: Knex): Promise<void> {
  await db.raw(
    `update catalogue_drifts d set settled_at = now()
      where settled_at is null
        and not exists (select from catalogue_entries e where e.id = d.entry_id and e.current and e.status <> 'withdrawn'
                           and e.body->'mount' is not null)`,
  );
}

export interface UntoldDrifts {
  readonly entryId: string;
  readonly provider: string;
  readonly drifts: readonly (Drift & { readonly id: string })[];
}

/** What has no task yet, by entry. */
export async function untoldDrifts(db: Knex, limit: number): Promise<UntoldDrifts[]> {
  const { rows } = await db.raw<{ rows: UntoldDrifts[] }>(
    `select entry_id as "entryId", provider_id as provider,
            jsonb_agg(jsonb_build_object('id', id, 'code', code, 'item', item, 'params', params) order by item, code) as drifts
       from catalogue_drifts where settled_at is null and case_id is null
      group by 1, 2 order by 1 limit ?`,
    [limit],
  );
  return rows;
}

/** Gives drifts their task; how many had none. */
export async function giveTask(trx: Knex, ids: readonly string[], caseId: string): Promise<number> {
  return trx('catalogue_drifts').whereIn('id', ids).whereNull('case_id').update({ case_id: caseId });
}

/** Tasks of which no drift holds any more, and that nobody has answered yet. */
export async function idleTasks(db: Knex, limit: number): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `select c.id from cases c
      where c.kind = 'drift' and c.ended_at is null and c.status <> 'closing'
        and not exists (select from catalogue_drifts d where d.case_id = c.id and d.settled_at is null)
      order by c.id limit ?`,
    [limit],
  );
  return rows.map(({ id }) => id);
}

/** The sources of the drifts that a task is about, if they are still open, are looked at in the next round. */
export async function watchSoon(db: Knex, caseId: string): Promise<void> {
  await db.raw(
    `update data_sources set watch_at = least(watch_at, now())
      where id in (select source_id from catalogue_drifts where case_id = ? and settled_at is null)`,
    [caseId],
  );
}
