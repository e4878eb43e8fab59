import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Command } from 'commander';
import type { CalendarAnswer, CalendarPreviewAnswer, CalendarSummaryAnswer } from '../answers.ts';
import { type Adding, part } from '../context.ts';
import { readJsonFile } from '../decision.ts';
import { Failure } from '../failure.ts';
import type { Say } from '../language.ts';
import { limitOf, listed, moreLine, USUAL_LIMIT } from '../lists.ts';
import { fields, type Output, table } from '../output.ts';

interface ImportOptions {
  readonly dryRun?: boolean;
  readonly source?: string;
}

export function addCalendarCommands(program: Command, { say, act }: Adding): void {
  const group = program.command('calendar').description(say('工作日历', 'the working-day calendar'));
  group
    .command('list')
    .description(say('列出日历的各个版本', 'the versions of the calendar'))
    .option('--limit <n>', say('最多条数', 'at most so many'), USUAL_LIMIT)
    .action(
      act<{ readonly limit: string }>(async ({ platform, output }, { limit }) => {
        const most = limitOf(limit, say);
        const client = await platform.connect();
        const list = await listed<CalendarSummaryAnswer>(client, '/api/calendars', { query: {}, limit: most });
        output.result(list, () => [...versionTable(list.items, output), ...moreLine(list, say)]);
      }),
    );
  group
    .command('show')
    .argument('<version>', say('版本号', 'number of the version'))
    .description(say('一个版本的年份与日期', 'the years and days of one version'))
    .option('--year <year>', say('只看这一年', 'this year only'))
    .action(
      act<{ readonly year?: string }>(async ({ platform, output }, { year }, version = '') => {
        const client = await platform.connect();
        const found = await client.get<CalendarAnswer>(`/api/calendars/${part(version)}`, { year });
        output.result(found, () => versionLines(found, output));
      }),
    );
  group
    .command('import')
    .argument(
      '<file>',
      say(
        '通知原文（.txt）、表格（.csv）或数据（.json）',
        'the notice: its text (.txt), a table (.csv) or data (.json)',
      ),
    )
    .description(say('导入国务院办公厅的放假通知', 'import the State Council’s notice of holidays'))
    .option('--dry-run', say('只显示会有哪些变化，不导入', 'show what would change, and import nothing'))
    .option(
      '--source <text>',
      say('文号；原文里有的可省略', 'number of the document; not needed where the text has it'),
    )
    .action(
      act<ImportOptions>(async ({ platform, output }, { dryRun = false, source }, file = '') => {
        const body = { ...(await noticeIn(file, say)), ...(source === undefined ? {} : { source }) };
        const client = await platform.connect();
        if (dryRun) {
          const preview = await client.post<CalendarPreviewAnswer>('/api/calendars/preview', { body });
          output.result(preview, () => previewLines(preview, output));
          return;
        }
        const imported = await client.post<CalendarAnswer>('/api/calendars', { body });
        output.result(imported, () => headLines(imported, output));
      }),
    );
}

/** @throws {Failure} usage, if the file cannot be read */
async function noticeIn(file: string, say: Say): Promise<Record<string, unknown>> {
  const extension = extname(file).toLowerCase();
  if (extension === '.json') return { notice: await readJsonFile(file, say) };
  const bytes = await readFile(file).catch(() => undefined);
  if (bytes === undefined) throw new Failure('usage', say(`无法读取 ${file}`, `Cannot read ${file}`));
  if (!isUtf8(bytes)) throw new Failure('usage', say(`${file} 不是 UTF-8 文本`, `${file} is not text in UTF-8`));
  const content = bytes.toString('utf8');
  return extension === '.csv' ? { csv: content } : { text: content };
}

function versionTable(versions: readonly CalendarSummaryAnswer[], { say }: Output): string[] {
  return table(
    [
      say('版本', 'version'),
      say('正式', 'official'),
      say('暂定', 'provisional'),
      say('导入人', 'by'),
      say('时间', 'at'),
      say('来源', 'source'),
    ],
    versions.map((one) => [
      String(one.version),
      yearsOf(one.official),
      yearsOf(one.provisional),
      one.importedBy?.name ?? '–',
      one.createdAt,
      one.source,
    ]),
  );
}

function versionLines(one: CalendarAnswer, output: Output): string[] {
  const { say, word } = output;
  return [
    ...headLines(one, output),
    '',
    ...table(
      [say('日期', 'date'), say('类别', 'kind'), say('依据', 'standing')],
      one.days.map(({ date, kind, standing }) => [date, word(kind), word(standing)]),
    ),
  ];
}

function headLines(one: CalendarAnswer, output: Output): string[] {
  const { say } = output;
  return [
    ...fields([
      [say('版本', 'version'), String(one.version)],
      [say('来源', 'source'), one.source],
      [say('正式', 'official'), yearsOf(one.official)],
      [say('暂定', 'provisional'), yearsOf(one.provisional)],
      [say('导入人', 'by'), one.importedBy?.name ?? '–'],
      [say('时间', 'at'), one.createdAt],
      ['SHA-256', one.noticeDigest ?? '–'],
    ]),
    ...changeLines(one.changes, output),
  ];
}

function previewLines(preview: CalendarPreviewAnswer, output: Output): string[] {
  const { say, word } = output;
  const { dueDates } = preview;
  return [
    ...fields([
      [say('年份', 'year'), `${preview.year} · ${word(preview.standing)}`],
      [say('来源', 'source'), preview.source],
      ...preview.holidays.map(({ name, days }) => [name, `${days[0]} – ${days.at(-1)} (${days.length})`] as const),
      [say('补班', 'make-up'), preview.makeUpDays.join(', ')],
    ]),
    ...preview.remarks.map(({ message }) => `! ${message}`),
    ...(preview.isNew
      ? []
      : ['', say('日历已有全部内容，导入不会产生新版本', 'The calendar says all of it already: no new version')]),
    ...changeLines(preview.changes, output),
    '',
    say(
      `涉及在办事项 ${preview.cases} 件，变动期限 ${dueDates.moved} 个`,
      `Running cases touched: ${preview.cases}; due dates moved: ${dueDates.moved}`,
    ),
    ...dueDates.first.map(({ number, clock, from, to }) => `  ${number}  ${word(clock)}  ${from} → ${to}`),
  ];
}

function changeLines(changes: CalendarAnswer['changes'], { say }: Output): string[] {
  if (changes.length === 0) return [];
  const dates = (works: boolean): string =>
    changes
      .filter((change) => change.works === works)
      .map(({ date }) => date)
      .join(', ') || '–';
  return [
    '',
    ...fields([
      [say('改为放假', 'now off'), dates(false)],
      [say('改为上班', 'now worked'), dates(true)],
    ]),
  ];
}

/** Years that follow each other as one span: `2004–2026, 2028`. */
function yearsOf(years: readonly number[]): string {
  const spans: { from: number; to: number }[] = [];
  for (const year of years) {
    const last = spans.at(-1);
    if (last?.to === year - 1) last.to = year;
    else spans.push({ from: year, to: year });
  }
  return spans.map(({ from, to }) => (from === to ? `${from}` : `${from}–${to}`)).join(', ') || '–';
}
