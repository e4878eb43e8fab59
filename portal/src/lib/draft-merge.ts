import type { ApplicationDraft, ResourceDraft } from './application.ts';

/** A part of an application as people know it, `part.…`; of a resource with its entry. */
export interface Change {
  readonly part: string;
  readonly entryId?: string;
}

/** Both have changed the same part: what is written here stays, what the other one wrote is there to be taken. */
export interface Conflict extends Change {
  readonly theirs: unknown;
}

export interface Merged {
  readonly draft: ApplicationDraft;
  /** What the other one has changed, and is taken over. */
  readonly taken: readonly Change[];
  readonly conflicts: readonly Conflict[];
}

const PARTS = ['legalBasis', 'scenario', 'purpose', 'mode', 'period', 'schedule', 'warranties', 'attachments'] as const;
const OF_RESOURCE = ['items', 'rowScope', 'isEveryRow', 'masks'] as const;

/** Brings together what two have made of the same draft. Nothing is lost: what both have changed is told. */
export function mergeDrafts(base: ApplicationDraft, mine: ApplicationDraft, theirs: ApplicationDraft): Merged {
  const taken: Change[] = [];
  const conflicts: Conflict[] = [];

  function parts<T extends object>(names: readonly (keyof T & string)[], [b, m, t]: readonly T[], entryId?: string): T {
    const merged = { ...m } as T;
    for (const name of names) {
      const [was, here, there] = [b, m, t].map((one) => JSON.stringify(one?.[name]));
      if (there === was || there === here) continue;
      const about = { part: name, ...(entryId === undefined ? {} : { entryId }) };
      if (here === was) {
        merged[name] = (t as T)[name];
        taken.push(about);
      } else conflicts.push({ ...about, theirs: (t as T)[name] });
    }
    return merged;
  }

  const of = (draft: ApplicationDraft, id: string): ResourceDraft | undefined =>
    draft.resources.find(({ entryId }) => entryId === id);
  const ids = [...new Set([...mine.resources, ...theirs.resources].map(({ entryId }) => entryId))];
  const resources = ids.flatMap((id): ResourceDraft[] => {
    const [b, m, t] = [of(base, id), of(mine, id), of(theirs, id)];
    if (m && t) return [parts<ResourceDraft>(OF_RESOURCE, [b ?? t, m, t], id)];
    // Taken out by one of the two and left as it was by the other: it is out.
    if (m) return b && JSON.stringify(b) === JSON.stringify(m) ? [] : [m];
    if (t && b && JSON.stringify(b) === JSON.stringify(t)) return [];
    if (t) taken.push({ part: 'entry', entryId: id });
    return t ? [t] : [];
  });
  return { draft: { ...parts<ApplicationDraft>(PARTS, [base, mine, theirs]), resources }, taken, conflicts };
}

/** Takes the other one's word for a part after all. */
export function takeTheirs(draft: ApplicationDraft, { part, entryId, theirs }: Conflict): void {
  const target = entryId === undefined ? draft : draft.resources.find((one) => one.entryId === entryId);
  if (target) Object.assign(target, { [part]: theirs });
}
