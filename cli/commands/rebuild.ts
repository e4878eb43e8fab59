import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import type { Adding } from '../context.ts';
import type { Environment } from '../environment.ts';
import { Failure } from '../failure.ts';
import type { Say } from '../language.ts';
import { readJson } from '../platform.ts';

interface Progress {
  readonly cases: number;
  readonly events: number;
}

/** For whoever looks after the platform: works on its database, not over the API, and needs no account. */
export function addRebuildCommand(program: Command, { say, act }: Adding): void {
  program
    .command('rebuild')
    .description(
      say('由事件记录重建事项和任务的查询数据', 'build what lists and inboxes show again from the recorded events'),
    )
    .action(
      act(async ({ environment, output }) => {
        const databaseUrl = await databaseOf(environment, say);
        const done = await rebuild({ environment, databaseUrl, say }, ({ cases, events }) =>
          output.note(say(`已重建 ${cases} 个事项，${events} 个事件`, `${cases} cases, ${events} events so far`)),
        );
        output.result(done, () => [
          say(`完成：${done.cases} 个事项，${done.events} 个事件`, `Done: ${done.cases} cases, ${done.events} events`),
        ]);
      }),
    );
}

/** SANTONG_DATABASE_URL, or the database of the platform that runs on this machine. */
async function databaseOf({ inherited, dataDir }: Environment, say: Say): Promise<string> {
  const given = inherited['SANTONG_DATABASE_URL']?.trim();
  if (given) return given;
  const state = await readJson<{ readonly databaseUrl?: string }>(join(dataDir, 'state.json'));
  if (state?.databaseUrl !== undefined) return state.databaseUrl;
  throw new Failure(
    'unreachable',
    say(
      '不知道平台的数据库：请设置 SANTONG_DATABASE_URL，或先运行 npm start。',
      'The platform’s database is not known: set SANTONG_DATABASE_URL, or run npm start first.',
    ),
  );
}

/** Runs store/rebuild.ts in a process of its own, as migration and seeding are run. */
async function rebuild(
  {
    environment: { root, inherited },
    databaseUrl,
    say,
  }: { readonly environment: Environment; readonly databaseUrl: string; readonly say: Say },
  onProgress: (progress: Progress) => void,
): Promise<Progress> {
  const program = join(root, 'dist', 'store', 'rebuild.js');
  if (!existsSync(program)) throw new Failure('usage', say('尚未构建：npm run build', 'Not built: npm run build'));
  const child = spawn(process.execPath, [program], {
    cwd: root,
    env: { ...inherited, SANTONG_DATABASE_URL: databaseUrl },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const exited = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  let last: Progress = { cases: 0, events: 0 };
  for await (const line of createInterface({ input: child.stdout })) {
    last = JSON.parse(line) as Progress;
    onProgress(last);
  }
  if ((await exited) === 0) return last;
  throw new Failure('unexpected', say(`重建失败：\n${said.trim()}`, `The rebuild failed:\n${said.trim()}`));
}
