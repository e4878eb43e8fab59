import { createHash } from 'node:crypto';
import { deliver } from '../../activities/transfer/deliver.ts';
import { verifyDelivery } from '../../activities/transfer/verify.ts';
import { digestOf } from '../../domain/digest.ts';
import { mask } from '../../domain/masking.ts';
import {
  AWKWARD,
  ENTRY,
  GRANT,
  receivedTables,
  TABLE,
  transferBench,
  type TransferBench,
} from '../support/transfer.ts';

let bench: TransferBench;
beforeEach(async () => {
  bench = await transferBench();
});
afterEach(() => bench.drop());

const delivered = async (columns = '*') => {
  const { rows } = await bench.requester.knex.raw<{ rows: Record<string, unknown>[] }>(
    `select ${columns} from received."${TABLE}" order by 1`,
  );
  return rows;
};

describe('a delivery', () => {
  it('brings every value as it is: Chinese, NULL, empty, tabs, newlines, backslashes, quotes', async () => {
    await bench.provider.knex('persons').insert(AWKWARD.map((name, id) => ({ id, name, note: name })));
    const manifest = await deliver(bench.order('d1'));
    expect(manifest.rows).toBe(AWKWARD.length);
    expect((await delivered()).map(({ name, note }) => [name, note])).toEqual(AWKWARD.map((name) => [name, name]));
    expect(await verifyDelivery(bench.target, manifest, ENTRY)).toMatchObject({ verdict: 'matches' });
  });

  it('has a manifest whose digest is that of the canonical form, and a record beside the rows', async () => {
    await bench.provider.knex('persons').insert([
      {
        id: 2,
        name: '李四',
        phone: '13987654321',
        born: '1990-02-03',
        balance: 0.5,
        seen: '2026-01-01T08:00:00',
        active: true,
      },
      { id: 1, name: '张\t三', phone: null },
    ]);
    const manifest = await deliver(bench.order('d1'));
    const canonical =
      '1\t张\\t三\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\n' +
      '2\t李四\t139****4321\t\\N\t1990-02-03\t0.50\t2026-01-01 08:00:00\tt\t\\N\n';
    expect(manifest).toEqual({
      deliveryId: 'd1',
      grantId: 'grant-1',
      caseId: 'case-1',
      entryId: ENTRY.id,
      entryVersion: 3,
      items: GRANT.items,
      rowScope: { all: [] },
      masks: { ...Object.fromEntries(GRANT.items.map((id) => [id, 'none'])), phone: 'mobile' },
      rows: 2,
      bytes: Buffer.byteLength(canonical),
      sha256: createHash('sha256').update(canonical).digest('hex'),
      policyVersion: 'v1',
      policyLine: 'grant-1/1',
      source: ENTRY.mount,
      target: { sourceId: 'civil-affairs-main', schema: 'received', table: TABLE },
      previous: digestOf(GRANT),
      startedAt: '2026-05-01T04:00:00.000Z',
      endedAt: '2026-05-01T04:00:00.000Z',
    });
    const [record] = await bench.requester.knex('received.deliveries').select();
    expect(record).toMatchObject({ delivery_id: 'd1', grant_id: 'grant-1', target_table: TABLE, rows: '2', manifest });
  });

  it('has the columns of the source with their types and names, masked ones as text', async () => {
    await deliver(bench.order('d1', { masks: { phone: 'mobile', born: 'whole' } }));
    const { rows } = await bench.requester.knex.raw<{ rows: { name: string; type: string; note: string }[] }>(
      `select attname as name, format_type(atttypid, atttypmod) as type, col_description(attrelid, attnum) as note
         from pg_attribute where attrelid = to_regclass(?) and attnum > 0 order by attnum`,
      [`received."${TABLE}"`],
    );
    expect(rows.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'id integer',
      'name character varying(100)',
      'phone text',
      'district text',
      'born text',
      'balance numeric(14,2)',
      'seen timestamp without time zone',
      'active boolean',
      'note text',
    ]);
    expect(rows[1]?.note).toBe('姓名 · name');
  });

  it('holds the granted items alone, in the order of the grant, masked where the data is', async () => {
    await bench.provider.knex('persons').insert({ id: 1, name: '欧阳娜娜', phone: '13812345678', note: 'secret' });
    await deliver(bench.order('d1', { items: ['phone', 'name'], masks: { phone: 'whole', name: 'name' } }));
    expect(await delivered()).toEqual([{ phone: '***********', name: mask('name', '欧阳娜娜') }]);
  });

  it('masks by the entry’s least rule where the grant names none, and refuses a grant that masks less', async () => {
    await bench.provider.knex('persons').insert({ id: 1, phone: '13812345678' });
    await deliver(bench.order('d1', { masks: {} }));
    expect(await delivered('phone')).toEqual([{ phone: '138****5678' }]);
    await expect(deliver(bench.order('d2', { masks: { phone: 'none' } }))).rejects.toMatchObject({
      code: 'SharingRefused',
      retryable: false,
    });
  });

  it('of no rows is a delivery, with an empty table and the digest of nothing', async () => {
    const manifest = await deliver(bench.order('d1'));
    expect(manifest).toMatchObject({ rows: 0, bytes: 0, sha256: createHash('sha256').digest('hex') });
    expect(await delivered()).toEqual([]);
    expect(await verifyDelivery(bench.target, manifest, ENTRY)).toMatchObject({ verdict: 'matches', rows: 0 });
  });

  it('is never made twice: the same id gives the same manifest and moves nothing', async () => {
    await bench.provider.knex('persons').insert({ id: 1, name: '张三' });
    const first = await deliver(bench.order('d1'));
    await bench.provider.knex('persons').insert({ id: 2, name: '李四' });
    expect(await deliver(bench.order('d1', {}, { now: () => new Date() }))).toEqual(first);
    expect(await delivered('id')).toEqual([{ id: 1 }]);
  });

  it('under the same grant takes the place of the one before, whose manifest is superseded', async () => {
    await bench.provider.knex('persons').insert({ id: 1, name: '张三' });
    const first = await deliver(bench.order('d1'));
    await bench.provider.knex('persons').insert({ id: 2, name: '李四' });
    const second = await deliver(bench.order('d2', {}, { now: () => new Date('2026-05-02T04:00:00Z') }));
    expect(await delivered('id')).toEqual([{ id: 1 }, { id: 2 }]);
    expect(await verifyDelivery(bench.target, first, ENTRY)).toEqual({ verdict: 'superseded', by: 'd2' });
    expect(await verifyDelivery(bench.target, second, ENTRY)).toMatchObject({ verdict: 'matches' });
    expect(await receivedTables(bench.requester)).toEqual(['deliveries', TABLE].toSorted());
  });
});

describe('a delivered table', () => {
  it('that was changed in one value, shortened or dropped no longer verifies', async () => {
    await bench.provider.knex('persons').insert([
      { id: 1, name: '张三' },
      { id: 2, name: '李四' },
    ]);
    const manifest = await deliver(bench.order('d1'));
    const change = (sql: string) => bench.requester.knex.raw(sql);
    await change(`update received."${TABLE}" set name = '张四' where id = 1`);
    expect(await verifyDelivery(bench.target, manifest, ENTRY)).toMatchObject({ verdict: 'differs', rows: 2 });
    await change(`update received."${TABLE}" set name = '张三' where id = 1`);
    expect(await verifyDelivery(bench.target, manifest, ENTRY)).toMatchObject({ verdict: 'matches' });
    await change(`delete from received."${TABLE}" where id = 2`);
    expect(await verifyDelivery(bench.target, manifest, ENTRY)).toMatchObject({ verdict: 'differs', rows: 1 });
    await change(`drop table received."${TABLE}"`);
    expect(await verifyDelivery(bench.target, manifest, ENTRY)).toEqual({ verdict: 'missing' });
  });

  it('without its key verifies in the order in which it was stored', async () => {
    await bench.provider.knex('persons').insert([3, 1, 2].map((id) => ({ id, name: `第${id}位` })));
    const manifest = await deliver(bench.order('d1', { items: ['name'] }));
    expect(await verifyDelivery(bench.target, manifest, ENTRY)).toMatchObject({ verdict: 'matches', rows: 3 });
  });
});
