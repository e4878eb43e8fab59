import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newPassword } from './postgres.ts';

/** What one machine makes for itself at its first start and keeps, readable by its user alone. */
export interface Secrets {
  readonly postgresPassword: string;
  readonly santongPassword: string;
  /** 32 bytes in base64: seals the connections to the departments' databases. */
  readonly secretKey: string;
}

export function keptSecrets(dataDir: string): Secrets {
  const file = join(dataDir, 'secrets.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Secrets;
  const secrets: Secrets = {
    postgresPassword: newPassword(),
    santongPassword: newPassword(),
    secretKey: randomBytes(32).toString('base64'),
  };
  writeJson(file, secrets);
  return secrets;
}

/** Writes a file whole or not at all, for its owner alone. */
export function writeJson(file: string, value: unknown): void {
  writeFileSync(`${file}.part`, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.part`, file);
}
