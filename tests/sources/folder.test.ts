import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import exceljs from 'exceljs';
import { createAddressGuard } from '../../notices/addresses.ts';
import { createLooker, type Look } from '../../sources/looker.ts';

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'santong-folders-'));
  await mkdir(join(root, 'transport', 'monthly'), { recursive: true });
  await mkdir(join(root, 'statistics'));
  await writeFile(join(root, 'statistics', 'secret.csv'), 'a\n1\n');
  await writeFile(join(root, 'outside.csv'), 'a\n1\n');
});
afterAll(() => rm(root, { recursive: true }));

function looker(foldersRoot: string | undefined = root) {
  return createLooker({ guard: createAddressGuard([]), ...(foldersRoot === undefined ? {} : { foldersRoot }) });
}

const source = (path = '', department = 'transport') => ({
  department,
  connection: { kind: 'folder' as const, path },
  isTrusted: false,
});

const put = (name: string, content: string | Uint8Array) => writeFile(join(root, 'transport', name), content);

async function look(...files: string[]): Promise<Look[]> {
  return looker().look(
    source(),
    files.map((file) => ({ sourceId: 's', file })),
  );
}

const ROWS =
  '编码,name,amount,on,at,open,note\n007,甲,1.50,2026-01-02,2026-01-02T03:04:05+08:00,true,\n010,乙乙,2,2026-01-03,2026-01-02,false,\n';
const FOUND = [
  { name: '编码', type: 'C', length: 3, nullable: false },
  { name: 'name', type: 'C', length: 2, nullable: false },
  { name: 'amount', type: 'N', nullable: false },
  { name: 'on', type: 'D', nullable: false },
  { name: 'at', type: 'T', nullable: false },
  { name: 'open', type: 'L', nullable: false },
  { name: 'note', nullable: true },
];

test('headings and first records of a CSV say what its columns are, in UTF-8 with a mark and in GBK alike', async () => {
  await put('marked.csv', `\uFEFF${ROWS}`);
  // 编码 and 甲 in GBK; the rest is ASCII.
  const gbk = Buffer.from('b1e0c2eb2c6e616d650a3030372cbcd70a', 'hex');
  await put('gbk.csv', gbk);
  const [marked, other] = await look('marked.csv', 'gbk.csv');
  expect(marked).toEqual({ outcome: 'found', physical: { kind: 'file', columns: FOUND } });
  expect(other).toMatchObject({
    physical: {
      columns: [
        { name: '编码', type: 'C' },
        { name: 'name', type: 'C', length: 1 },
      ],
    },
  });
});

test('of a large file only the beginning is read, and its last half line is left out', async () => {
  await put('large.csv', `id,word\n${'1,甲甲甲\n'.repeat(200_000)}`);
  const [large] = await look('large.csv');
  expect(large).toMatchObject({
    physical: {
      columns: [
        { name: 'id', type: 'I', nullable: false },
        { name: 'word', type: 'C', length: 3, nullable: false },
      ],
    },
  });
});

test('a workbook and JSON Lines are read as well', async () => {
  const workbook = new exceljs.Workbook();
  workbook.addWorksheet('空');
  const sheet = workbook.addWorksheet('数据');
  sheet.addRows([
    ['code', 'opened'],
    ['A1', new Date('2026-03-04T00:00:00Z')],
  ]);
  await put('book.xlsx', new Uint8Array(await workbook.xlsx.writeBuffer()));
  await put('lines.jsonl', '{"code":"A1","size":3,"inner":{"a":1}}\n\n{"code":"B22","size":null}\n');
  const [book, lines] = await look('book.xlsx', 'lines.jsonl');
  expect(book).toMatchObject({
    physical: {
      columns: [
        { name: 'code', type: 'C', length: 2 },
        { name: 'opened', type: 'D' },
      ],
    },
  });
  expect(lines).toMatchObject({
    physical: {
      columns: [
        { name: 'code', type: 'C', length: 3, nullable: false },
        { name: 'size', type: 'I', nullable: true },
        { name: 'inner', type: 'G', nullable: true },
      ],
    },
  });
});

test('what is not there is gone, what cannot be read says why, and the other files are read all the same', async () => {
  await put('broken.jsonl', '{"a":1}\nnot json\n');
  await put('bad.xlsx', Buffer.from('504b0304ffffffff', 'hex'));
  await put('empty.csv', '');
  await put('good.csv', 'a\n1\n');
  const looks = await look('none.csv', 'broken.jsonl', 'bad.xlsx', 'empty.csv', 'monthly', 'good.csv');
  expect(looks.map((one) => ('reason' in one ? one.reason : one.outcome))).toEqual([
    'gone',
    'FileUnreadable',
    'FileUnreadable',
    'NoRecords',
    'FileUnreadable',
    'found',
  ]);
});

test('nothing outside of the department’s own folder is read: no way up, no absolute path, no link', async () => {
  await symlink(join(root, 'outside.csv'), join(root, 'transport', 'link.csv'));
  await symlink(join(root, 'statistics'), join(root, 'transport', 'others'));
  await put('inside.csv', 'a\n1\n');
  await symlink('inside.csv', join(root, 'transport', 'own.csv'));
  const tried = [
    '../outside.csv',
    'monthly/../../outside.csv',
    join(root, 'outside.csv'),
    'link.csv',
    'others/secret.csv',
    '..\\outside.csv',
    'a\0.csv',
  ];
  const looks = await look(...tried, 'own.csv');
  expect(looks.map((one) => ('reason' in one ? one.reason : one.outcome))).toEqual([
    ...tried.map(() => 'PathOutside'),
    'found',
  ]);
  for (const path of ['..', '../statistics', '/etc', 'others']) {
    await expect(looker().probe(source(path))).rejects.toMatchObject({ reason: 'PathOutside' });
  }
});

test('a test lists the files that can be read; without a root, a folder of its own, or a folder at all it says so', async () => {
  await put('a.csv', 'a\n');
  await put('readme.txt', 'x');
  const { readable } = await looker().probe(source());
  expect(readable?.names).toContain('a.csv');
  expect(readable?.names).not.toContain('readme.txt');
  expect(await looker().probe(source('monthly'))).toMatchObject({ readable: { count: 0, names: [] } });
  const off = createLooker({ guard: createAddressGuard([]) });
  await expect(off.probe(source())).rejects.toMatchObject({ reason: 'FoldersOff' });
  await expect(looker().probe(source('', 'civil-affairs'))).rejects.toMatchObject({ reason: 'FolderUnknown' });
  await expect(looker().probe(source('a.csv'))).rejects.toMatchObject({ reason: 'FolderUnknown' });
});
