import { linkId, secondsFrom, updateLag } from '../../../domain/links.ts';
import type { Department } from '../../../store/departments.ts';
import type { LinkReason, LinkRow, LinkRun } from '../../../store/links/index.ts';
import { messageOf } from '../../fault-messages.ts';
import type { Locale } from '../../problem.ts';
import { timeOf, timeOrNull } from '../../time.ts';
import { presentReason } from '../deliveries/present.ts';
import { presentDepartment } from '../departments/present.ts';
import type { LinkAnswer, LinkWithRunsAnswer } from './schema.ts';

const PLATFORM: Readonly<Record<string, Readonly<Record<Locale, string>>>> = {
  mail: { zh: '平台：电子邮件', en: 'Platform: e-mail' },
  notices: { zh: '平台：通知与事件', en: 'Platform: notices and events' },
};

const NOT_TAKEN: Readonly<Record<Locale, string>> = { zh: '对方未接收', en: 'It was not taken' };

export interface LinkContext {
  readonly locale: Locale;
  readonly departments: readonly Department[];
  /** RFC 3339. */
  readonly at: string;
  /** Whether the caller may connect to a source of the department. */
  mayTest(department: string): boolean;
}

export function presentLink(row: LinkRow, { locale, departments, at, mayTest }: LinkContext): LinkAnswer {
  const { kind, ref, state, provider, requester, source, target, grant, schedule, runs, waiting, dead, drifts } = row;
  const department = (id: string | null) => (id === null ? null : presentDepartment(id, departments));
  return {
    id: linkId(kind, ref),
    kind,
    name: kind === 'platform' ? (PLATFORM[ref]?.[locale] ?? ref) : row.title,
    state,
    provider: department(provider),
    requester: department(requester),
    source,
    target,
    grant,
    schedule,
    reason: row.reason && said(row.reason, row, locale),
    lastSuccessAt: timeOrNull(row.lastSuccessAt),
    lastFailure: row.lastFailure && { at: timeOrNull(row.lastFailureAt), ...said(row.lastFailure, row, locale) },
    nextRunAt: timeOrNull(row.nextRunAt),
    dataUpTo: row.dataUpTo,
    lag: {
      schedule: row.owedSince && secondsFrom(timeOf(row.owedSince), at),
      source:
        row.updateCycle === null || row.lastStartedAt === null
          ? null
          : (updateLag(row.updateCycle, timeOf(row.lastStartedAt), at) ?? null),
    },
    runs: runs && { ...runs, errorRate: runs.count === 0 ? null : runs.failed / runs.count },
    messages: waiting === null ? null : { waiting, dead: dead ?? 0 },
    drifts,
    actions: kind === 'source' && provider !== null && mayTest(provider) ? [{ action: 'test' as const }] : [],
  };
}

export function presentLinkWithRuns(row: LinkRow, runs: readonly LinkRun[], context: LinkContext): LinkWithRunsAnswer {
  return {
    ...presentLink(row, context),
    recentRuns: runs.map(({ startedAt, endedAt, reason, ...run }) => ({
      ...run,
      startedAt: timeOrNull(startedAt),
      endedAt: timeOrNull(endedAt),
      reason: reason && said(reason, row, context.locale),
    })),
  };
}

/** In a sentence; what a receiver said is added as it said it. */
function said({ code, params = {} }: LinkReason, { kind }: LinkRow, locale: Locale) {
  if (kind === 'grant') return { code, message: presentReason({ code, params }, locale).message };
  if (kind === 'source') return { code, message: messageOf({ pointer: '', code }, locale) };
  return { code, message: `${NOT_TAKEN[locale]}: ${params['answer'] ?? '—'}` };
}
