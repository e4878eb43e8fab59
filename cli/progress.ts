import cliProgress from 'cli-progress';
import type { Output } from './output.ts';

export interface Bar {
  /** `total` is an estimate, 0 where there is none yet. */
  show(done: number, total: number): void;
  end(): void;
}

/** How far something is: a bar in a terminal; elsewhere what follows says it all. */
export interface Progress {
  begin(): Bar;
}

/** `format` has `{bar}`, `{value}` and `{total}`. */
export function createProgress({ isTerminal }: Output, format: string): Progress {
  if (!isTerminal) return { begin: () => ({ show: () => {}, end: () => {} }) };
  return {
    begin() {
      const bar = new cliProgress.SingleBar(
        { format, clearOnComplete: true, hideCursor: true, barsize: 30, stream: process.stdout },
        cliProgress.Presets.shades_classic,
      );
      bar.start(1, 0);
      return {
        show(done, total) {
          bar.setTotal(Math.max(done, total, 1));
          bar.update(done);
        },
        end: () => bar.stop(),
      };
    },
  };
}
