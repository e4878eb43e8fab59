import type { Command } from 'commander';
import type { Environment } from './environment.ts';
import type { ExitName } from './exit-codes.ts';
import type { Say } from './language.ts';
import type { Output } from './output.ts';
import type { Platform } from './platform.ts';

/** What every command gets. */
export interface Context {
  readonly environment: Environment;
  readonly platform: Platform;
  readonly output: Output;
}

/** What a command does; it returns how it ended where that is not `done`. */
export type Work<O> = (context: Context, options: O, ...args: string[]) => Promise<ExitName | void>;

/** Adds commands to the program. `act` makes a command's action of what it does. */
export interface Adding {
  readonly say: Say;
  act<O extends object>(work: Work<O>): (this: Command, ...args: unknown[]) => Promise<void>;
}

/** An id as a part of a path. */
export function part(id: string): string {
  return encodeURIComponent(id);
}
