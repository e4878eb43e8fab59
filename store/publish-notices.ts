import type { Knex } from 'knex';
import type { Audience, Notice } from '../domain/notices/notices.ts';
import { MAIL_DEFAULTS, type MailMode, type Topic, topicOf } from '../domain/notices/words.ts';

/** A notice with its place in the feed, before it is known who exactly gets it. */
export interface PlacedNotice extends Notice {
  readonly position: number;
  readonly caseId: string | null;
  readonly grantId: string | null;
  /** Where to read on, where it is not about a case. */
  readonly href?: string;
  readonly at: string;
}

interface Delivered {
  readonly id: number;
  readonly personId: string;
  readonly topic: Topic;
}

/** When the mail with everything of a day goes: half past eight in the morning, Asia/Shanghai. */
const NEXT_MORNING = `(date_trunc('day', now() at time zone 'Asia/Shanghai' - interval '8 hours 30 minutes')
  + interval '1 day 8 hours 30 minutes') at time zone 'Asia/Shanghai'`;

/** Writes a notice for each person who is told, and what of it goes by e-mail. */
export async function deliverNotices(
  trx: Knex,
  notices: readonly PlacedNotice[],
  { hasMail }: { readonly hasMail: boolean },
): Promise<void> {
  if (notices.length === 0) return;
  const people = await peopleIn(
    trx,
    notices.map(({ to }) => to),
  );
  const rows = notices.flatMap((notice) =>
    [...people(notice.to)].map((person) => ({
      person_id: person,
      position: notice.position,
      kind: notice.kind,
      topic: topicOf(notice.kind),
      case_id: notice.caseId,
      grant_id: notice.grantId,
      href: notice.href,
      params: notice.params,
      at: notice.at,
    })),
  );
  if (rows.length === 0) return;
  const { rows: delivered } = await trx.raw<{ rows: Delivered[] }>(
    `insert into notices (person_id, position, kind, topic, case_id, grant_id, href, params, at)
     select person_id, position, kind, topic, case_id, grant_id, href, params, at
       from jsonb_to_recordset(?::jsonb) as v(person_id text, position bigint, kind text, topic text, case_id text,
                                             grant_id text, href text, params jsonb, at timestamptz)
     on conflict (person_id, position) do nothing
     returning id, person_id as "personId", topic`,
    [JSON.stringify(rows)],
  );
  if (hasMail) await addMails(trx, delivered);
}

/** Who exactly an audience is: active people only, whoever holds a seat now. */
async function peopleIn(trx: Knex, audiences: readonly Audience[]): Promise<(to: Audience) => Set<string>> {
  const named = [...new Set(audiences.flatMap(({ people }) => people))];
  const departments = [...new Set(audiences.flatMap(({ seats }) => seats.map(({ department }) => department)))];
  const active = new Set(
    (await trx('people').select<{ id: string }[]>('id').whereIn('id', named).where({ active: true })).map(
      ({ id }) => id,
    ),
  );
  // A role counts in the department to which its holder belongs, as with sessions.
  const seated = await trx('person_roles as r')
    .join('people as p', (on) => on.on('p.id', 'r.person_id').andOn('p.department_id', 'r.department_id'))
    .select<{ person: string; department: string; role: string }[]>(
      'p.id as person',
      'p.department_id as department',
      'r.role',
    )
    .whereIn('r.department_id', departments)
    .where('p.active', true)
    .orderBy('p.id');
  return ({ people, seats, except }) => {
    const told = new Set(people.filter((person) => active.has(person)));
    for (const { person, department, role } of seated) {
      if (seats.some((seat) => seat.department === department && seat.role === role)) told.add(person);
    }
    for (const person of except) told.delete(person);
    return told;
  };
}

async function addMails(trx: Knex, delivered: readonly Delivered[]): Promise<void> {
  const people = [...new Set(delivered.map(({ personId }) => personId))];
  const reached = new Set(
    (await trx('people').select<{ id: string }[]>('id').whereIn('id', people).whereNotNull('email')).map(
      ({ id }) => id,
    ),
  );
  const chosen = await trx('notice_preferences')
    .select<{ personId: string; topic: string; mail: MailMode }[]>('person_id as personId', 'topic', 'mail')
    .whereIn('person_id', people);
  const modeOf = ({ personId, topic }: Delivered): MailMode =>
    chosen.find((one) => one.personId === personId && one.topic === topic)?.mail ?? MAIL_DEFAULTS[topic];
  for (const notice of delivered) {
    const mode = modeOf(notice);
    if (!reached.has(notice.personId) || mode === 'none') continue;
    const mailId = mode === 'daily' ? await dailyMail(trx, notice.personId) : await mailAtOnce(trx, notice.personId);
    await trx('mail_notices').insert({ mail_id: mailId, notice_id: notice.id });
  }
}

async function mailAtOnce(trx: Knex, personId: string): Promise<string> {
  const row = { person_id: personId, is_daily: false, is_closed: true, due_at: trx.fn.now() };
  const [made] = await trx('mails').insert(row).returning<{ id: string }[]>('id');
  return idOf(made);
}

/** The one that still takes notices, locked until they are in, or a new one for the next morning. */
async function dailyMail(trx: Knex, personId: string): Promise<string> {
  const { rows } = await trx.raw<{ rows: { id: string }[] }>(
    `insert into mails (person_id, is_daily, is_closed, due_at) values (?, true, false, ${NEXT_MORNING})
     on conflict (person_id) where not is_closed do update set due_at = mails.due_at returning id`,
    [personId],
  );
  return idOf(rows[0]);
}

function idOf(row: { readonly id: string } | undefined): string {
  if (!row) throw new Error('A mail was not stored');
  return row.id;
}
