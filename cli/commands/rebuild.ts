import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import type { Adding } from '../context.ts';
import type { Environment } from '../environment.ts';
import { EXIT } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import type { Say } from '../language.ts';
import type { Output } from '../output.ts';
import { readJson } from '../platform.ts';

interface Rebuilt {
  readonly cases: number;
  readonly events: number;
}

/** As recovery.ts tells it. */
interface Recovered {
  readonly of: number;
  readonly fromHistories: number;
  readonly fromRecords: number;
  readonly appended: number;
  readonly differing: readonly Parted[];
}

interface Parted {
  readonly kind: string;
  readonly streamId: string;
  readonly verdict: string;
  readonly seq?: number;
  readonly field: string;
  readonly replayed: string;
  readonly found: string;
}

/** While it goes on only their number is told. */
type Recovering = Omit<Recovered, 'differing'> & { readonly differing: number };

/** For whoever looks after the platform: works on its database, not over the API, and needs no account. */
export function addRebuildCommand(program: Command, { say, act }: Adding): void {
  program
    .command('rebuild')
    .description(
      say('由事件记录重建事项和任务的查询数据', 'build what lists and inboxes show again from the recorded events'),
    )
    .option(
      '--from-histories',
      say(
        '事件取自 Temporal 的历史：与事件记录核对，补记缺少的事件，再重建查询数据',
        'take the events from Temporal’s histories: hold the record against them, record what is missing, then build',
      ),
    )
    .action(
      act<{ readonly fromHistories?: boolean }>(async ({ environment, output }, { fromHistories }) => {
        const place = { environment, say };
        if (fromHistories !== true) return fromRecord(place, output);
        return fromTheHistories(place, output);
      }),
    );
}

interface Place {
  readonly environment: Environment;
  readonly say: Say;
}

async function fromRecord(place: Place, output: Output): Promise<void> {
  const { say } = place;
  const env = { SANTONG_DATABASE_URL: await databaseOf(place) };
  const run = runProgram<Rebuilt>(place, { program: 'store/rebuild.js', env }, ({ cases, events }) =>
    output.note(say(`已重建 ${cases} 个事项，${events} 个事件`, `${cases} cases, ${events} events so far`)),
  );
  const done = (await run) ?? { cases: 0, events: 0 };
  output.result(done, () => [
    say(`完成：${done.cases} 个事项，${done.events} 个事件`, `Done: ${done.cases} cases, ${done.events} events`),
  ]);
}

async function fromTheHistories(place: Place, output: Output): Promise<'done' | 'disagrees'> {
  const { say } = place;
  const env = await serversOf(place);
  const last = await runProgram<Recovering | Recovered>(place, { program: 'rebuild-from-histories.js', env }, (so) => {
    if (isOver(so)) return;
    const done = so.fromHistories + so.fromRecords + so.differing;
    output.note(
      say(`已处理 ${done} / ${so.of}，补记 ${so.appended} 个事件`, `${done} of ${so.of}, ${so.appended} appended`),
    );
  });
  if (!last || !isOver(last))
    throw new Failure('unexpected', say('重建没有结束', 'The rebuild did not come to its end'));
  output.result(last, () => summaryOf(last, output));
  return last.differing.length === 0 ? 'done' : 'disagrees';
}

function isOver(line: Recovering | Recovered): line is Recovered {
  return typeof line.differing !== 'number';
}

function summaryOf({ fromHistories, fromRecords, appended, differing }: Recovered, { say, word }: Output): string[] {
  const differences = differing.flatMap(({ kind, streamId, verdict, seq, field, replayed, found }) => [
    say(
      `${kind}/${streamId} 第 ${seq ?? '–'} 号事件的 ${field} 不同，未改动：${word(verdict)}`,
      `${kind}/${streamId} event ${seq ?? '–'} differs in ${field}, left as it is: ${word(verdict)}`,
    ),
    `  ${say('历史所载', 'history')}  ${replayed}`,
    `  ${say('现有内容', 'found')}  ${found}`,
  ]);
  return [
    ...differences,
    say(
      `完成：${fromHistories} 条事件流取自历史，${fromRecords} 条取自记录，补记 ${appended} 个事件，${differing.length} 条不一致`,
      `Done: ${fromHistories} streams from histories, ${fromRecords} from records, ${appended} events appended, ${differing.length} differing`,
    ),
  ];
}

interface Running {
  readonly databaseUrl?: string;
  readonly temporalAddress?: string;
  readonly temporalNamespace?: string;
}

function runningOn({ environment }: Place): Promise<Running | undefined> {
  return readJson<Running>(join(environment.dataDir, 'state.json'));
}

function givenIn({ environment }: Place, name: string): string | undefined {
  return environment.inherited[name]?.trim() || undefined;
}

/** SANTONG_DATABASE_URL, or the database of the platform that runs on this machine. */
async function databaseOf(place: Place): Promise<string> {
  const given = givenIn(place, 'SANTONG_DATABASE_URL') ?? (await runningOn(place))?.databaseUrl;
  if (given !== undefined) return given;
  throw new Failure(
    'unreachable',
    place.say(
      '不知道平台的数据库：请设置 SANTONG_DATABASE_URL，或先运行 npm start。',
      'The platform’s database is not known: set SANTONG_DATABASE_URL, or run npm start first.',
    ),
  );
}

/** Database and Temporal server of one platform: where the one is given, that of another platform is not taken for the other. */
async function serversOf(place: Place): Promise<Readonly<Record<string, string>>> {
  const SANTONG_DATABASE_URL = await databaseOf(place);
  const isGiven = givenIn(place, 'SANTONG_DATABASE_URL') !== undefined;
  const running = isGiven ? undefined : await runningOn(place);
  const address = givenIn(place, 'SANTONG_TEMPORAL_ADDRESS') ?? running?.temporalAddress;
  const namespace = givenIn(place, 'SANTONG_TEMPORAL_NAMESPACE') ?? running?.temporalNamespace;
  if (address !== undefined) {
    return {
      SANTONG_DATABASE_URL,
      SANTONG_TEMPORAL_ADDRESS: address,
      ...(namespace === undefined ? {} : { SANTONG_TEMPORAL_NAMESPACE: namespace }),
    };
  }
  throw new Failure(
    'unreachable',
    place.say(
      '不知道平台的 Temporal 服务器：请与 SANTONG_DATABASE_URL 一起设置 SANTONG_TEMPORAL_ADDRESS，或先运行 npm start。',
      'The platform’s Temporal server is not known: set SANTONG_TEMPORAL_ADDRESS with SANTONG_DATABASE_URL, or run npm start first.',
    ),
  );
}

/** Runs a built program in a process of its own, as migration and seeding are run; resolves with the last line that it said. */
async function runProgram<T>(
  { environment: { root, inherited }, say }: Place,
  { program, env }: { readonly program: string; readonly env: Readonly<Record<string, string>> },
  onLine: (line: T) => void,
): Promise<T | undefined> {
  const path = join(root, 'dist', program);
  if (!existsSync(path)) throw new Failure('usage', say('尚未构建：npm run build', 'Not built: npm run build'));
  const child = spawn(process.execPath, [path], {
    cwd: root,
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const exited = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  let last: T | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    last = JSON.parse(line) as T;
    onLine(last);
  }
  const code = await exited;
  if (code === 0) return last;
  throw new Failure(
    code === EXIT.unreachable ? 'unreachable' : 'unexpected',
    say(`重建失败：\n${said.trim()}`, `The rebuild failed:\n${said.trim()}`),
  );
}
