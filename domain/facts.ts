import type { Entry } from './catalogue.ts';
import { dayNumber } from './civil-date.ts';
import type { FACTS, Facts } from './condition.ts';
import { resourcesOf, type ShareRequestForm } from './share-request.ts';

/** What the conditions of a route may ask of an application over its entries, in the order in which it names them. */
export function factsOf(form: ShareRequestForm, entries: readonly Entry[], requester: string): Facts {
  const resources = resourcesOf(form);
  const asked = resources.flatMap(({ items, masks }, index) =>
    (entries[index]?.items ?? [])
      .filter(({ id }) => items.includes(id))
      .map((item) => ({ ...item, isBare: (masks[item.id] ?? 'none') === 'none' })),
  );
  const { from, to } = form.period;
  return {
    mode: form.mode,
    items: asked.length,
    personal: asked.some(({ personal }) => personal),
    unmasked: asked.some(({ personal, isBare }) => personal && isBare),
    grade: Math.max(1, ...asked.map(({ grade }) => grade)),
    everyRow: resources.some(({ rowScope }) => rowScope.all.length === 0),
    days: dayNumber(to) - dayNumber(from) + 1,
    shareType: entries[0]?.shareType ?? 'withheld',
    requester,
    providers: [...new Set(entries.map(({ provider }) => provider))],
  } satisfies Readonly<Record<keyof typeof FACTS, unknown>>;
}
