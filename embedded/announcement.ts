import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Announced {
  readonly url: string | undefined;
  readonly temporalUi: string | undefined;
  readonly dataDir: string;
  /** How long the start took. */
  readonly seconds: number;
}

/** What a platform that is ready says: where it is found, who can log in, and how it is stopped. */
export function announcement({ url, temporalUi, dataDir, seconds }: Announced): string {
  const file = join(dataDir, 'accounts.json');
  return [
    `三通已就绪 Santong is ready (${seconds.toFixed(1)} s)`,
    `  门户 Portal    ${url}/`,
    `  API            ${url}/api/docs`,
    ...(temporalUi ? [`  Temporal UI    ${temporalUi}`] : []),
    ...(existsSync(file) ? accountLines(namesIn(file), file) : []),
    `  日志 Logs      ${join(dataDir, 'logs')}`,
    '  停止 Stop      Ctrl-C',
  ].join('\n');
}

/** The accounts of a department on one line, and those of no department on another. The passwords stay where they are. */
function accountLines(names: readonly string[], file: string): string[] {
  const departments = [...new Set(names.map(departmentIn))];
  const lines = departments.map((department) => {
    const [first = '', ...rest] = names.filter((name) => departmentIn(name) === department);
    return [first, ...rest.map((name) => name.slice(department.length))].join(' ');
  });
  const indent = ' '.repeat(17);
  return [`  账号 Accounts  ${lines.join(`\n${indent}`)}`, `  密码 Passwords ${file}`];
}

/** `civil-affairs` of `civil-affairs.lead`; nothing of `auditor`. */
function departmentIn(name: string): string {
  return name.split('.').slice(0, -1).join('.');
}

function namesIn(file: string): string[] {
  const { accounts } = JSON.parse(readFileSync(file, 'utf8')) as { readonly accounts: readonly { account: string }[] };
  return accounts.map(({ account }) => account);
}
