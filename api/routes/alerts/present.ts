import { type Watch, WATCHES } from '../../../domain/alerts/rules.ts';
import { wordsOf } from '../../../domain/notices/words.ts';
import { alertParams } from '../../../store/alerts/evaluate.ts';
import type { AlertRow } from '../../../store/alerts/list.ts';
import type { StandingRule } from '../../../store/alerts/rules.ts';
import type { Department } from '../../../store/departments.ts';
import type { Locale } from '../../problem.ts';
import { timeOf, timeOrNull } from '../../time.ts';
import { presentDepartment } from '../departments/present.ts';

type Names = ReadonlyMap<string, string>;

const personOf = (id: string, names: Names) => ({ id, name: names.get(id) ?? id });

export interface AlertContext {
  readonly locale: Locale;
  readonly departments: readonly Department[];
  readonly names: Names;
  mayAcknowledge(row: AlertRow): boolean;
}

export function presentAlert(row: AlertRow, { locale, departments, names, mayAcknowledge }: AlertContext) {
  const { id, rule, watches, subject, title, threshold, value, worst, closedAt, acknowledgedBy, acknowledgedAt } = row;
  const kind = Object.hasOwn(WATCHES, watches) ? WATCHES[watches as Watch].notice : watches;
  const department = (of: string | null) => (of === null ? null : presentDepartment(of, departments));
  const isOpen = closedAt === null;
  return {
    id,
    rule,
    watches,
    subject,
    message: wordsOf(kind, alertParams({ title, value: isOpen ? value : worst, rule }), locale).text,
    status: isOpen ? ('open' as const) : ('closed' as const),
    provider: department(row.provider),
    requester: department(row.requester),
    threshold,
    value,
    worst,
    since: timeOf(row.since),
    openedAt: timeOf(row.openedAt),
    closedAt: timeOrNull(closedAt),
    acknowledged:
      acknowledgedBy !== null && acknowledgedAt !== null
        ? { by: personOf(acknowledgedBy, names), at: timeOf(acknowledgedAt), note: row.note }
        : null,
    actions: isOpen && acknowledgedAt === null && mayAcknowledge(row) ? [{ action: 'acknowledge' as const }] : [],
  };
}

export function presentRule(
  row: StandingRule,
  { names, mayManage }: { readonly names: Names; readonly mayManage: boolean },
) {
  const { id, watches, threshold, forSeconds, calmSeconds, tells, enabled, revision, isShipped } = row;
  const back = revision === 0 ? [] : [{ action: isShipped ? ('reset' as const) : ('remove' as const) }];
  return {
    id,
    watches,
    threshold,
    forSeconds,
    calmSeconds,
    tells,
    enabled,
    unit: WATCHES[watches].unit,
    revision,
    isShipped,
    changed:
      row.changedBy !== null && row.changedAt !== null
        ? { by: personOf(row.changedBy, names), at: timeOf(row.changedAt) }
        : null,
    actions: mayManage ? [{ action: 'change' as const }, ...back] : [],
  };
}
