import type { Entry } from './catalogue.ts';
import { dayNumber } from './civil-date.ts';
import type { FACTS, Facts } from './condition.ts';
import type { ShareRequestForm } from './share-request.ts';

/** What the conditions of a route may ask of an application over an entry. */
export function factsOf(form: ShareRequestForm, entry: Entry, requester: string): Facts {
  const asked = entry.items.filter(({ id }) => form.items.includes(id));
  const { from, to } = form.period;
  return {
    mode: form.mode,
    items: asked.length,
    personal: asked.some(({ personal }) => personal),
    unmasked: asked.some(({ id, personal }) => personal && (form.masks[id] ?? 'none') === 'none'),
    grade: Math.max(1, ...asked.map(({ grade }) => grade)),
    everyRow: form.rowScope.all.length === 0,
    days: dayNumber(to) - dayNumber(from) + 1,
    shareType: entry.shareType,
    requester,
    providers: [entry.provider],
  } satisfies Readonly<Record<keyof typeof FACTS, unknown>>;
}
