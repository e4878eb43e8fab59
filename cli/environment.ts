import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/**
 * What the command takes from its surroundings; options on the command line win. This is the one file of cli/ that reads
 * the environment.
 */
export interface Environment {
  /** The folder that holds package.json. */
  readonly root: string;
  /** Where the single-machine mode keeps its state, and the accounts of the demonstration are written. */
  readonly dataDir: string;
  readonly url?: string;
  readonly account?: string;
  readonly password?: string;
  /** As it is, for a platform that this command starts. */
  readonly inherited: Readonly<Record<string, string | undefined>>;
}

export function readEnvironment(): Environment {
  const root = projectRootAbove(import.meta.dirname);
  const given = (name: string): string | undefined => process.env[name]?.trim() || undefined;
  const [url, account, password] = [given('SANTONG_URL'), given('SANTONG_ACCOUNT'), given('SANTONG_PASSWORD')];
  return {
    root,
    dataDir: resolve(root, given('SANTONG_DATA_DIR') ?? '.santong'),
    ...(url === undefined ? {} : { url }),
    ...(account === undefined ? {} : { account }),
    ...(password === undefined ? {} : { password }),
    inherited: process.env,
  };
}

function projectRootAbove(from: string): string {
  for (let folder = from; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
  }
  return from;
}
