import { z } from 'zod';
import { asWritten } from '../../storable.ts';
import { listOf, paging, text, time } from '../../schema.ts';

export const requestDraftQuery = z.object(paging);

/** Its writer gives it its id, so that sending it again makes no second one. */
export const requestDraftParams = z.object({ id: z.uuid() });

export const requestDraftBody = z
  .strictObject({
    title: text(0, 200).meta({ description: 'What its author knows it by.' }),
    content: z
      .record(z.string(), z.unknown())
      .meta({ description: 'The application as far as it is written; nothing of it is checked before it is filed.' })
      .register(asWritten, {}),
  })
  .meta({ id: 'NewShareRequestDraft' });

const summary = {
  id: z.string(),
  title: z.string(),
  revision: z.number().int(),
  createdAt: time,
  updatedAt: time,
};

export const requestDraftList = listOf(z.object(summary).meta({ id: 'ShareRequestDraftSummary' }));

export const requestDraft = z
  .object({ ...summary, content: z.record(z.string(), z.unknown()) })
  .meta({ id: 'ShareRequestDraft' });
