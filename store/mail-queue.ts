import type { Knex } from 'knex';
import type { NoticeParams } from '../domain/notices/words.ts';

/** A mail as it goes out now. The address is personal data: it goes to the mail server and nowhere else. */
export interface DueMail {
  /** The same at each attempt. */
  readonly id: string;
  readonly address: string;
  readonly isDaily: boolean;
  readonly attempts: number;
  /** Oldest first. */
  readonly notices: readonly {
    readonly kind: string;
    readonly caseId: string | null;
    readonly href: string | null;
    readonly params: NoticeParams;
    readonly at: Date;
  }[];
}

/** What became of an attempt. `error` never holds an address. */
export type MailOutcome =
  | { readonly status: 'sent' }
  | { readonly status: 'pending'; readonly retryInMs: number; readonly error: string }
  | { readonly status: 'dead'; readonly error: string };

interface Row {
  readonly id: string;
  readonly personId: string;
  readonly isDaily: boolean;
  readonly attempts: number;
}

/** Closes the daily mails that are due: what comes after goes into the next ones. */
export async function closeDailyMails(knex: Knex): Promise<void> {
  await knex('mails').where({ is_closed: false }).whereRaw('due_at <= now()').update({ is_closed: true });
}

/**
 * Hands the mail that is due the longest to `attempt` and writes down what became of it. It is locked meanwhile, so that
 * no other process takes it; if this one dies, the lock goes with it and the mail is due as before. False: none is due.
 */
export async function withDueMail(knex: Knex, attempt: (mail: DueMail) => Promise<MailOutcome>): Promise<boolean> {
  return knex.transaction(async (trx) => {
    const row = await trx('mails')
      .first<Row | undefined>('id', 'person_id as personId', 'is_daily as isDaily', 'attempts')
      .where({ status: 'pending', is_closed: true })
      .whereRaw('due_at <= now()')
      .orderBy(['due_at', 'id'])
      .forNoKeyUpdate()
      .skipLocked();
    if (!row) return false;
    const address = await addressOf(trx, row.personId);
    const notices = await noticesIn(trx, row);
    if (address === undefined || notices.length === 0) {
      await trx('mails').where({ id: row.id }).update({ status: 'dropped', ended_at: trx.fn.now() });
      return true;
    }
    const outcome = await attempt({ ...row, address, notices });
    await settle(trx, row, outcome);
    return true;
  });
}

async function settle(trx: Knex, { id, attempts }: Row, outcome: MailOutcome): Promise<void> {
  const common = { status: outcome.status, attempts: attempts + 1 };
  const error = outcome.status === 'sent' ? null : outcome.error;
  const when =
    outcome.status === 'pending'
      ? { due_at: trx.raw(`now() + ? * interval '1 millisecond'`, [outcome.retryInMs]) }
      : { ended_at: trx.fn.now() };
  await trx('mails')
    .where({ id })
    .update({ ...common, ...when, error });
}

/** Undefined for who has none any more, or is no longer with us. */
async function addressOf(trx: Knex, personId: string): Promise<string | undefined> {
  const row = await trx('people').where({ id: personId, active: true }).first<{ email: string | null }>('email');
  return row?.email ?? undefined;
}

/** What was read in the application meanwhile is not told again the next morning. */
async function noticesIn(trx: Knex, { id, isDaily }: Row): Promise<DueMail['notices']> {
  const query = trx('mail_notices as m')
    .join('notices as n', 'n.id', 'm.notice_id')
    .select<DueMail['notices'][number][]>('n.kind', 'n.case_id as caseId', 'n.href', 'n.params', 'n.at')
    .where('m.mail_id', id)
    .orderBy('n.id');
  return isDaily ? query.whereNull('n.read_at') : query;
}
