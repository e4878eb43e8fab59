import exceljs from 'exceljs';
import { grouped, type Providers, readEntry } from '../../domain/catalogue-sheet/entries.ts';
import { columnsIn, TEMPLATE_HEADINGS } from '../../domain/catalogue-sheet/headings.ts';
import { rowsOf } from '../../domain/catalogue-sheet/rows.ts';
import { catalogue } from '../../seed/catalogue.ts';
import { catalogueRows } from '../../sheets/rows.ts';
import { sheetStream } from '../../sheets/write.ts';

const providers: Providers = {
  own: 'civil-affairs',
  any: false,
  idOf: (text) => ({ 沈阳市民政局: 'civil-affairs', 沈阳市公安局: 'public-security' })[text],
};

async function read(bytes: Buffer, given: Providers = providers) {
  const found = await catalogueRows(bytes);
  if ('refusal' in found) return [{ row: found.refusal.row, refusals: [found.refusal] }];
  return grouped(found.rows).map((group) => readEntry(group, given));
}

const csv = (...lines: readonly string[]): Buffer => Buffer.from(lines.join('\n'));
/** 婚姻登记 in GBK, as another system wrote it. */
const GBK_HEADINGS = Buffer.from('d0c5cfa2d7cad4b4c3fbb3c62cd0c5cfa2cfeec3fbb3c62cb8fcd0c2d6dcc6da0a', 'hex');
const GBK_ROW = Buffer.from('bbe9d2f6b5c7bcc72cd0d5c3fba1a2c8d5c6da2cc3bfc8d50a', 'hex');

test('headings stand in any order, with synonyms, marks and remarks; a title above them is none', () => {
  expect(columnsIn(['政务信息资源目录', '', ''])).toBeUndefined();
  const found = columnsIn(['更新频率', '*数据项', '资源名称（必填）', '序号']);
  expect([...(found ?? [])]).toEqual([
    ['updateCycle', 0],
    ['itemName', 1],
    ['name', 2],
  ]);
});

describe('files as they come', () => {
  it.each([
    ['UTF-8', csv('信息资源名称,信息项名称,更新周期', '婚姻登记,姓名、日期,每日')],
    ['UTF-8 with a mark', csv('\uFEFF信息资源名称,信息项名称,更新周期', '婚姻登记,姓名、日期,每日')],
    [
      'UTF-16 with a mark',
      Buffer.from('\uFEFF信息资源名称\t信息项名称\t更新周期\n婚姻登记\t姓名、日期\t每日', 'utf16le'),
    ],
    ['semicolons', csv('信息资源名称;信息项名称;更新周期', '婚姻登记;姓名、日期;每日')],
    ['GBK', Buffer.concat([GBK_HEADINGS, GBK_ROW])],
  ])('%s', async (_, bytes) => {
    expect(await read(bytes)).toMatchObject([
      {
        row: 2,
        draft: {
          name: '婚姻登记',
          provider: 'civil-affairs',
          updateCycle: 'daily',
          items: [
            { id: 'item_1', name: '姓名' },
            { id: 'item_2', name: '日期' },
          ],
        },
        suggestions: [{ pointer: '/updateCycle', evidence: { code: 'WordOfTheFile', params: { word: '每日' } } }],
      },
    ]);
  });

  it('a workbook with a title, merged cells and rich text', async () => {
    const book = new exceljs.Workbook();
    book.addWorksheet('说明').addRow(['填写说明']);
    const sheet = book.addWorksheet('目录');
    sheet.addRow(['某局信息资源目录']);
    sheet.addRow(['信息资源名称', '摘要', '信息项', '数据类型', '长度', '更新频率']);
    sheet.addRow(['婚姻登记', '登记信息', '姓名', '字符型', 40, '每6分钟']);
    sheet.addRow(['', '', '日期', '日期型', '', '']);
    sheet.addRow(['收养登记', '另一个', { richText: [{ text: '编' }, { text: '号' }] }, '字符型', 20, '不定期']);
    for (const merged of ['A1:F1', 'A3:A4', 'B3:B4', 'F3:F4']) sheet.mergeCells(merged);
    const bytes = Buffer.from(await book.xlsx.writeBuffer());
    expect(await read(bytes)).toMatchObject([
      {
        row: 3,
        draft: {
          name: '婚姻登记',
          summary: '登记信息',
          updateCycle: 'PT6M',
          items: [
            { name: '姓名', type: 'C', length: 40 },
            { name: '日期', type: 'D' },
          ],
        },
      },
      { row: 5, draft: { name: '收养登记', items: [{ name: '编号' }] } },
    ]);
  });

  it.each([
    ['no headings', csv('a,b,c', '1,2,3'), 'HeadingsMissing'],
    ['nothing', Buffer.from('x'), 'HeadingsMissing'],
    ['no encoding', Buffer.from('ff00ff80ff', 'hex'), 'EncodingUnknown'],
    ['a broken workbook', Buffer.from('504b030400000000', 'hex'), 'FileUnreadable'],
  ])('%s is refused as a whole', async (_, bytes, code) =>
    expect(await read(bytes)).toMatchObject([{ refusals: [{ code }] }]),
  );
});

describe('an entry comes in whole or not at all', () => {
  const headings = '资源名称,提供方,信息项,字段名,类型,长度,共享类型,更新周期,摘要';

  it('every reason is told at once, with its row and column', async () => {
    const found = await read(
      csv(
        headings,
        '甲,沈阳市公安局,姓名,1x,怪,零,随便,很快,一',
        '甲,,姓名,b,C,5,,,二',
        '乙,无名局,,,,,,,',
        '丙,,编号,no,C,10,无条件共享,每年,好',
      ),
    );
    const told = found.map((one) =>
      'refusals' in one ? one.refusals.map(({ row, field, code }) => `${row} ${field} ${code}`) : 'in',
    );
    expect(told).toEqual([
      [
        '3 summary RowsDiffer',
        '2 provider ProviderNotOwn',
        '2 itemId MalformedItemId',
        '2 itemType NotUnderstood',
        '2 itemLength LengthUnreadable',
        '3 itemName DuplicateItem',
        '2 shareType NotUnderstood',
        '2 updateCycle NotUnderstood',
      ],
      ['4 provider UnknownProvider', '4 itemName ItemsMissing'],
      'in',
    ]);
  });

  it('rows of one entry stand apart or have no name; types of several items are counted against them', async () => {
    const found = await read(
      csv(headings, '甲,,a、b,,C、D,,,,', '乙,,c,,,,,,', ',,d,,,,,,', '甲,,e,,,,,,', '丁,,f、g,,C、D、N,,,,'),
    );
    expect(
      found.map((one) => ('draft' in one ? one.draft.items?.map(({ name, type }) => `${name} ${type}`) : one.refusals)),
    ).toEqual([
      ['a C', 'b D', 'e undefined'],
      ['c undefined', 'd undefined'],
      [expect.objectContaining({ row: 6, code: 'CountsDiffer', field: 'itemType' })],
    ]);
  });
});

test('what is published comes back from its own export as it was, as CSV and as XLSX', async () => {
  const names = (id: string): string => `局:${id}`;
  const all: Providers = { own: 'data-bureau', any: true, idOf: (text) => text.slice(2) };
  async function* rows(): AsyncGenerator<readonly string[]> {
    yield TEMPLATE_HEADINGS;
    for (const entry of catalogue) yield* rowsOf(entry, names);
  }
  for (const format of ['csv', 'xlsx'] as const) {
    const bytes = Buffer.concat(
      await sheetStream(rows(), format)
        .map((piece: Buffer | string) => Buffer.from(piece as string))
        .toArray(),
    );
    const back = await read(bytes, all);
    expect(back.map((one) => ('draft' in one ? one.draft : one))).toMatchObject(
      catalogue.map(
        ({
          name,
          nameEn,
          summary,
          provider,
          classification,
          shareType,
          shareModes,
          updateCycle,
          key,
          items,
          conditions,
          withheldBasis,
        }) => ({
          name,
          nameEn,
          summary,
          provider,
          ...(Object.keys(classification).length > 0 ? { classification } : {}),
          ...(conditions ? { conditions } : {}),
          ...(withheldBasis ? { withheldBasis } : {}),
          shareType,
          shareModes,
          updateCycle,
          key,
          items: items.map((item) => ({
            id: item.id,
            name: item.name,
            type: item.type,
            ...(item.length === undefined ? {} : { length: item.length }),
          })),
        }),
      ),
    );
  }
});

test('a cell that begins like a formula is none in the file', async () => {
  async function* rows(): AsyncGenerator<readonly string[]> {
    yield ['=cmd()', '好'];
  }
  const bytes = Buffer.concat(
    await sheetStream(rows(), 'csv')
      .map((piece: Buffer | string) => Buffer.from(piece as string))
      .toArray(),
  );
  expect(bytes.toString()).toBe("\uFEFF'=cmd(),好\r\n");
});
