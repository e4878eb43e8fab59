import { randomUUID } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import type { Knex } from 'knex';
import { pino } from 'pino';
import { catalogueImporter } from '../../api/catalogue-importer.ts';
import { TEMPLATE_HEADINGS } from '../../domain/catalogue-sheet/headings.ts';
import { insertImport } from '../../store/catalogue-imports.ts';
import { sheetStream, type SheetFormat } from '../../sheets/write.ts';
import { type Bench, median } from './measure.ts';
import { startDatabase } from './rig.ts';

const ENTRIES = 10_000;
const ITEMS = 5;
const RUNS = 3;

/** Ten thousand entries of five items come in as drafts; beside it csv-parse and bare inserts of the same rows. */
export const bench: Bench = {
  name: 'import',
  async run(say) {
    const { knex, close } = await startDatabase();
    try {
      await knex('departments').insert({ id: 'one', name: '一局', name_en: 'One', credit_code: 'x', sort: 1 });
      await knex('people').insert({ id: 'p', name: 'p', department_id: 'one', password_hash: 'x' });
      await knex.raw('create table bare (name text, cells jsonb)');
      const files = { csv: await fileOf('csv'), xlsx: await fileOf('xlsx') };
      const seconds = { csv: [] as number[], xlsx: [] as number[], bare: [] as number[] };
      for (let run = 0; run < RUNS; run += 1) {
        seconds.bare.push(await timed(() => bare(knex, files.csv)));
        for (const format of ['csv', 'xlsx'] as const) {
          seconds[format].push(await timed(() => imported(knex, files[format])));
          await knex('catalogue_drafts').delete();
        }
        say(`csv ${seconds.csv.at(-1)?.toFixed(1)} s, xlsx ${seconds.xlsx.at(-1)?.toFixed(1)} s`);
      }
      return [
        { what: 'CSV', value: ENTRIES / median(seconds.csv), unit: 'entries/s', goal: { atLeast: ENTRIES / 60 } },
        { what: 'XLSX', value: ENTRIES / median(seconds.xlsx), unit: 'entries/s', goal: { atLeast: ENTRIES / 60 } },
        {
          what: 'CSV, of the time that csv-parse and bare inserts take',
          value: median(seconds.csv) / median(seconds.bare),
          unit: '×',
          runs: seconds.csv.map((value, index) => value / (seconds.bare[index] ?? Number.NaN)),
        },
      ];
    } finally {
      await close();
    }
  },
};

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1_000;
}

async function* rows(): AsyncGenerator<readonly string[]> {
  yield TEMPLATE_HEADINGS;
  for (let entry = 0; entry < ENTRIES; entry += 1) {
    for (let item = 0; item < ITEMS; item += 1) {
      yield [
        `目录${entry}`,
        `Entry ${entry}`,
        '业务系统登记的基本信息',
        '一局',
        '人口',
        '数据库/PostgreSQL',
        `信息项${item}`,
      ]
        .concat([
          `item_${item}`,
          '字符型C',
          '40',
          item === 0 ? '是' : '',
          '有条件共享',
          '限履行职责',
          '核验',
          '',
          '批量交换',
        ])
        .concat(['', '不予开放', '', '每6分钟', '业务系统']);
    }
  }
}

async function fileOf(format: SheetFormat): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of sheetStream(rows(), format)) pieces.push(Buffer.from(piece as Buffer));
  return Buffer.concat(pieces);
}

async function imported(knex: Knex, content: Buffer): Promise<void> {
  const id = randomUUID();
  await insertImport(knex, { id, content, department: 'one', anyProvider: false, name: 'list', createdBy: 'p' });
  await catalogueImporter({ db: knex, logger: pino({ level: 'warn' }) }).round();
  const { status, accepted } = await knex('catalogue_imports').where({ id }).first('status', 'accepted');
  if (status !== 'done' || accepted !== ENTRIES) throw new Error(`Only ${accepted} came in: ${status}`);
}

async function bare(knex: Knex, content: Buffer): Promise<void> {
  const records: string[][] = parse(content, { bom: true, from_line: 2 });
  await knex.transaction(async (trx) => {
    for (let at = 0; at < records.length; at += 2_500) {
      const some = records.slice(at, at + 2_500).map((cells) => ({ name: cells[0], cells: JSON.stringify(cells) }));
      await trx('bare').insert(some);
    }
  });
}
