import type { Client } from '../client.ts';
import type { Context } from '../context.ts';
import { Failure } from '../failure.ts';
import { type Output, table } from '../output.ts';
import { runningUrl } from '../platform.ts';
import { readDepartments } from './compare.ts';
import { createProgress } from '../progress.ts';
import type { Checked, DemoReport, RequestReport } from './report.ts';
import { runRequest } from './request.ts';
import { SCENARIOS } from './scenario.ts';
import { startPlatform, type StartedPlatform } from './start-platform.ts';

/** The main job, whole: two requests over REST, each checked in the databases and replayed. */
export async function runDemo(context: Context, given: { readonly url?: string }): Promise<DemoReport> {
  const { environment, output, platform } = context;
  const { say } = output;
  const began = Date.now();
  const named = given.url ?? environment.url;
  let started: StartedPlatform | undefined;
  if (named === undefined && (await runningUrl(environment.dataDir)) === undefined) {
    output.note(say('没有运行中的平台，正在启动……', 'No platform is running: starting one …'));
    started = await startPlatform(environment, say);
  }
  try {
    const url = await platform.address();
    output.note(say(`平台 ${url}`, `Platform ${url}`));
    const clients = new Map<string, Promise<Client>>();
    const deps = {
      output,
      progress: createProgress(
        output,
        output.say('  交付 {bar} {value} / {total} 行', '  delivering {bar} {value} / {total} rows'),
      ),
      departments: await readDepartments(environment.dataDir, say),
      as(account: string): Promise<Client> {
        const known = clients.get(account) ?? platform.connectAs(account);
        clients.set(account, known);
        return known;
      },
    };
    const requests: RequestReport[] = [];
    for (const scenario of SCENARIOS) {
      output.note('');
      output.note(`${requests.length + 1}. ${headline(scenario.key, output)}`);
      const report = await runRequest(scenario, deps);
      for (const check of report.checks) output.note(`  ${check.ok ? '✓' : '✗'} ${checkText(check, output)}`);
      requests.push(report);
    }
    const ok = requests.every(({ checks }) => checks.every((check) => check.ok));
    const seconds = Math.round((Date.now() - began) / 100) / 10;
    return { ok, platform: { url, startedHere: started !== undefined }, requests, seconds };
  } catch (error) {
    // What a database says is for a person too.
    if (error instanceof Failure || !(error instanceof Error) || !('code' in error)) throw error;
    throw new Failure('unreachable', error.message);
  } finally {
    if (started) {
      output.note(say('正在停止平台……', 'Stopping the platform …'));
      await started.stop();
    }
  }
}

function headline(key: RequestReport['scenario'], { say }: Output): string {
  return key === 'divisions'
    ? say(
        '无条件共享：交通运输局申请民政局的行政区划代码（沈阳市）',
        'Unconditional: transport asks civil affairs for division codes (Shenyang)',
      )
    : say(
        '有条件共享：民政局申请公安局的户籍人口信息（脱敏）',
        'Conditional: civil affairs asks public security for persons (masked)',
      );
}

function checkText({ check, ok, expected, found }: Checked, { say, word }: Output): string {
  switch (check) {
    case 'rows':
      return say(
        `行数：来源 ${expected}，交付与清单 ${found}`,
        `rows: source ${expected}, delivered and manifest ${found}`,
      );
    case 'content':
      return say(`逐行比对：多出与缺少 ${found}`, `row by row: extra and missing ${found}`);
    case 'masks':
      return say(`脱敏：${found} 项与独立表达式一致`, `masks: ${found} values as an independent expression makes them`);
    case 'digest':
      return say(
        `摘要：重新计算 SHA-256 ${short(found)}，清单 ${short(expected)}`,
        `digest: SHA-256 again ${short(found)}, manifest ${short(expected)}`,
      );
    case 'manifest':
      return ok
        ? say('清单与批准的申请一致', 'the manifest is what was approved')
        : say(`清单与批准的申请不符：${found}`, `the manifest is not what was approved: ${found}`);
    case 'replay':
      return say(`回放：${word(found)}`, `replay: ${word(found)}`);
  }
}

const short = (digest: string): string => `${digest.slice(0, 16)}…`;

export function summaryLines(report: DemoReport, { say, word }: Output): string[] {
  const rows = report.requests.map((one) => [
    one.case.number,
    one.title,
    `${one.provider} → ${one.requester}`,
    word(one.case.status),
    String(one.delivery.manifest.rows),
    one.delivery.manifest.sha256.slice(0, 12),
    word(one.replay.verdict),
    one.checks.every(({ ok }) => ok) ? '✓' : '✗',
  ]);
  const headings = [
    say('编号', 'number'),
    say('名称', 'title'),
    say('方向', 'from → to'),
    say('状态', 'status'),
    say('行数', 'rows'),
    'SHA-256',
    say('回放', 'replay'),
    say('核对', 'checks'),
  ];
  const verdict = report.ok
    ? say('交付的数据与批准的内容一致。', 'What was delivered is what was approved.')
    : say('有核对不一致，见上。', 'A check disagrees: see above.');
  return ['', ...table(headings, rows), '', `${verdict} ${say(`用时 ${report.seconds} 秒`, `${report.seconds} s`)}`];
}
