/** What is remembered of the database for as long as every change of it is heard of. */
export interface Remembering<T> {
  /** What is remembered, unless a change might have been missed. */
  at(id: string): T | undefined;
  /** Reads, and remembers what came of it unless something changed meanwhile. What is not there is not remembered. */
  read(id: string, load: () => Promise<T | undefined>): Promise<T | undefined>;
  /** Forgets what a change was about. */
  forget(isAbout: (value: T) => boolean): void;
}

/** More than any city has departments times services; the oldest gives way. */
const MOST = 20_000;

export function remembering<T>(isHearing: () => boolean): Remembering<T> {
  const held = new Map<string, T>();
  let changes = 0;
  return {
    at: (id) => (isHearing() ? held.get(id) : undefined),
    async read(id, load) {
      const before = changes;
      const value = await load();
      if (value === undefined || !isHearing() || before !== changes) return value;
      held.delete(id);
      held.set(id, value);
      const [oldest] = held.keys();
      if (held.size > MOST && oldest !== undefined) held.delete(oldest);
      return value;
    },
    forget(isAbout) {
      changes += 1;
      for (const [id, value] of held) if (isAbout(value)) held.delete(id);
    },
  };
}
