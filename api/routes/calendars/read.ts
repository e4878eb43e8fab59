import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { Calendar } from '../../../domain/calendar.ts';
import { canonicalJson } from '../../../domain/canonical.ts';
import type { Fault } from '../../../domain/language.ts';
import { checkNotice, type Notice, type NoticeReading } from '../../../domain/holiday-notice.ts';
import { readNoticeCsv, readNoticeForm } from '../../../domain/holiday-notice-form.ts';
import { documentNumberIn, readNoticeText } from '../../../domain/holiday-notice-text.ts';
import { Problem } from '../../problem.ts';
import type { noticeBody } from './schema.ts';

type Body = z.output<typeof noticeBody>;

/** A notice that was handed in and is sound. */
export interface NoticeRead {
  readonly notice: Notice;
  readonly remarks: readonly Fault[];
  readonly source: string;
  /** What was handed in, word for word; a form in its canonical form. SHA-256 of it in hex. */
  readonly text: string;
  readonly digest: string;
}

/** @throws {Problem} Invalid, with everything that is wrong with it */
export function readNotice(body: Body, calendar: Calendar): NoticeRead {
  const { reading, text } = readingOf(body);
  const source = body.source ?? (body.text === undefined ? undefined : documentNumberIn(body.text));
  const checked = checkNotice(reading, calendar);
  const faults: Fault[] = 'faults' in checked ? [...checked.faults] : [];
  if (source === undefined) faults.push({ pointer: '/source', code: 'Required' });
  if ('faults' in checked || source === undefined) throw new Problem('Invalid', { faults });
  return { ...checked, source, text, digest: createHash('sha256').update(text).digest('hex') };
}

function readingOf({ text, csv, notice }: Body): { reading: NoticeReading; text: string } {
  if (text !== undefined) return { reading: readNoticeText(text), text };
  if (csv !== undefined) return { reading: readNoticeCsv(csv), text: csv };
  if (notice !== undefined) return { reading: readNoticeForm(notice), text: canonicalJson(notice) };
  throw new Error('A body without a notice passed its schema');
}
