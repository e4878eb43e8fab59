import type { Command } from 'commander';
import type { CaseSummary, ListOf, TaskAnswer } from '../answers.ts';
import { type Adding, part } from '../context.ts';
import { ACTIONS_SHOWN, actionName, decisionBody, type DecisionOptions } from '../decision.ts';
import { decisionOptions } from '../decision-options.ts';
import { limitOf, listed, moreLine, USUAL_LIMIT } from '../lists.ts';
import { type Output, table } from '../output.ts';
import { statusLine } from './cases.ts';

export function addTaskCommands(program: Command, { say, act }: Adding): void {
  const group = program.command('task').description(say('待办', 'tasks'));
  group
    .command('list')
    .description(say('列出任务', 'the inbox'))
    .option('--box <box>', 'mine | department | done | copied', 'mine')
    .option('--limit <n>', say('最多条数', 'at most so many'), USUAL_LIMIT)
    .action(
      act<{ readonly box: string; readonly limit: string }>(async ({ platform, output }, { box, limit }) => {
        const most = limitOf(limit, say);
        const list = await listed<TaskAnswer>(await platform.connect(), '/api/tasks', { query: { box }, limit: most });
        output.result(list, () => taskLines(list, output));
      }),
    );
  decisionOptions(
    group
      .command('act')
      .argument('<task>', say('任务的 id', 'id of the task'))
      .argument('<action>', ACTIONS_SHOWN.task.join(' | '))
      .description(say('办理一个任务', 'do something to a task')),
    say,
  ).action(
    act<DecisionOptions>(async ({ platform, output }, options, id = '', given = '') => {
      const client = await platform.connect();
      const path = `/api/tasks/${part(id)}`;
      const { form } = await client.get<TaskAnswer>(path);
      const body = await decisionBody(actionName(given), options, { digest: form.seen, say });
      const done = await client.post<{ case: CaseSummary }>(`${path}/actions`, { body });
      output.result(done, () => [statusLine(done.case, output)]);
    }),
  );
}

function taskLines(list: ListOf<TaskAnswer>, output: Output): string[] {
  const { say, word, name } = output;
  const rows = list.items.map((task) => [
    task.case.number,
    task.case.title,
    word(task.stage),
    name(task.case.requester),
    task.dueOn ?? '–',
    task.actions.map(({ action }) => action).join(', ') || '–',
    task.onBehalf?.name ?? '–',
    task.id,
  ]);
  const headings = [
    say('编号', 'number'),
    say('名称', 'title'),
    say('环节', 'stage'),
    say('需求部门', 'requester'),
    say('期限', 'due'),
    say('可办理', 'you may'),
    say('代', 'on behalf of'),
    'id',
  ];
  return [...table(headings, rows), ...moreLine(list, say)];
}
