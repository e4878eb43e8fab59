import type { Command } from 'commander';
import type { AbsenceAnswer } from '../answers.ts';
import { type Adding, part } from '../context.ts';
import { limitOf, listed, moreLine, USUAL_LIMIT } from '../lists.ts';
import { type Output, table } from '../output.ts';

interface AddOptions {
  readonly standIn: string;
  readonly from: string;
  readonly until: string;
  readonly person?: string;
}

export function addAbsenceCommands(program: Command, { say, act }: Adding): void {
  const group = program.command('absence').description(say('代理', 'stand-ins for those who are away'));
  group
    .command('list')
    .description(say('谁由谁代理', 'who stands in for whom'))
    .option('--current', say('只列现行和将来的', 'only those in force or to come'))
    .option('--limit <n>', say('最多条数', 'at most so many'), USUAL_LIMIT)
    .action(
      act<{ readonly current?: boolean; readonly limit: string }>(
        async ({ platform, output }, { current = false, limit }) => {
          const query = { current: String(current) };
          const most = limitOf(limit, say);
          const list = await listed<AbsenceAnswer>(await platform.connect(), '/api/absences', { query, limit: most });
          output.result(list, () => [...absenceTable(list.items, output), ...moreLine(list, say)]);
        },
      ),
    );
  group
    .command('add')
    .description(say('指定代理人', 'name a stand-in'))
    .requiredOption('--stand-in <account>', say('代理人，须为同一部门', 'who stands in, of the same department'))
    .requiredOption('--from <date>', say('起始日', 'first day'))
    .requiredOption('--until <date>', say('末日', 'last day'))
    .option('--person <account>', say('由管理员代为指定的人员', 'who is away, where an administrator enters it'))
    .action(
      act<AddOptions>(async ({ platform, output }, { standIn, from, until, person }) => {
        const body = { standIn, from, until, ...(person === undefined ? {} : { person }) };
        const entered = await (await platform.connect()).post<AbsenceAnswer>('/api/absences', { body });
        output.result(entered, () => absenceTable([entered], output));
      }),
    );
  group
    .command('end')
    .argument('<absence>', say('代理的 id', 'id of the absence'))
    .description(say('提前结束', 'end it before its last day'))
    .action(
      act(async ({ platform, output }, _, id = '') => {
        const ended = await (await platform.connect()).post<AbsenceAnswer>(`/api/absences/${part(id)}/end`);
        output.result(ended, () => absenceTable([ended], output));
      }),
    );
}

function absenceTable(absences: readonly AbsenceAnswer[], { say, word, name }: Output): string[] {
  return table(
    [
      say('部门', 'department'),
      say('人员', 'person'),
      say('代理人', 'stand-in'),
      say('起', 'from'),
      say('止', 'until'),
      say('状态', 'standing'),
      'id',
    ],
    absences.map(({ id, department, person, standIn, from, until, standing }) => [
      name(department),
      `${person.name} (${person.id})`,
      `${standIn.name} (${standIn.id})`,
      from,
      until,
      word(standing),
      id,
    ]),
  );
}
