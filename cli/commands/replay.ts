import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { ReplayAnswer } from '../answers.ts';
import { casePath } from '../case-path.ts';
import type { Adding } from '../context.ts';
import { Failure } from '../failure.ts';
import { type Output, table } from '../output.ts';

export function addReplayCommand(program: Command, { say, act }: Adding): void {
  program
    .command('replay')
    .argument('<case>', say('事项的 id 或编号', 'id or number of the case'))
    .description(
      say(
        '用流程代码回放历史，并与记录核对',
        'run the history through the workflow code again and hold it against the record',
      ),
    )
    .option(
      '--history <file>',
      say(
        '要核对的历史（Temporal 的 JSON）；默认为平台保存的',
        'a history to check (Temporal’s JSON); the stored one where absent',
      ),
    )
    .action(
      act<{ readonly history?: string }>(async ({ platform, output }, { history }, id = '') => {
        const body = history === undefined ? {} : { history: await readText(history) };
        const client = await platform.connect();
        const report = await client.post<ReplayAnswer>(`${await casePath(client, id)}/replay`, { body });
        output.result(report, () => replayLines(report, output));
        return report.verdict === 'agrees' ? 'done' : 'disagrees';
      }),
    );

  async function readText(path: string): Promise<string> {
    try {
      return await readFile(path, 'utf8');
    } catch {
      throw new Failure('usage', say(`无法读取 ${path}`, `Cannot read ${path}`));
    }
  }
}

function replayLines(report: ReplayAnswer, { say, word }: Output): string[] {
  const { difference } = report;
  const rows = report.decisions.map((one) => [
    String(one.seq),
    one.at,
    one.actor,
    `${one.capacity.department} · ${word(one.capacity.role)}`,
    [word(one.type), one.stage && word(one.stage), one.verdict && word(one.verdict)].filter(Boolean).join(' · '),
    one.reason ?? '',
  ]);
  return [
    ...table(
      [
        say('序号', 'seq'),
        say('时间', 'at'),
        say('人员', 'who'),
        say('身份', 'as'),
        say('决定', 'decision'),
        say('理由', 'reason'),
      ],
      rows,
    ),
    '',
    ...(difference
      ? [
          say(
            `${difference.seq === undefined ? '' : `第 ${difference.seq} 号事件的 `}${difference.field} 不同：`,
            `${difference.seq === undefined ? 'There is a difference' : `Event ${difference.seq} differs`} in ${difference.field}:`,
          ),
          `  ${say('回放所得', 'replayed')}  ${difference.replayed}`,
          `  ${say('现有内容', 'found')}  ${difference.found}`,
        ]
      : []),
    `${say('结论', 'verdict')}  ${word(report.verdict)} (${report.verdict})  ·  ${say(`${report.events} 个事件`, `${report.events} events`)}`,
  ];
}
