import type { RecordedEvent } from '../api/types.ts';
import { i18n } from '../i18n.ts';
import { useDepartments } from './case-queries.ts';
import { dateWords } from './dates.ts';
import { seatName, word } from './names.ts';

export interface EventWords {
  readonly seq: number;
  readonly type: string;
  readonly at: string;
  readonly who: string;
  readonly what: string;
  /** What the person wrote. */
  readonly said: string;
  readonly isAutomatic: boolean;
}

interface Happened {
  readonly type: string;
  readonly at?: string;
  readonly actor?: string;
  readonly capacity?: { readonly role: string; readonly department: string };
  readonly for?: { readonly role: string; readonly department: string };
  readonly seat?: unknown;
  readonly verdict?: string;
  readonly reason?: string | { readonly code: string; readonly text: string };
  readonly opinion?: string;
  readonly refused?: readonly { readonly reason: string }[];
  readonly note?: string;
  readonly text?: string;
  readonly missing?: readonly { readonly part: string; readonly text: string }[];
  readonly dueOn?: string;
  readonly why?: string;
  readonly days?: number;
  readonly left?: number;
  readonly status?: string;
  readonly outcome?: string;
}

/** Events in words: who did what, and what they wrote. What nobody did is marked as automatic. */
export function useEventWords(): (event: RecordedEvent) => EventWords {
  const departments = useDepartments();
  const seat = (given: Happened['capacity']): string => {
    const id = given?.department ?? '';
    return given ? seatName(departments.value.get(id) ?? { id, name: id, nameEn: id }, given.role) : '';
  };

  function whatOf(event: Happened): string {
    const { t, te } = i18n.global;
    const stageSeat = typeof event.seat === 'object' ? seat(event.seat as Happened['capacity']) : seat(event.for);
    if (event.type === 'answered' && event.refused) return t('event.answeredPartly', { n: event.refused.length });
    if (event.type === 'answered') return word('answer', event.verdict ?? '');
    if (event.type === 'clockMoved') return t(`event.clock.${event.why}`, { date: dateWords(event.dueOn ?? '') });
    const key = `event.${event.type}`;
    if (!te(key, 'zh-CN')) return event.type;
    return t(key, {
      seat: stageSeat,
      n: event.days ?? event.left ?? event.missing?.length ?? 0,
      date: event.dueOn === undefined ? '' : dateWords(event.dueOn),
      status: event.status === undefined ? '' : word('status', event.status),
      outcome: event.outcome === undefined ? '' : word('outcome', event.outcome),
    });
  }

  function saidOf({ reason, opinion, note, text, missing, refused = [] }: Happened): string {
    if (typeof reason === 'object')
      return [word('reason', reason.code), reason.text].filter((part) => part !== '').join('：');
    const listed = missing?.map((one) => [word('part', one.part), one.text].filter((part) => part !== '').join('：'));
    if (refused.length > 0) {
      return [...new Set([...(opinion ? [opinion] : []), ...refused.map((one) => one.reason)])].join('；');
    }
    return opinion ?? listed?.join('；') ?? text ?? note ?? reason ?? '';
  }

  return ({ seq, event, recordedAt }) => {
    const happened = event as Happened;
    const isAutomatic = happened.actor === undefined;
    return {
      seq,
      type: happened.type,
      at: happened.at ?? recordedAt,
      who: isAutomatic ? i18n.global.t('event.system') : seat(happened.capacity),
      what: whatOf(happened),
      said: saidOf(happened),
      isAutomatic,
    };
  };
}
