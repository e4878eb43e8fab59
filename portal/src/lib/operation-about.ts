import { i18n } from '../i18n.ts';
import type { CaseDetail, Offered } from '../api/types.ts';
import { dateWords } from './dates.ts';
import { seatName, word } from './names.ts';

/** Which limit or whose seat an operation is about; nothing where it is the case or the reader's own task. */
export function operationAbout(
  detail: CaseDetail,
  { clock, taskId, action }: Offered,
  own: string | undefined,
): string {
  const { t } = i18n.global;
  const limit = detail.clocks.find(({ id }) => id === clock);
  if (limit) {
    const name = word('limit', limit.kind);
    const asked = action === 'askExtension' ? undefined : limit.extension?.days;
    const date = dateWords(limit.dueOn);
    return asked === undefined ? t('op.about.limit', { name, date }) : t('op.about.asked', { name, date, n: asked });
  }
  if (taskId === undefined || taskId === own) return '';
  for (const { seats } of detail.stages) {
    const seat = seats.find((one) => one.taskId === taskId);
    if (seat) return [seatName(seat.department, seat.role), seat.holder?.name].filter(Boolean).join(' · ');
  }
  return '';
}
