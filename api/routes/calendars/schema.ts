import { z } from 'zod';
import { date, paging, personRef, text, time } from '../../schema.ts';

export const calendarParams = z.object({ version: z.coerce.number().int().min(1).max(1_000_000) });
export const calendarsQuery = z.object(paging);
export const calendarQuery = z.object({ year: z.coerce.number().int().min(1949).max(9999).optional() });

/** What is handed in as it was copied: kept word for word, so it is neither trimmed nor mended. */
const raw = z
  .string()
  .min(1)
  .max(50_000)
  .refine((value) => value.isWellFormed() && !/[^\P{Cc}\n\r\t]/u.test(value), {
    params: { code: 'ForbiddenCharacter' },
  });

const noticeForm = z.strictObject({
  year: z.number().int().min(1949).max(9999),
  holidays: z.array(z.strictObject({ name: text(1, 40), from: date, to: date })).max(40),
  makeUpDays: z.array(date).max(60),
});

const FORMS = ['text', 'csv', 'notice'] as const;

export const noticeBody = z
  .strictObject({
    text: raw.optional().meta({ description: 'The notice as it is published, word for word.' }),
    csv: raw.optional().meta({ description: 'A table with the columns date, kind (holiday or make-up) and name.' }),
    notice: noticeForm.optional(),
    source: text(1, 200)
      .optional()
      .meta({ description: 'The number of the document. Needed where the text does not have it.' }),
  })
  .superRefine((body, context) => {
    const given = FORMS.filter((form) => body[form] !== undefined);
    if (given.length === 0) context.addIssue({ code: 'custom', path: ['text'], message: 'required' });
    for (const form of given.slice(1)) {
      context.addIssue({ code: 'custom', path: [form], message: 'one only', params: { code: 'OneFormOnly' } });
    }
  })
  .meta({ id: 'HolidayNotice' });

const changedDay = z.object({ date, works: z.boolean() });

export const calendarSummary = z
  .object({
    version: z.number().int(),
    source: z.string(),
    official: z.array(z.number().int()),
    provisional: z.array(z.number().int()),
    noticeYear: z.number().int().nullable(),
    noticeDigest: z.string().nullable().meta({ description: 'SHA-256 of what was handed in.' }),
    importedBy: personRef.nullable(),
    createdAt: time,
    actions: z.array(z.object({ action: z.literal('import') })),
  })
  .meta({ id: 'CalendarSummary' });

export const calendar = calendarSummary
  .extend({
    days: z.array(
      z.object({ date, kind: z.enum(['holiday', 'make-up']), standing: z.enum(['official', 'provisional']) }),
    ),
    changes: z.array(changedDay).meta({ description: 'The days that count differently than in the version before.' }),
  })
  .meta({ id: 'Calendar' });

export const calendarPreview = z
  .object({
    year: z.number().int(),
    source: z.string(),
    standing: z.enum(['official', 'provisional']).meta({ description: 'Of the year, before the import.' }),
    isNew: z.boolean().meta({ description: 'False where the calendar says all of it already.' }),
    holidays: z.array(z.object({ name: z.string(), days: z.array(date) })),
    makeUpDays: z.array(date),
    changes: z.array(changedDay),
    remarks: z.array(z.object({ code: z.string(), message: z.string() })),
    cases: z.number().int().meta({ description: 'Running cases with a clock that the changes touch.' }),
    dueDates: z.object({
      moved: z.number().int(),
      first: z
        .array(
          z.object({
            caseId: z.string(),
            number: z.string(),
            clock: z.string(),
            from: date,
            to: date,
            isProvisional: z.boolean(),
          }),
        )
        .meta({ description: 'At most a hundred of them.' }),
    }),
  })
  .meta({ id: 'CalendarPreview' });
