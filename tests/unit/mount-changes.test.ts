import { checkMount, type Physical } from '../../domain/mount-check.ts';

const physical: Physical = {
  kind: 'table',
  columns: [
    { name: 'id', type: 'I' },
    { name: 'changed', type: 'T' },
    { name: 'day', type: 'D' },
    { name: 'gone', type: 'L' },
  ],
};

test.each([
  [{ updatedColumn: 'changed', deletedColumn: 'gone' }, []],
  [{ updatedColumn: 'day' }, []],
  [{ updatedColumn: 'id' }, ['/mount/updatedColumn TypeUnfit']],
  [
    { updatedColumn: 'nowhere', deletedColumn: 'neither' },
    ['/mount/updatedColumn ColumnMissing', '/mount/deletedColumn ColumnMissing'],
  ],
])('the columns that say what changed are held against the table: %j', (columns, expected) => {
  const mount = { sourceId: 's', schema: 'public', table: 't', ...columns };
  const faults = checkMount({ items: [], key: [], mount }, physical);
  expect(faults.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual(expected);
});
