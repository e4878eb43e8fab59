import type { Knex } from 'knex';
import type { CaseEvent } from '../domain/case.ts';
import { standingRefusals } from '../domain/kernel/item-answers.ts';
import type { AnyEvent, NoticeFacts } from '../domain/notices/facts.ts';
import type { NoticeParams } from '../domain/notices/words.ts';
import { findEntry } from './catalogue.ts';

/** What a notice of a grant that covers less than was asked for says of the rest: names and reasons, in both languages. */
export async function narrowingOf(
  knex: Knex,
  { caseId, event, facts }: { readonly caseId: string; readonly event: AnyEvent; readonly facts: NoticeFacts },
): Promise<NoticeParams> {
  const { subject, without = [] } = event as unknown as Extract<CaseEvent, { type: 'granted' }>;
  const row = await knex('cases').first<{ entryId: string } | undefined>('entry_id as entryId').where({ id: caseId });
  const entry = row && (await findEntry(knex, subject ?? row.entryId));
  const refused = (facts.state ? standingRefusals(facts.state) : []).filter((one) => one.subject === subject);
  const named = without.map((itemId) => {
    const reasons = refused.filter((one) => one.itemId === itemId).map(({ reason }) => reason);
    const { name = itemId, nameEn = itemId } = entry?.items.find(({ id }) => id === itemId) ?? {};
    return { name, nameEn, reasons: [...new Set(reasons)] };
  });
  return {
    count: String(without.length),
    items: named.map(({ name, reasons }) => `${name}（${reasons.join('；')}）`).join('、'),
    itemsEn: named.map(({ nameEn, reasons }) => `${nameEn} (${reasons.join('; ')})`).join(', '),
  };
}
