import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newPassword } from './postgres.ts';
import { SetUpError } from './set-up-error.ts';

/** What one machine makes for itself at its first start and keeps, readable by its user alone. */
export interface Secrets {
  readonly postgresPassword: string;
  readonly santongPassword: string;
  /** 32 bytes in base64: seals the connections to the departments' databases. */
  readonly secretKey: string;
}

/** The secrets of a data folder, made where there are none yet. @throws {SetUpError} if the file is damaged */
export function keptSecrets(dataDir: string): Secrets {
  const file = join(dataDir, 'secrets.json');
  if (existsSync(file)) return secretsIn(readFileSync(file, 'utf8')) ?? refuse(file);
  const secrets: Secrets = {
    postgresPassword: newPassword(),
    santongPassword: newPassword(),
    secretKey: randomBytes(32).toString('base64'),
  };
  writeJson(file, secrets);
  return secrets;
}

function secretsIn(text: string): Secrets | undefined {
  try {
    const found = JSON.parse(text) as Partial<Secrets> | null;
    const { postgresPassword, santongPassword, secretKey } = found ?? {};
    const isWhole = [postgresPassword, santongPassword, secretKey].every(
      (one) => typeof one === 'string' && one !== '',
    );
    return isWhole ? (found as Secrets) : undefined;
  } catch {
    return undefined;
  }
}

function refuse(file: string): never {
  throw new SetUpError(
    [
      `${file} 已损坏（为空或不完整）：没有它就打不开数据文件夹（SANTONG_DATA_DIR）中的数据库。`,
      `${file} is damaged (empty or not whole): without it the databases of the data folder (SANTONG_DATA_DIR) cannot be opened.`,
    ],
    [
      ['从备份恢复该文件', 'restore the file from a back-up'],
      ['把 SANTONG_DATA_DIR 设为另一个文件夹，从头开始', 'set SANTONG_DATA_DIR to another folder, which begins anew'],
      [
        '如果该文件夹中没有需要保留的数据，删除整个文件夹后重新启动',
        'where nothing in that folder is to be kept, remove the whole of it and start again',
      ],
    ],
  );
}

/** Writes a file whole or not at all, a power cut included, for its owner alone. */
export function writeJson(file: string, value: unknown): void {
  const descriptor = openSync(`${file}.part`, 'w', 0o600);
  try {
    writeFileSync(descriptor, `${JSON.stringify(value, undefined, 2)}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(`${file}.part`, file);
}
