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
    .argument('<action>', 'deliver | suspend | resume | terminate')
    .description(say('再次交付、暂停、恢复或终止', 'deliver again, suspend, resume or terminate'))
    .option('--reason <text>', say('理由', 'reason'))
    .action(
      act<{ readonly reason?: string }>(async ({ platform, output }, { reason }, id = '', action = '') => {
        const client = await platform.connect();
        const body = action === 'deliver' ? { action } : { action, reason: reason ?? '' };
        const done = await client.post<{ grant: GrantAnswer }>(`/api/grants/${part(id)}/actions`, { body });
        output.result(done, () => [`${done.grant.number}  ${output.word(done.grant.status)}`]);
      }),
    );
}

export function addDeliveryCommands(program: Command, { say, act }: Adding): void {
  program
    .command('delivery')
    .description(say('交付', 'deliveries'))
    .command('show')
    .argument('<delivery>', say('交付的 id', 'id of the delivery'))
    .description(say('一次交付的进度与清单', 'how a delivery goes, and its manifest'))
    .action(
      act(async ({ platform, output }, _, id = '') => {
        const delivery = await (await platform.connect()).get<DeliveryAnswer>(`/api/deliveries/${part(id)}`);
        output.result(delivery, () => deliveryLines(delivery, output));
      }),
    );
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
    ]),
  ];
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

function deliveryLines(delivery: DeliveryAnswer, { say, word }: Output): string[] {
  const { manifest, progress, reason } = delivery;
  const head = `${delivery.id}  ${word(delivery.status)}`;
  if (!manifest) {
    const done = `${progress.rowsDone}${progress.rowsTotal === null ? '' : ` / ${progress.rowsTotal}`}`;
    const why = reason === null ? [] : [reason.message ?? JSON.stringify(reason)];
    return [head, `${say('行数', 'rows')}  ${done}`, ...why];
  }
  const place = ({ sourceId, schema, table: name }: typeof manifest.source): string =>
    `${sourceId} · ${schema}.${name}`;
  return [
    head,
    '',
    ...fields([
      [say('授权', 'grant'), manifest.grantId],
      [say('行数', 'rows'), String(manifest.rows)],
      [say('字节', 'bytes'), String(manifest.bytes)],
      ['SHA-256', manifest.sha256],
      [say('来源', 'source'), place(manifest.source)],
      'file' in manifest
        ? [say('文件', 'file'), `${manifest.file.name} · ${manifest.file.to} · ${manifest.file.place}`]
        : [say('目标', 'target'), place(manifest.target)],
      [say('策略', 'policy'), `${manifest.policyVersion} · ${manifest.policyLine}`],
      [say('起止', 'from, to'), `${manifest.startedAt} – ${manifest.endedAt}`],
    ]),
  ];
}
