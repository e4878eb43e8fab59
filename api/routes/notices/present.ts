import { wordsOf } from '../../../domain/notices/words.ts';
import type { NoticeRow } from '../../../store/notices.ts';
import type { Locale } from '../../problem.ts';
import { timeOf, timeOrNull } from '../../time.ts';

export function presentNotice(
  { id, kind, topic, params, caseId, grantId, href, at, readAt }: NoticeRow,
  locale: Locale,
) {
  const { number = '', title = '' } = params;
  return {
    id: String(id),
    kind,
    topic,
    ...wordsOf(kind, params, locale),
    case: caseId === null ? null : { id: caseId, number, title, href: `/api/cases/${caseId}` },
    href: href ?? `/api/cases/${caseId}`,
    grantId,
    at: timeOf(at),
    readAt: timeOrNull(readAt),
  };
}
