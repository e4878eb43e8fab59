import type { Knex } from 'knex';
import type { Refusal } from '../../../domain/catalogue-sheet/entries.ts';
import { headingOf, TEMPLATE_HEADINGS } from '../../../domain/catalogue-sheet/headings.ts';
import { rowsOf } from '../../../domain/catalogue-sheet/rows.ts';
import { MEDIA_TYPES, type SheetFormat, sheetStream } from '../../../sheets/write.ts';
import { searchEntries } from '../../../store/catalogue-find.ts';
import type { Place } from '../../../store/keyset.ts';
import type { Reply } from '../../endpoint.ts';
import { messageOf } from '../../fault-messages.ts';

const PAGE = 200;

/** An example of an entry of two items, which whoever fills in the template writes over. */
const EXAMPLE: readonly (readonly string[])[] = [
  [
    '示例：婚姻登记信息',
    'Marriages',
    '本市婚姻登记的基本信息',
    '',
    '人口、全民社会保障',
    '数据库/PostgreSQL',
    '登记字号',
    'record_no',
    '字符型C',
    '20',
    '是',
    '有条件共享',
    '限核验婚姻状况',
    '社会救助资格核验',
    '',
    '批量交换',
    '',
    '不予开放',
    '',
    '每日',
    '婚姻登记系统',
  ],
  [
    '示例：婚姻登记信息',
    '',
    '',
    '',
    '',
    '',
    '登记日期',
    'registered_on',
    '日期型D',
    '',
    '',
    '',
    '',
    '',
    '',
    '',
    '',
    '',
    '',
    '',
    '',
  ],
];

/** All current entries, page by page, as rows under the template's headings. */
export async function* exportRows(
  db: Knex,
  { provider, names }: { readonly provider: string | undefined; readonly names: ReadonlyMap<string, string> },
): AsyncGenerator<readonly string[]> {
  yield TEMPLATE_HEADINGS;
  let after: Place | undefined;
  do {
    const filter = provider === undefined ? {} : { provider };
    const request = { order: 'code', page: { limit: PAGE, ...(after ? { after } : {}) } } as const;
    const page = await searchEntries(db, filter, request);
    for (const entry of page.items) yield* rowsOf(entry, (id) => names.get(id) ?? id);
    after = page.next;
  } while (after);
}

export async function* templateRows(): AsyncGenerator<readonly string[]> {
  yield TEMPLATE_HEADINGS;
  yield* EXAMPLE;
}

/** Why what was refused, one line for each reason. */
export async function* reportRows(refusals: readonly Refusal[]): AsyncGenerator<readonly string[]> {
  yield ['行号 row', '列 column', '代码 code', '原因', 'reason'];
  for (const { row, field, code, params = {} } of refusals) {
    const fault = { pointer: '', code, params };
    yield [
      String(row),
      field === undefined ? '' : headingOf(field),
      code,
      messageOf(fault, 'zh'),
      messageOf(fault, 'en'),
    ];
  }
}

/** A file that is written while it is sent. */
export function fileReply(rows: AsyncIterable<readonly string[]>, name: string, format: SheetFormat): Reply {
  const headers = {
    'Content-Type': MEDIA_TYPES[format],
    'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(`${name}.${format}`)}`,
  };
  return { status: 200, body: sheetStream(rows, format), headers };
}
