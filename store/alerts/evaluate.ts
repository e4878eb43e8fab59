import type { Knex } from 'knex';
import { follow, type Step } from '../../domain/alerts/follow.ts';
import { type AlertRule, type Tell, type Watch, WATCHES } from '../../domain/alerts/rules.ts';
import type { Capacity } from '../../domain/case.ts';
import { announce, CHANNELS } from '../outbox.ts';
import { tell } from '../tellings.ts';
import { type Measured, MEASURES } from './measures.ts';
import { alertRules } from './rules.ts';

const PLACE = 'santong/alerts';
/** Who runs the platform. */
const PLATFORM = 'data-bureau';

interface OpenAlert {
  readonly id: string;
  readonly ruleId: string;
  readonly watches: string;
  readonly subject: string;
  readonly title: string;
  readonly provider: string | null;
  readonly requester: string | null;
  readonly worst: number;
  readonly since: Date;
  readonly openedAt: Date | null;
  readonly calmSince: Date | null;
  readonly seenAt: Date;
}

type Failed = (watch: Watch, error: unknown) => void;

/**
 * Holds everything that is watched against the rules, and tells people of what opens and what is over: in one transaction
 * with the alerts themselves, by one process at a time, so that a process that is killed neither loses nor doubles a word.
 * What cannot be measured is said to `failed`, and its alerts stay as they are. False: another process is at it.
 */
export async function evaluateAlerts(db: Knex, failed: Failed): Promise<boolean> {
  const isDone = await db.transaction(async (trx) => {
    const { rows } = await trx.raw<{ rows: { taken: boolean; now: Date }[] }>(
      'select pg_try_advisory_xact_lock(hashtextextended(?, 0)) as taken, now() as now',
      [PLACE],
    );
    const [place] = rows;
    if (!place?.taken) return false;
    const rules = (await alertRules(trx)).filter(({ enabled }) => enabled);
    const open = await openAlerts(trx);
    const measures = await measureAll(trx, [...new Set(rules.map(({ watches }) => watches))], failed);
    for (const rule of rules) {
      const found = measures.get(rule.watches);
      if (found) await holdAgainst(trx, { rule, found, now: place.now, open: open.filter(isOf(rule)) });
    }
    await dropStray(
      trx,
      open.filter((alert) => !rules.some((rule) => isOf(rule)(alert))),
    );
    return true;
  });
  if (isDone) await announce(db, CHANNELS.outbox);
  return isDone;
}

const isOf =
  ({ id, watches }: AlertRule) =>
  (alert: OpenAlert): boolean =>
    alert.ruleId === id && alert.watches === watches;

async function openAlerts(trx: Knex): Promise<OpenAlert[]> {
  return trx('alerts').whereNull('closed_at').forUpdate().select<OpenAlert[]>({
    id: 'id',
    ruleId: 'rule_id',
    watches: 'watches',
    subject: 'subject',
    title: 'title',
    provider: 'provider_id',
    requester: 'requester_id',
    worst: 'worst',
    since: 'since',
    openedAt: 'opened_at',
    calmSince: 'calm_since',
    seenAt: 'seen_at',
  });
}

/** Each in a savepoint of its own: what cannot be measured holds up nothing else. */
async function measureAll(trx: Knex.Transaction, watches: readonly Watch[], failed: Failed) {
  const measures = new Map<Watch, readonly Measured[]>();
  for (const watch of watches) {
    try {
      measures.set(watch, await trx.transaction((inner) => MEASURES[watch](inner)));
    } catch (error) {
      failed(watch, error);
    }
  }
  return measures;
}

interface Held {
  readonly rule: AlertRule;
  readonly found: readonly Measured[];
  readonly open: readonly OpenAlert[];
  readonly now: Date;
}

async function holdAgainst(trx: Knex, { rule, found, open, now }: Held): Promise<void> {
  const known = new Map(open.map((alert) => [alert.subject, alert]));
  // What has no value any more is as it should be.
  const gone = open.filter(({ subject }) => !found.some((one) => one.subject === subject));
  for (const one of [...found, ...gone.map((alert) => ({ ...alert, value: 0 }))]) {
    const alert = known.get(one.subject);
    const step = follow(alert && standing(alert), one.value, { rule, now: now.getTime() });
    await take(trx, { rule, one, now, step, ...(alert ? { alert } : {}) });
  }
}

function standing({ since, openedAt, calmSince, seenAt }: OpenAlert) {
  return {
    since: since.getTime(),
    seenAt: seenAt.getTime(),
    ...(openedAt ? { openedAt: openedAt.getTime() } : {}),
    ...(calmSince ? { calmSince: calmSince.getTime() } : {}),
  };
}

interface Taken {
  readonly rule: AlertRule;
  readonly one: Measured;
  readonly now: Date;
  readonly step: Step;
  readonly alert?: OpenAlert;
}

async function take(trx: Knex, { rule, one, now, step, alert }: Taken): Promise<void> {
  const { value, title } = one;
  switch (step.kind) {
    case 'nothing':
      return;
    case 'begins': {
      const row = {
        rule_id: rule.id,
        watches: rule.watches,
        subject: one.subject,
        title,
        provider_id: one.provider,
        requester_id: one.requester,
        threshold: rule.threshold,
        value,
        worst: value,
        since: now,
        seen_at: now,
        opened_at: step.opens ? now : null,
      };
      const [made] = await trx('alerts').insert(row).returning<{ id: string }[]>('id');
      if (step.opens && made) await tellOf(trx, { rule, one, now, id: made.id, kind: WATCHES[rule.watches].notice });
      return;
    }
    case 'goesOn': {
      if (!alert) return;
      const { since, opens, calmSince } = step;
      await trx('alerts')
        .where({ id: alert.id })
        .update({
          title,
          value,
          worst: Math.max(value, alert.worst),
          threshold: rule.threshold,
          since: new Date(since),
          calm_since: calmSince === undefined ? null : new Date(calmSince),
          seen_at: now,
          ...(opens ? { opened_at: now } : {}),
        });
      if (opens) await tellOf(trx, { rule, one, now, id: alert.id, kind: WATCHES[rule.watches].notice });
      return;
    }
    case 'drops':
      await trx('alerts')
        .where({ id: alert?.id ?? null })
        .delete();
      return;
    case 'closes':
      if (!alert) return;
      await trx('alerts').where({ id: alert.id }).update({ closed_at: now, value, seen_at: now });
      await tellOf(trx, { rule, one, now, id: alert.id, kind: 'alertRecovered' });
  }
}

interface Word extends Omit<Taken, 'step' | 'alert'> {
  readonly id: string;
  readonly kind: Parameters<typeof tell>[1]['kind'];
}

async function tellOf(trx: Knex, { rule, one, now, id, kind }: Word): Promise<void> {
  await tell(trx, {
    kind,
    to: { people: [], seats: rule.tells.flatMap((to) => seatOf(to, one)), except: [] },
    params: alertParams({ title: one.title, value: one.value, rule: rule.id }),
    href: `/api/alerts/${id}`,
    at: now.toISOString(),
  });
}

/** What the sentences about an alert are filled with. */
export function alertParams({
  title,
  value,
  rule,
}: {
  readonly title: string;
  readonly value: number;
  readonly rule: string;
}) {
  return { title, rule, value: String(value < 10 ? Math.round(value * 10) / 10 : Math.round(value)) };
}

function seatOf({ party, role }: Tell, { provider, requester }: Measured): Capacity[] {
  const department = { provider, requester, platform: PLATFORM }[party];
  return department === null ? [] : [{ role, department }];
}

/** A rule that was switched off, removed or turned to something else tells nobody any more, also not that it is over. */
async function dropStray(trx: Knex, alerts: readonly OpenAlert[]): Promise<void> {
  const ids = (isOpen: boolean) => alerts.filter(({ openedAt }) => (openedAt !== null) === isOpen).map(({ id }) => id);
  await trx('alerts').whereIn('id', ids(false)).delete();
  await trx('alerts').whereIn('id', ids(true)).update({ closed_at: trx.fn.now() });
}
