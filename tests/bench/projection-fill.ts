import type { Knex } from 'knex';
import { playedCase } from '../support/played-cases.ts';
import { storePlayed, storeStaff } from '../support/played-store.ts';

/** How much the platform holds after some years, by the goal that this is measured for. */
export const SIZES = { openCases: 10_000, tasks: 100_000, events: 1_000_000 } as const;
/** Of a city: a few departments have most of the work. */
export const DEPARTMENTS = 40;
/** Cases that were really played and recorded; everything else is made of copies of them. */
const TEMPLATES = 300;

/**
 * Fills an empty database with a few hundred cases that the kernel decided and the recorder recorded, and copies them with
 * other departments, people and times until there are as many as wanted. The copies' digests and states are those of what
 * they were copied from: they are to be searched, not to be gone on with.
 */
export async function fill(knex: Knex, say: (line: string) => void): Promise<void> {
  await storeStaff(knex);
  await moreStaff(knex);
  for (let n = 0; n < TEMPLATES; n += 1) await storePlayed(knex, playedCase(n, { steps: 20 + (n % 3) * 10 }));
  say(`${TEMPLATES} cases played`);
  await knex.transaction(async (trx) => {
    await planCopies(trx);
    for (const [what, sql] of Object.entries(COPIES)) {
      await trx.raw(sql);
      say(`${what} copied`);
    }
  });
  await knex.raw('vacuum analyze');
  const { rows } = await knex.raw<{ rows: Record<string, number>[] }>(
    `select (select count(*)::int from cases where ended_at is null) as "openCases",
            (select count(*)::int from tasks) as tasks, (select count(*)::int from events) as events`,
  );
  const held = rows[0] ?? {};
  say(JSON.stringify(held));
  for (const [what, least] of Object.entries(SIZES)) {
    if ((held[what] ?? 0) < least) throw new Error(`Only ${held[what]} of ${least} ${what}`);
  }
}

/** Departments beside those of the city, and people for the roles: a city's department has more than one reviewer. */
async function moreStaff(knex: Knex): Promise<void> {
  await knex.raw(`
    insert into departments (id, name, name_en, credit_code, sort)
      select 'dept-' || n, '第' || n || '局', 'Bureau ' || n, 'bench-' || n, 100 + n
        from generate_series(1, ${DEPARTMENTS} - (select count(*) from departments)::int) n;
    insert into people (id, name, department_id, password_hash)
      select d.id || '.' || post || case when nth = 0 then '' else nth::text end, d.id || post || nth, d.id, '-'
        from departments d, unnest(array['requester', 'lead', 'reviewer']) post, generate_series(0, 3) nth
      on conflict do nothing;
  `);
}

/** A number from 0 to 1 that a copy and a purpose stand for. */
const draw = (what: string): string => `((hashtext(t.id || ' ' || n || ' ${what}') & 2147483647) / 2147483648.0)`;

/** Which copies there will be, and who and when is who and when in them. */
async function planCopies(trx: Knex): Promise<void> {
  await trx.raw(`
    create function pg_temp.department(old text, r text, p text, q text) returns text immutable language sql as
      $$select case old when 'civil-affairs' then r when 'public-security' then p when 'transport' then q else old end$$;
    create function pg_temp.person(old text, nth int, r text, p text, q text) returns text immutable language sql as
      $$select pg_temp.department(split_part(old, '.', 1), r, p, q) || '.' || split_part(old, '.', 2)
               || case when nth % 4 = 0 or split_part(old, '.', 1) = 'data-bureau' then '' else (nth % 4)::text end$$;
    create temp table ranked on commit drop as
      select id, row_number() over (order by sort)::int - 1 as rank from departments where id <> 'data-bureau';
    create temp table templates on commit drop as
      select c.id, c.ended_at is null as is_open, c.seq as events from cases c;
    create temp table planned on commit drop as
      with sizes as (
        select count(*) filter (where is_open) as open, sum(events) filter (where is_open) as open_events,
               sum(events) filter (where not is_open) as ended_events from templates),
      times as (
        select ceil(${SIZES.openCases}.0 / open)::int as open,
               ceil((${SIZES.events} - ceil(${SIZES.openCases}.0 / open) * open_events) / ended_events)::int as ended
          from sizes)
      select t.id as template, t.id || '-' || n as id, n as nth,
             floor(power(${draw('requester')}, 2) * (${DEPARTMENTS} - 1))::int as rank,
             floor(power(${draw('provider')}, 2) * (${DEPARTMENTS} - 4))::int as offset_by,
             make_interval(secs => ${draw('time')} * 86400 * 200) as later
        from templates t, times, generate_series(1, case when t.is_open then times.open else times.ended end) n;
    create temp table copied on commit drop as
      select p.template, p.id, p.nth, p.later, a.id as r, b.id as p, c.id as q
        from planned p
        join ranked a on a.rank = p.rank
        join ranked b on b.rank = (p.rank + 1 + p.offset_by) % (${DEPARTMENTS} - 1)
        join ranked c on c.rank = (p.rank + 2 + p.offset_by) % (${DEPARTMENTS} - 1);
    create index on copied (template);
    analyze copied;
  `);
}

const IS = 'm.r, m.p, m.q';

const COPIES: Readonly<Record<string, string>> = {
  cases: `
    insert into cases (id, number, kind, title, status, stage, requester_id, provider_id, applicant_id, entry_id,
        entry_version, form_id, form_version, parties, state, seq, due_on, opened_at, updated_at, ended_at, duration_ms)
      select m.id, 'B-' || row_number() over (), c.kind, c.title, c.status, c.stage,
             pg_temp.department(c.requester_id, ${IS}), pg_temp.department(c.provider_id, ${IS}),
             pg_temp.person(c.applicant_id, m.nth, ${IS}), c.entry_id, c.entry_version, c.form_id, c.form_version,
             array(select pg_temp.department(one, ${IS}) from unnest(c.parties) one), c.state, c.seq, c.due_on,
             c.opened_at + m.later, c.updated_at + m.later, c.ended_at + m.later, c.duration_ms
        from cases c join copied m on m.template = c.id`,
  tasks: `
    insert into tasks (id, case_id, stage, activation, seat, department_id, role, status, verdict, decided_by, opened_at,
        closed_at, due_on, holder_id, barred)
      select m.id || substr(t.id, length(m.template) + 1), m.id, t.stage, t.activation, t.seat,
             pg_temp.department(t.department_id, ${IS}), t.role, t.status, t.verdict,
             pg_temp.person(t.decided_by, m.nth, ${IS}), t.opened_at + m.later, t.closed_at + m.later, t.due_on,
             -- Every third has been handed to one person.
             case when m.nth % 3 = 0 then pg_temp.department(t.department_id, ${IS}) || '.reviewer' end,
             array(select pg_temp.person(one, m.nth, ${IS}) from unnest(t.barred) one)
        from tasks t join copied m on m.template = t.case_id`,
  copies: `
    insert into copies (case_id, stage, department_id, role, told_at)
      select c.id, 'provider-lead', c.provider_id, 'sharing-lead', c.updated_at from cases c on conflict do nothing`,
  'stage visits': `
    insert into stage_visits
      select m.id, v.stage, v.activation, pg_temp.department(v.department_id, ${IS}), v.process, v.step,
             v.opened_at + m.later, v.answers, v.answered_at + m.later, v.verdict, v.closed_at + m.later, v.due_on,
             v.promised_on, v.has_passed, v.returns, v.handled_ms
        from stage_visits v join copied m on m.template = v.case_id`,
  events: `
    insert into events (stream_id, seq, stream_kind, command_id, event, digest, recorded_at)
      select m.id, e.seq, e.stream_kind, e.command_id, e.event, e.digest, e.recorded_at + m.later
        from events e join copied m on m.template = e.stream_id`,
};
