import type { Logger } from 'pino';

/** Something that is done again and again until it is stopped. */
export interface Rounds {
  /** Ends after the round under way. */
  stop(): Promise<void>;
}

/** What a round cannot do is said in the log and left to the next one. `everyMs`: milliseconds between two rounds. */
export function startRounds(
  round: () => Promise<unknown>,
  { logger, everyMs, name }: { readonly logger: Logger; readonly everyMs: number; readonly name: string },
): Rounds {
  let stopped = false;
  let wake = (): void => undefined;

  async function run(): Promise<void> {
    while (!stopped) {
      try {
        await round();
      } catch (err) {
        logger.warn({ err }, `${name}: a round failed`);
      }
      if (!stopped) await new Promise<void>((resolve) => pauseUntil(resolve));
    }
  }

  function pauseUntil(resolve: () => void): void {
    const timer = setTimeout(resolve, everyMs);
    wake = () => {
      clearTimeout(timer);
      resolve();
    };
  }

  const running = run();
  return {
    async stop() {
      stopped = true;
      wake();
      await running;
    },
  };
}
