import { i18n } from '../../i18n.ts';

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;

/** A span in its largest unit: `3 天`, `45 分钟`. */
export function spanWords(seconds: number): string {
  const [unit, many] =
    seconds >= DAY
      ? ['days', seconds / DAY]
      : seconds >= HOUR
        ? ['hours', seconds / HOUR]
        : ['minutes', seconds / MINUTE];
  return i18n.global.t(`administer.span.${unit}`, { n: Math.round(Number(many)) });
}
