import { localeNow } from '../i18n.ts';

/** The platform's days are those of China, wherever the reader sits. */
const ZONE = 'Asia/Shanghai';

export function today(): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE }).format(new Date());
}

/** `11-27`, in English `27 Nov`; the year only where it is another one than this. */
export function dateWords(date: string): string {
  const isThisYear = date.slice(0, 4) === today().slice(0, 4);
  if (localeNow() === 'zh-CN') return isThisYear ? date.slice(5) : date;
  return new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
    ...(isThisYear ? {} : { year: 'numeric' }),
  }).format(new Date(`${date}T00:00:00Z`));
}

/** A moment: its time where it is of today, else date and time. */
export function timeWords(time: string): string {
  const date = new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE }).format(new Date(time));
  const clock = clockOf(time);
  return date === today() ? clock : `${dateWords(date)} ${clock}`;
}

export function dayOf(time: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE }).format(new Date(time));
}

export function clockOf(time: string | Date): string {
  const moment = new Date(time);
  return new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, hour: '2-digit', minute: '2-digit' }).format(moment);
}

/** `11 月 26 日 星期四`, `Thursday 26 November`. */
export function longDate(locale: string): string {
  return new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : 'zh-CN', {
    timeZone: ZONE,
    month: 'long',
    day: 'numeric',
    weekday: 'long',
  }).format(new Date());
}

/** The hour of the day, for a greeting. */
export function hourNow(): number {
  return Number(
    new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, hour: '2-digit', hour12: false }).format(new Date()),
  );
}
