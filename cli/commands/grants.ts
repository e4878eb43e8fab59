import type { Command } from 'commander';
import type { DeliveryAnswer, GrantAnswer, ListOf } from '../answers.ts';
import { type Adding, part } from '../context.ts';
import { limitOf, listed, moreLine, USUAL_LIMIT } from '../lists.ts';
import { fields, type Output, table } from '../output.ts';
import { offersLine } from './cases.ts';

interface ListOptions {
  readonly status?: string;
  readonly case?: string;
  readonly limit: string;
}

interface ActOptions {
  readonly reason?: string;
  readonly whole?: true;
  readonly schedule?: string;
}

export function addGrantCommands(program: Command, { say, act }: Adding): void {
  const group = program.command('grant').description(say('授权', 'grants'));
  group
    .command('list')
    .description(say('列出授权', 'the grants given to or by the department'))
    .option('--status <status>', 'active | suspended | terminated | expired')
    .option('--case <case>', say('由该事项给出的', 'those given by this case'))
    .option('--limit <n>', say('最多条数', 'at most so many'), USUAL_LIMIT)
    .action(
      act<ListOptions>(async ({ platform, output }, { status, case: caseId, limit }) => {
        const most = limitOf(limit, say);
        const query = { status, caseId };
        const list = await listed<GrantAnswer>(await platform.connect(), '/api/grants', { query, limit: most });
        output.result(list, () => grantTable(list, output));
      }),
    );
  group
    .command('show')
    .argument('<grant>', say('授权的 id', 'id of the grant'))
    .description(say('一项授权及其交付', 'one grant and its deliveries'))
    .action(
      act(async ({ platform, output }, _, id = '') => {
        const client = await platform.connect();
        const grant = await client.get<GrantAnswer>(`/api/grants/${part(id)}`);
        const deliveries = await client.get<ListOf<DeliveryAnswer>>(`/api/grants/${part(id)}/deliveries`);
        output.result({ ...grant, recentDeliveries: deliveries.items }, () => [
          ...grantLines(grant, output),
          '',
          ...deliveryTable(deliveries.items, output),
          ...offersLine(grant.actions, output),
        ]);
      }),
    );
  group
    .command('act')
    .argument('<grant>', say('授权的 id', 'id of the grant'))
    .argument('<action>', 'deliver | reschedule | suspend | resume | terminate')
    .description(
      say('再次交付、更改交付时间、暂停、恢复或终止', 'deliver again, reschedule, suspend, resume or terminate'),
    )
    .option('--reason <text>', say('理由', 'reason'))
    .option('--whole', say('全量交付', 'deliver everything again'))
    .option(
      '--schedule <when>',
      say('五段定时表达式（北京时间）、after-update 或 on-call', 'cron in Asia/Shanghai, after-update or on-call'),
    )
    .action(
      act<ActOptions>(async ({ platform, output }, options, id = '', action = '') => {
        const client = await platform.connect();
        const body = { action, ...detailsOf(action, options) };
        const done = await client.post<{ grant: GrantAnswer }>(`/api/grants/${part(id)}/actions`, { body });
        output.result(done, () => [`${done.grant.number}  ${output.word(done.grant.status)}`]);
      }),
    );
}

function detailsOf(action: string, { reason, whole, schedule }: ActOptions): Readonly<Record<string, unknown>> {
  if (action === 'deliver') return whole === true ? { isWhole: true } : {};
  if (action === 'reschedule') return { schedule: scheduleOf(schedule ?? 'on-call') };
  return { reason: reason ?? '' };
}

function scheduleOf(text: string): Readonly<Record<string, string>> {
  return text === 'after-update' || text === 'on-call' ? { kind: text } : { kind: 'cron', cron: text };
}

function grantTable(list: ListOf<GrantAnswer>, output: Output): string[] {
  const { say, word, name } = output;
  const headings = [
    say('编号', 'number'),
    say('状态', 'status'),
    say('目录', 'entry'),
    say('需求部门', 'requester'),
    say('提供部门', 'provider'),
    say('至', 'until'),
    say('交付次数', 'deliveries'),
    'id',
  ];
  const rows = list.items.map((grant) => [
    grant.number,
    word(grant.status),
    grant.entry.id,
    name(grant.requester),
    name(grant.provider),
    grant.validTo,
    String(grant.deliveries),
    grant.id,
  ]);
  return [...table(headings, rows), ...moreLine(list, say)];
}

function grantLines(grant: GrantAnswer, { say, word, name }: Output): string[] {
  return [
    `${grant.number}  ${word(grant.status)}`,
    '',
    ...fields([
      ['id', grant.id],
      [say('事项', 'case'), grant.caseId],
      [say('需求部门', 'requester'), name(grant.requester)],
      [say('提供部门', 'provider'), name(grant.provider)],
      [say('目录', 'entry'), `${grant.entry.id} v${grant.entry.version}`],
      [
        say('信息项', 'items'),
        grant.items.map((item) => `${item}${grant.masks[item] === 'none' ? '' : '*'}`).join(', '),
      ],
      [say('用途', 'purpose'), grant.purpose],
      [say('期限', 'period'), `${grant.validFrom} – ${grant.validTo}`],
      [say('交付时间', 'schedule'), scheduleText(grant, word)],
    ]),
  ];
}

function scheduleText({ schedule, nextRunAt }: GrantAnswer, word: Output['word']): string {
  const when = schedule.kind === 'cron' ? (schedule.cron ?? '') : word(schedule.kind);
  return nextRunAt === null ? when : `${when} → ${nextRunAt}`;
}

function deliveryTable(deliveries: readonly DeliveryAnswer[], { say, word }: Output): string[] {
  return table(
    [say('交付', 'delivery'), say('状态', 'status'), say('行数', 'rows'), say('结束', 'ended'), 'SHA-256'],
    deliveries.map((one) => [
      one.id,
      word(one.status),
      String(one.manifest?.rows ?? one.progress.rowsDone),
      one.endedAt ?? '–',
      one.manifest?.sha256.slice(0, 16) ?? '–',
    ]),
  );
}
