import type pg from 'pg';

const GATE = 7_265_748;

/**
 * Puts so many persons more behind a view that stops at its last row for as long as somebody holds the gate, so that a
 * delivery is certainly on its way. The rows come by the index of the key, so that they flow before the last one is reached.
 */
export async function slowDown(owner: pg.Client, rows: number): Promise<void> {
  await owner.query(`
    insert into persons select filled.*
      from (select * from persons limit 1) p,
           (select lpad(n::text, 8, '0') as no from generate_series(1, ${rows}) n union all select null) rows,
           jsonb_populate_record(null::persons, to_jsonb(p) || jsonb_build_object(
             'record_no', coalesce('S' || no, 'zzzz'), 'id_card', coalesce(no, 'z'), 'name', '王')) filled;
    alter table persons rename to all_persons;
    create function gate(text) returns boolean language plpgsql volatile as $$
      begin
        if $1 = 'zzzz' then perform pg_catalog.pg_advisory_xact_lock_shared(${GATE}); end if;
        return true;
      end $$;
    create view persons as select * from all_persons where gate(record_no);
    grant select on persons to public;
    analyze all_persons`);
  await owner.query(
    `do $$ begin execute format('alter database %I set enable_sort = off', current_database()); end $$`,
  );
}

/** Held until its connection ends. */
export async function holdGate(owner: pg.Client): Promise<void> {
  await owner.query('select pg_advisory_lock($1)', [GATE]);
}

/** With how many sessions a delivery is connected to the database that is asked. */
export async function sessionsOf(deliveryId: string, database: pg.Client): Promise<number> {
  const { rows } = await database.query(
    `select 1 from pg_stat_activity where datname = current_database() and application_name = left($1, 63)`,
    [`santong ${deliveryId}`],
  );
  return rows.length;
}

export async function bytesIn(database: pg.Client): Promise<number> {
  const { rows } = await database.query<{ bytes: string }>('select pg_database_size(current_database()) as bytes');
  return Number(rows[0]?.bytes);
}
