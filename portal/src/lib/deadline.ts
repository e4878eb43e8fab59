import type { Deadline } from '../api/types.ts';
import { i18n } from '../i18n.ts';
import { dateWords } from './dates.ts';

/** How pressing a limit is: red is for what is over by law, amber for due today and for a promise that has passed. */
export type Urgency = 'over' | 'today' | 'calm';

export function urgencyOf(deadline: Deadline | null): Urgency {
  if (!deadline || deadline.pausedFor.length > 0) return 'calm';
  if (deadline.legal.standing === 'over') return 'over';
  const isDue = deadline.legal.standing === 'today' || (deadline.promise && deadline.promise.standing !== 'ahead');
  return isDue ? 'today' : 'calm';
}

const SOON = 3;

/** Due by law within three working days, those of today not among them. */
export function isSoon(deadline: Deadline | null): boolean {
  return urgencyOf(deadline) === 'calm' && deadline?.pausedFor.length === 0 && deadline.legal.days <= SOON;
}

/** A limit in two lines: the nearer first, promise before law, both always in words. */
export function deadlineWords(deadline: Deadline): { main: string; sub: string } {
  const { t } = i18n.global;
  const { promise, legal, pausedFor, day } = deadline;
  if (pausedFor.length > 0) {
    return { main: t(`deadline.paused.${pausedFor[0]}`), sub: t('deadline.used', { n: day }) };
  }
  if (legal.standing === 'over') {
    return {
      main: t('deadline.legalOver', { n: legal.days }),
      sub: t('deadline.dueOn', { date: dateWords(legal.on) }),
    };
  }
  if (promise) return { main: markWords('promise', promise), sub: markWords('legal', legal) };
  if (legal.standing === 'today') {
    return { main: t('deadline.dueToday'), sub: t('deadline.onlyLegal', { n: legal.day, date: dateWords(legal.on) }) };
  }
  return { main: markWords('legal', legal), sub: t('deadline.ofAll', { n: legal.day, day: day }) };
}

export function markWords(which: 'promise' | 'legal', mark: Deadline['legal']): string {
  const { t } = i18n.global;
  const date = dateWords(mark.on);
  if (mark.standing === 'today') return t(`deadline.${which}Today`);
  return t(mark.standing === 'over' ? `deadline.${which}Over` : `deadline.${which}Left`, { n: mark.days, date });
}
