/** Up to so many at work at once, called when there may be something to do and again and again besides. */
export interface Crew {
  wake(): void;
  /** Takes nothing new and waits for what is under way. */
  stop(): Promise<void>;
}

export interface CrewOptions {
  readonly size: number;
  /** Milliseconds between two looks when nobody calls. */
  readonly everyMs: number;
  /** Milliseconds from one look to the next at least, however often it is called: what comes meanwhile is done at once. */
  readonly restMs?: number;
  /**
   * Does one piece of work, and says whether there may be more. `found` is to be called once a piece has been taken: a
   * colleague then looks for the next.
   */
  work(found: () => void): Promise<boolean>;
  failed(error: unknown): void;
}

export function startCrew({ size, everyMs, restMs = 0, work, failed }: CrewOptions): Crew {
  const active = new Set<Promise<void>>();
  let stopped = false;
  let called = false;
  let began = Number.NEGATIVE_INFINITY;
  let rest: NodeJS.Timeout | undefined;

  function wake(): void {
    if (stopped) return;
    if (active.size >= size) {
      called = true;
      return;
    }
    const left = began + restMs - performance.now();
    if (left <= 0) return begin();
    rest ??= setTimeout(() => {
      rest = undefined;
      wake();
    }, left);
  }

  function begin(): void {
    began = performance.now();
    const one = run().finally(() => {
      active.delete(one);
      if (!called) return;
      called = false;
      wake();
    });
    active.add(one);
  }

  async function run(): Promise<void> {
    try {
      while (!stopped && (await work(wake)));
    } catch (error) {
      failed(error);
    }
  }

  const timer = setInterval(wake, everyMs);
  wake();
  return {
    wake,
    async stop() {
      stopped = true;
      clearInterval(timer);
      clearTimeout(rest);
      await Promise.all(active);
    },
  };
}
