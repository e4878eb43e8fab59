import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Client } from '../client.ts';
import { type Adding, part } from '../context.ts';
import { Failure } from '../failure.ts';
import type { Say } from '../language.ts';
import { fields, type Output } from '../output.ts';
import { createProgress } from '../progress.ts';

interface CatalogueImportAnswer {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly entries: {
    readonly total: number | null;
    readonly done: number;
    readonly accepted: number | null;
    readonly refused: number | null;
  };
  readonly report: string | null;
}

interface ImportOptions {
  readonly department?: string;
  readonly report?: string;
}

interface ExportOptions {
  readonly format?: string;
  readonly provider?: string;
  readonly output: string;
}

const LOOK_EVERY_MS = 300;

/** The catalogue as files: brought in as drafts, and what is published written out in the same form. */
export function addCatalogueFileCommands(group: Command, { say, act }: Adding): void {
  group
    .command('import')
    .argument('<file>', say('CSV 或 XLSX 文件', 'a file, CSV or XLSX'))
    .description(say('从文件导入目录草稿', 'bring entries in from a file, as drafts'))
    .option('--department <id>', say('主管部门为哪个部门导入', 'for the authority: which department’s it is'))
    .option('--report <file>', say('有拒绝时，报告存到哪里', 'where the report goes if anything is refused'))
    .action(
      act<ImportOptions>(async ({ platform, output }, { department, report }, file = '') => {
        const raw = await bytesOf(file, say);
        const client = await platform.connect();
        const query = { name: basename(file), department };
        const sent = await client.post<CatalogueImportAnswer>('/api/catalogue/imports', { query, raw });
        const ended = await waited(client, sent, output);
        const isWhole = ended.status === 'done' && ended.entries.refused === 0;
        output.result(ended, () => importLines(ended, output));
        if (isWhole || ended.report === null) return undefined;
        const kept = report ?? `${file}.report.csv`;
        await client.download(ended.report, kept);
        output.warn(say(`拒绝原因见 ${kept}`, `Why entries were refused: ${kept}`));
        return 'invalid';
      }),
    );
  group
    .command('export')
    .description(say('导出已发布的目录', 'write what is published to a file'))
    .requiredOption('--output <file>', say('写到哪里', 'where it goes'))
    .option('--format <format>', 'csv | xlsx')
    .option('--provider <department>', say('只导出该部门的目录', 'only the entries of this department'))
    .action(
      act<ExportOptions>(async ({ platform, output }, { format, provider, output: file }) => {
        const client = await platform.connect();
        const query = { format: formatOf(format, { file, say }), provider };
        await client.download('/api/catalogue/export', file, query);
        output.result({ output: file, format: query.format }, () => [say(`已写入 ${file}`, `Written to ${file}`)]);
      }),
    );
}

async function bytesOf(file: string, say: Say): Promise<Buffer> {
  const bytes = await readFile(file).catch(() => undefined);
  if (bytes === undefined) throw new Failure('usage', say(`无法读取 ${file}`, `Cannot read ${file}`));
  return bytes;
}

/** What was asked for, else what the name of the file says, else a workbook. @throws {Failure} usage */
function formatOf(asked: string | undefined, { file, say }: { readonly file: string; readonly say: Say }): string {
  const format = asked ?? (extname(file).toLowerCase() === '.csv' ? 'csv' : 'xlsx');
  if (format === 'csv' || format === 'xlsx') return format;
  throw new Failure('usage', say(`--format 应为 csv 或 xlsx：${format}`, `--format is csv or xlsx: ${format}`));
}

/** Asks how far it has come until it has ended. */
async function waited(client: Client, sent: CatalogueImportAnswer, output: Output): Promise<CatalogueImportAnswer> {
  const words = output.say('  导入 {bar} {value} / {total} 条', '  importing {bar} {value} / {total} entries');
  const bar = createProgress(output, words).begin();
  try {
    for (let now = sent; ; now = await client.get(`/api/catalogue/imports/${part(sent.id)}`)) {
      bar.show(now.entries.done, now.entries.total ?? 0);
      if (now.status === 'done' || now.status === 'failed') return now;
      await sleep(LOOK_EVERY_MS);
    }
  } finally {
    bar.end();
  }
}

function importLines({ id, name, status, entries }: CatalogueImportAnswer, { say, word }: Output): string[] {
  return fields([
    [say('导入', 'import'), id],
    [say('文件', 'file'), name],
    [say('状态', 'status'), word(status)],
    [say('导入条数', 'accepted'), String(entries.accepted ?? 0)],
    [say('拒绝条数', 'refused'), String(entries.refused ?? 0)],
  ]);
}
