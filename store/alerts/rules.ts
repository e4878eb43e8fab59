import type { Knex } from 'knex';
import { type AlertRule, SHIPPED_RULES } from '../../domain/alerts/rules.ts';

/** A rule as it holds now. */
export interface StandingRule extends AlertRule {
  /** 0: as it ships. */
  readonly revision: number;
  readonly isShipped: boolean;
  readonly changedBy: string | null;
  readonly changedAt: Date | null;
}

const COLUMNS = {
  id: 'id',
  watches: 'watches',
  threshold: 'threshold',
  forSeconds: 'for_seconds',
  calmSeconds: 'calm_seconds',
  tells: 'tells',
  enabled: 'enabled',
  revision: 'revision',
  changedBy: 'changed_by',
  changedAt: 'changed_at',
} as const;

/** Those that ship, as the place has changed them, and its own; by their ids. */
export async function alertRules(db: Knex): Promise<StandingRule[]> {
  const changed = await db('alert_rules').select<Omit<StandingRule, 'isShipped'>[]>(COLUMNS);
  const rules = new Map<string, StandingRule>(
    SHIPPED_RULES.map((rule) => [rule.id, { ...rule, revision: 0, isShipped: true, changedBy: null, changedAt: null }]),
  );
  for (const rule of changed) rules.set(rule.id, { ...rule, isShipped: rules.has(rule.id) });
  return [...rules.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

export async function alertRule(db: Knex, id: string): Promise<StandingRule | undefined> {
  return (await alertRules(db)).find((rule) => rule.id === id);
}

/** Takes the place of the rule that is still at `revision` (0: as it ships, or none), and says whether it was. */
export async function putAlertRule(
  db: Knex,
  { id, watches, threshold, forSeconds, calmSeconds, tells, enabled }: AlertRule,
  { revision, by }: { readonly revision: number; readonly by: string },
): Promise<boolean> {
  const row = {
    watches,
    threshold,
    for_seconds: forSeconds,
    calm_seconds: calmSeconds,
    tells: JSON.stringify(tells),
    enabled,
    changed_by: by,
    changed_at: db.fn.now(),
  };
  if (revision > 0) {
    return (
      (await db('alert_rules')
        .where({ id, revision })
        .update({ ...row, revision: revision + 1 })) === 1
    );
  }
  const made = await db('alert_rules')
    .insert({ ...row, id, revision: 1 })
    .onConflict('id')
    .ignore()
    .returning('id');
  return made.length === 1;
}

/** Back to how it ships; one of the place's own is gone. Says whether it was still at `revision`. */
export async function dropAlertRule(db: Knex, id: string, revision: number): Promise<boolean> {
  return (await db('alert_rules').where({ id, revision }).delete()) === 1;
}
