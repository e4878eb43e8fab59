import type { Fault, ShareMode } from '../language.ts';
import { type Cron, leastGap, nextAfter, parseCron } from './cron.ts';

/**
 * What makes deliveries under a grant beside `deliver`: a cron expression in Asia/Shanghai; the source's own update, by the
 * cycle that the entry states; nothing (on call).
 */
export type Schedule =
  | { readonly kind: 'cron'; readonly cron: string }
  | { readonly kind: 'after-update'; readonly cycle: string }
  | { readonly kind: 'on-call' };
export const SCHEDULE_KINDS = ['cron', 'after-update', 'on-call'] as const satisfies readonly Schedule['kind'][];

/** A schedule as people state it: the cycle is the entry's, and nobody's to choose. */
export type ScheduleAsk = Exclude<Schedule, { kind: 'after-update' }> | { readonly kind: 'after-update' };

export type ScheduleFaultCode = 'CronUnreadable' | 'CronNever' | 'ScheduleTooDense' | 'NoUpdateCycle' | 'ScheduleUnfit';

/** No department's system is asked more often than this by one grant, in minutes. */
export const LEAST_MINUTES = 15;

/**
 * When what an entry's cycle (2017 guide: 更新周期) brings is there: in the small hours after the day, week, month, … that it
 * is of. Cycles that are not here, `irregular` among them, say no time.
 */
const AFTER_UPDATE: Readonly<Record<string, string>> = {
  'real-time': '0 * * * *',
  daily: '0 2 * * *',
  weekly: '0 2 * * mon',
  monthly: '0 2 1 * *',
  quarterly: '0 2 1 jan,apr,jul,oct *',
  'half-yearly': '0 2 1 jan,jul *',
  yearly: '0 2 1 jan *',
};

/** Any day will do to find out whether an expression ever holds. */
const SOME_DAY = '2026-01-01T00:00:00+08:00';

/** What a schedule is for: the mode, and the update cycle of the entry; undefined where there is no such entry. */
export interface Scheduled {
  readonly mode: ShareMode;
  readonly cycle: string | undefined;
}

/** Every fault of a schedule that is asked for. Pointers begin with `/schedule`. */
export function checkSchedule(ask: ScheduleAsk, { mode, cycle }: Scheduled): Fault[] {
  // A service is called when it is needed: nothing of it comes by itself.
  if (mode === 'service' && ask.kind !== 'on-call') return [{ pointer: '/schedule/kind', code: 'ScheduleUnfit' }];
  switch (ask.kind) {
    case 'on-call':
      return [];
    case 'after-update':
      if (cycle === undefined || Object.hasOwn(AFTER_UPDATE, cycle)) return [];
      return [{ pointer: '/schedule/kind', code: 'NoUpdateCycle', params: { cycle } }];
    case 'cron': {
      const code = cronFault(parseCron(ask.cron));
      if (code === undefined) return [];
      return [{ pointer: '/schedule/cron', code, params: { minutes: LEAST_MINUTES } }];
    }
  }
}

function cronFault(cron: Cron | undefined): ScheduleFaultCode | undefined {
  if (!cron) return 'CronUnreadable';
  if (nextAfter(cron, SOME_DAY) === undefined) return 'CronNever';
  return leastGap(cron) < LEAST_MINUTES ? 'ScheduleTooDense' : undefined;
}

/** The schedule that is kept of one that was found sound, with the cycle of the entry that it is for. */
export function scheduleOf(ask: ScheduleAsk, cycle: string): Schedule {
  return ask.kind === 'after-update' ? { kind: 'after-update', cycle } : ask;
}

/** The first run after an instant (RFC 3339); undefined: none by itself. */
export function nextRun(schedule: Schedule, after: string): string | undefined {
  const cron = cronOf(schedule);
  return cron && nextAfter(cron, after);
}

function cronOf(schedule: Schedule): Cron | undefined {
  switch (schedule.kind) {
    case 'cron':
      return parseCron(schedule.cron);
    case 'after-update': {
      const text = AFTER_UPDATE[schedule.cycle];
      return text === undefined ? undefined : parseCron(text);
    }
    case 'on-call':
      return undefined;
  }
}
