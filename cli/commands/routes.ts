import type { Command } from 'commander';
import type { Block, Limit, SeatSpec } from '../../domain/route.ts';
import { seatsOf } from '../../domain/route.ts';
import type { ListOf, MigrationAnswer, MoveAnswer, RouteAnswer, RouteVersionAnswer } from '../answers.ts';
import type { Client } from '../client.ts';
import { type Adding, part } from '../context.ts';
import { readJsonFile } from '../decision.ts';
import type { ExitName } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import type { Say } from '../language.ts';
import { limitOf, listed, moreLine } from '../lists.ts';
import { type Output, table } from '../output.ts';

interface Validation {
  readonly sound: boolean;
  readonly faults: readonly { readonly pointer: string; readonly code: string; readonly message: string }[];
}

export function addRouteCommands(program: Command, adding: Adding): void {
  const { say, act } = adding;
  const group = program.command('route').description(say('流程', 'routes of cases'));
  group
    .command('list')
    .description(say('列出流程及其最新版本', 'every route with its newest version'))
    .action(
      act(async ({ platform, output }) => {
        const list = await (await platform.connect()).get<ListOf<RouteAnswer>>('/api/routes');
        output.result(list, () => routeTable(list.items, output));
      }),
    );
  routeArgument(group.command('show'), say)
    .description(say('一个版本的环节与期限', 'the stages and limits of a version'))
    .option('--version-number <n>', say('版本；默认为最新', 'version; the newest where absent'))
    .action(
      act<{ readonly versionNumber?: string }>(async ({ platform, output }, { versionNumber }, id = '') => {
        const client = await platform.connect();
        const versions = `${pathOf(id)}/versions`;
        const latest = await client.get<ListOf<{ readonly version: number }>>(versions);
        const number = versionNumber ?? String(latest.items[0]?.version ?? 1);
        const found = await client.get<RouteVersionAnswer>(`${versions}/${part(number)}`);
        output.result(found, () => versionLines(found, output));
      }),
    );
  routeArgument(group.command('draft'), say)
    .description(say('起草新版本', 'begin a draft of the next version'))
    .option('--from <n>', say('从该版本起草', 'begin from this version'))
    .option('--file <file>', say('流程内容的 JSON 文件', 'JSON file of the route'))
    .action(
      act<{ readonly from?: string; readonly file?: string }>(async ({ platform, output }, { from, file }, id = '') => {
        const route = file === undefined ? undefined : await readJsonFile(file, say);
        const body = { ...(from === undefined ? {} : { from: Number(from) }), ...(route ? { route } : {}) };
        const draft = await (await platform.connect()).post<{ id: string }>(`${pathOf(id)}/drafts`, { body });
        output.result(draft, () => [draft.id]);
      }),
    );
  draftArguments(group.command('validate'), say)
    .description(say('检查草稿，列出全部问题', 'everything that is wrong with a draft'))
    .action(
      act(async ({ platform, output }, _, id = '', draft = ''): Promise<ExitName> => {
        const path = `${pathOf(id)}/drafts/${part(draft)}/validation`;
        const found = await (await platform.connect()).post<Validation>(path);
        output.result(found, () =>
          found.sound
            ? [say('没有问题', 'nothing is wrong')]
            : found.faults.map(({ pointer, code, message }) => `${pointer}  ${message} (${code})`),
        );
        return found.sound ? 'done' : 'invalid';
      }),
    );
  draftArguments(group.command('publish'), say)
    .description(say('把草稿发布为下一版本', 'publish a draft as the next version'))
    .option('--note <text>', say('说明', 'note'))
    .action(
      act<{ readonly note?: string }>(async ({ platform, output }, { note }, id = '', draft = '') => {
        const path = `${pathOf(id)}/drafts/${part(draft)}/publication`;
        const body = note === undefined ? {} : { note };
        const version = await (await platform.connect()).post<RouteVersionAnswer>(path, { body });
        output.result(version, () => [`${version.id}  ${version.version}`]);
      }),
    );
  addMigrate(group, adding);
}

interface MigrateOptions {
  readonly to?: string;
  readonly case?: readonly string[];
  readonly dryRun?: boolean;
  readonly limit: string;
}

function addMigrate(group: Command, { say, act }: Adding): void {
  const limited = (command: Command) =>
    command.option('--limit <n>', say('最多列出的事项数', 'at most so many cases'), '1000');
  limited(routeArgument(group.command('migrate'), say))
    .description(say('把办理中的事项迁移到另一版本', 'move running cases to another version'))
    .requiredOption('--to <n>', say('迁移到的版本', 'the version to move to'))
    .option('--case <case...>', say('只迁移这些事项；默认全部', 'these cases only; all where absent'))
    .option('--dry-run', say('只预览，不迁移', 'tell what would become of them, and move none'))
    .action(
      act<MigrateOptions>(async ({ platform, output }, { to, case: cases, dryRun = false, limit }, id = '') => {
        const most = limitOf(limit, say);
        const body = { to: Number(to), dryRun, ...(cases ? { cases } : {}) };
        const client = await platform.connect();
        const run = await client.post<MigrationAnswer>(`${pathOf(id)}/migrations`, { body });
        return showRun({ client, output }, run, most);
      }),
    );
  limited(routeArgument(group.command('migration'), say).argument('<run>', say('迁移的 id', 'id of the move')))
    .description(say('一次迁移的进度与结果', 'how far a move has come, and what became of each case'))
    .action(
      act<{ readonly limit: string }>(async ({ platform, output }, { limit }, id = '', run = '') => {
        const client = await platform.connect();
        const path = `${pathOf(id)}/migrations/${part(run)}`;
        return showRun({ client, output }, await client.get<MigrationAnswer>(path), limitOf(limit, say));
      }),
    );
}

/** Ends with `refused` where a case could not be moved, and with `pending` while it is under way. */
async function showRun(
  { client, output }: { readonly client: Client; readonly output: Output },
  run: MigrationAnswer,
  limit: number,
): Promise<ExitName> {
  const list = await listed<MoveAnswer>(client, run.href, { query: {}, limit });
  output.result({ ...run, ...list }, () => [
    `${run.id}  ${output.word(run.status)}  ${Object.entries(run.counts)
      .filter(([, count]) => count > 0)
      .map(([outcome, count]) => `${output.word(outcome)} ${count}`)
      .join(', ')}`,
    ...moveTable(list.items, output),
    ...moreLine(list, output.say),
  ]);
  if (run.status !== 'done') return 'pending';
  return !run.dryRun && (run.counts['refused'] ?? 0) > 0 ? 'refused' : 'done';
}

function routeArgument(command: Command, say: Say): Command {
  return command.argument(
    '<route>',
    say('流程的 id，如 share-request/conditional', 'id, as share-request/conditional'),
  );
}

function draftArguments(command: Command, say: Say): Command {
  return routeArgument(command, say).argument('<draft>', say('草稿的 id', 'id of the draft'));
}

/** In an address the slash of a route's id is written `~`. */
function pathOf(id: string): string {
  if (id === '') throw new Failure('usage', 'id');
  return `/api/routes/${part(id.replaceAll('/', '~'))}`;
}

function routeTable(routes: readonly RouteAnswer[], { say }: Output): string[] {
  return table(
    [say('流程', 'route'), say('版本', 'version'), say('发布时间', 'published'), say('草稿', 'drafts')],
    routes.map(({ id, latest, drafts }) => [
      id,
      String(latest.version),
      latest.publishedAt,
      drafts.map((draft) => draft.id).join(', ') || '–',
    ]),
  );
}

function moveTable(moves: readonly MoveAnswer[], { say, word }: Output): string[] {
  if (moves.length === 0) return [];
  return table(
    [
      say('编号', 'number'),
      say('原版本', 'from'),
      say('结果', 'outcome'),
      say('失效的签署', 'lapsed'),
      say('取消的环节', 'dropped'),
      say('原因', 'why'),
      'id',
    ],
    moves.map(({ number, from, outcome, lapsed, dropped, problem, caseId }) => [
      number ?? '–',
      from === null ? '–' : String(from),
      word(outcome),
      lapsed.map((stage) => word(stage)).join(', ') || '–',
      dropped.map((stage) => word(stage)).join(', ') || '–',
      problem?.title ?? '–',
      caseId,
    ]),
  );
}

function versionLines({ id, version, publishedAt, note, route }: RouteVersionAnswer, output: Output): string[] {
  const { say } = output;
  return [
    `${id}  ${version}  ${publishedAt}${note === null ? '' : `  ${note}`}`,
    ...blockLines(route.root, output, 0),
    ...(route.delivery ? [`${say('交付期限', 'delivery')}  ${limitText(route.delivery, say)}`] : []),
  ];
}

function blockLines(block: Block, output: Output, depth: number): string[] {
  const { word, say } = output;
  const clock = block.clock ? `  ${limitText(block.clock, say)}` : '';
  const line = (text: string) => `${'  '.repeat(depth)}${text}${clock}`;
  const inside = (blocks: readonly Block[]) => blocks.flatMap((one) => blockLines(one, output, depth + 1));
  switch (block.kind) {
    case 'stage': {
      const seats = seatsOf(block).map((seat) => seatText(seat, output));
      const rule = typeof block.rule === 'string' ? block.rule : `vote ${block.rule.vote.num}/${block.rule.vote.den}`;
      return [line(`${word(block.id)} (${block.id})  ${seats.join(', ')}  ${word(rule)}`)];
    }
    case 'sequence':
    case 'tiers':
    case 'parallel':
      return [line(`${word(block.kind)} (${block.id})`), ...inside(block.blocks)];
    case 'for-each':
      return [line(`${word(block.kind)} ${word(block.over)} (${block.id})`), ...inside([block.block])];
    case 'choice': {
      const branches = block.branches.flatMap(({ when, block: inner }) => [
        `${'  '.repeat(depth + 1)}${say('若', 'if')} ${when}`,
        ...blockLines(inner, output, depth + 2),
      ]);
      const otherwise = block.otherwise
        ? [`${'  '.repeat(depth + 1)}${say('否则', 'otherwise')}`, ...blockLines(block.otherwise, output, depth + 2)]
        : [];
      return [line(`${word('choice')} (${block.id})`), ...branches, ...otherwise];
    }
  }
}

function seatText({ role, department, each }: SeatSpec, { word }: Output): string {
  return `${word(role)}@${department}${each ? '*' : ''}`;
}

function limitText({ legal, promise }: Limit, say: Say): string {
  const promised = promise === undefined ? '' : say(`，承诺${promise}`, `, promised ${promise}`);
  return say(`${legal}个工作日${promised}`, `${legal} working days${promised}`);
}
