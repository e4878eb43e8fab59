import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Command } from 'commander';
import type { CaseDetail, CaseSummary, Offered } from '../answers.ts';
import type { Client } from '../client.ts';
import { casePath } from '../case-path.ts';
import type { Adding } from '../context.ts';
import {
  ACTIONS_SHOWN,
  actionName,
  decisionBody,
  type DecisionOptions,
  offeredTask,
  readJsonFile,
} from '../decision.ts';
import { decisionOptions } from '../decision-options.ts';
import { Failure } from '../failure.ts';
import type { Say } from '../language.ts';
import { limitOf, listed, moreLine, USUAL_LIMIT } from '../lists.ts';
import { fields, type Output, table } from '../output.ts';

interface ListOptions {
  readonly status?: string;
  readonly query?: string;
  readonly limit: string;
}

export function addCaseCommands(program: Command, adding: Adding): void {
  const { say, act } = adding;
  const group = program.command('case').description(say('事项', 'cases'));
  group
    .command('list')
    .description(say('列出可以看到的事项', 'the cases that this account may see'))
    .option('--status <status>', say('状态', 'status'))
    .option('-q, --query <text>', say('编号或名称', 'number or title'))
    .option('--limit <n>', say('最多条数', 'at most so many'), USUAL_LIMIT)
    .action(
      act<ListOptions>(async ({ platform, output }, { status, query: q, limit }) => {
        const most = limitOf(limit, say);
        const list = await listed<CaseSummary>(await platform.connect(), '/api/cases', {
          query: { status, q },
          limit: most,
        });
        output.result(list, () => [...caseTable(list.items, output), ...moreLine(list, say)]);
      }),
    );
  group
    .command('show')
    .argument('<case>', say('事项的 id 或编号', 'id or number of the case'))
    .description(say('一个事项的全部内容', 'one case in full'))
    .action(
      act(async ({ platform, output }, _, id = '') => {
        const client = await platform.connect();
        const found = await client.get<CaseDetail>(await casePath(client, id));
        output.result(found, () => caseLines(found, output));
      }),
    );
  group
    .command('file')
    .argument('<application>', say('申请内容的 JSON 文件', 'JSON file of the application'))
    .description(say('提交共享申请', 'file a share request'))
    .option('--attach <file...>', say('随申请上传的附件', 'files to upload and attach'))
    .action(
      act<{ readonly attach?: readonly string[] }>(async ({ platform, output }, { attach = [] }, file = '') => {
        const application = (await readJsonFile(file, say)) as Record<string, unknown>;
        const client = await platform.connect();
        const attachments = [...((application['attachments'] as readonly string[] | undefined) ?? [])];
        for (const path of attach) attachments.push(await upload(client, path, say));
        const filed = await client.post<CaseDetail>('/api/share-requests', { body: { ...application, attachments } });
        output.result(filed, () => caseLines(filed, output));
      }),
    );
  addAct(group, adding);
}

function addAct(group: Command, { say, act }: Adding): void {
  decisionOptions(
    group
      .command('act')
      .argument('<case>', say('事项的 id 或编号', 'id or number of the case'))
      .argument('<action>', ACTIONS_SHOWN.case.join(' | '))
      .description(say('办理一个事项', 'do something to a case'))
      .option(
        '--task <task>',
        say('任务的 id；只有一个可办时可省略', 'id of the task; not needed where there is only one'),
      ),
    say,
  ).action(
    act<DecisionOptions & { readonly task?: string }>(async ({ platform, output }, options, id = '', given = '') => {
      const client = await platform.connect();
      const path = await casePath(client, id);
      const before = await client.get<CaseDetail>(path);
      const action = actionName(given);
      const body = await decisionBody(action, options, { digest: before.form.seen, say });
      const taskId = options.task ?? offeredTask(before.actions, action, say);
      const done = await client.post<{ case: CaseSummary }>(`${path}/actions`, {
        body: { ...body, ...(taskId === undefined ? {} : { taskId }) },
      });
      output.result(done, () => [statusLine(done.case, output)]);
    }),
  );
}

async function upload(client: Client, path: string, say: Say): Promise<string> {
  try {
    const raw = await readFile(path);
    const stored = await client.post<{ id: string }>('/api/attachments', { query: { name: basename(path) }, raw });
    return stored.id;
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure('usage', say(`无法读取附件 ${path}`, `Cannot read the attachment ${path}`));
  }
}

function caseTable(cases: readonly CaseSummary[], output: Output): string[] {
  const { say, word, name } = output;
  return table(
    [
      say('编号', 'number'),
      say('名称', 'title'),
      say('状态', 'status'),
      say('环节', 'stage'),
      say('需求部门', 'requester'),
      say('提供部门', 'provider'),
      say('期限', 'due'),
      'id',
    ],
    cases.map((one) => [
      one.number,
      one.title,
      word(one.status),
      word(one.stage),
      name(one.requester),
      name(one.provider),
      one.dueOn ?? '–',
      one.id,
    ]),
  );
}

export function statusLine(one: CaseSummary, { word }: Output): string {
  return `${one.number}  ${one.title}  ${word(one.status)}${one.stage === null ? '' : ` · ${word(one.stage)}`}`;
}

function caseLines(one: CaseDetail, output: Output): string[] {
  const { say, word, name } = output;
  const { application } = one;
  return [
    statusLine(one, output),
    '',
    ...fields([
      ['id', one.id],
      [say('需求部门', 'requester'), `${name(one.requester)} · ${one.applicant.name}`],
      [say('提供部门', 'provider'), name(one.provider)],
      [say('信息项', 'items'), application.items.map((item) => maskedItem(item, application.masks[item])).join(', ')],
      [say('数据行', 'rows'), one.rowScopeText],
      [say('依据', 'legal basis'), application.legalBasis],
      [say('场景', 'scenario'), application.scenario],
      [say('用途', 'purpose'), application.purpose],
      [say('期限', 'period'), `${application.period.from} – ${application.period.to}`],
      [
        say('附件', 'attachments'),
        application.attachments.map((file) => `${file.name} (${file.size} B)`).join(', ') || '–',
      ],
      [say('授权', 'grant'), one.grantId ?? '–'],
      ...(one.hindrance ? [[say('交付受阻', 'delivery held up'), one.hindrance.reason.message] as const] : []),
    ]),
    '',
    ...table(
      [
        say('环节', 'stage'),
        say('办理角色', 'seat'),
        say('状态', 'standing'),
        say('意见', 'answer'),
        say('时间', 'at'),
      ],
      one.stages.map((stage) => [
        word(stage.id),
        `${name(stage.seat.department)} · ${word(stage.seat.role)}`,
        word(stage.standing),
        stage.answer ? `${word(stage.answer.verdict)} · ${stage.answer.by.name}` : '–',
        stage.answer?.at ?? '–',
      ]),
    ),
    ...one.refused.map(({ entryId, itemId, reason }) => `${say('不同意', 'refused')}  ${entryId}/${itemId}: ${reason}`),
    ...(one.supplement?.missing ?? []).map(
      (missing) => `${say('需补正', 'missing')}  ${missing.part}: ${missing.text}`,
    ),
    ...offersLine(one.actions, output),
  ];
}

function maskedItem(item: string, mask: string | undefined): string {
  return mask === undefined || mask === 'none' ? item : `${item}*`;
}

export function offersLine(offers: readonly Offered[], { say, word }: Output): string[] {
  if (offers.length === 0) return [];
  return ['', `${say('可办理', 'you may')}  ${offers.map(({ action }) => `${word(action)} (${action})`).join(', ')}`];
}
