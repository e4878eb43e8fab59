import { createHash } from 'node:crypto';
import { databaseSource } from '../../activities/transfer/databases.ts';
import { deliver, type DeliveryOrder } from '../../activities/transfer/deliver.ts';
import { verifyDelivery, listingOf } from '../../activities/transfer/verify.ts';
import type { TableEntry } from '../../domain/catalogue.ts';
import { digestOf } from '../../domain/digest.ts';
import type { Grant, Manifest } from '../../domain/grant.ts';
import { pseudonymsOf } from '../../sources/pseudonyms.ts';
import { ids, ITEMS, ROWS, SCOPES } from './connector-rows.ts';
import { type ConnectorUnderTest, createPersons, type DatabaseUnderTest } from './connectors.ts';
import { AWKWARD, ENTRY, GRANT, SECRET_KEY } from './transfer.ts';

/**
 * What every connector has to pass, as a source for and as a target of others: pairs of them, from and into. The same values, the
 * same digests and the same failures, whatever the databases.
 */
export function connectorTests(pairs: readonly (readonly [ConnectorUnderTest, ConnectorUnderTest])[]): void {
  const named = pairs.map(([from, into]) => [from.name, into.name, from, into] as const);
  afterAll(() => Promise.all([...new Set(pairs.flat())].map((connector) => connector.close())));
  describe.each(named)('from %s to %s', (_from, _into, from, into) => {
    let source: DatabaseUnderTest;
    let target: DatabaseUnderTest;
    let deliveries: number;
    beforeEach(async () => {
      deliveries = 0;
      [source, target] = await Promise.all([from.open('public-security'), into.open('civil-affairs')]);
      await source.run(createPersons(from));
    });
    afterEach(() => Promise.all([source.drop(), target.drop()]));

    function entryOf(changes: Partial<TableEntry['mount']> = {}, key = ['id']): TableEntry {
      const mount = { sourceId: ENTRY.mount.sourceId, schema: source.schema, table: 'persons', ...changes };
      return { ...ENTRY, items: ITEMS, key, mount };
    }

    function order(changes: Partial<Grant> = {}, more: Partial<DeliveryOrder> = {}): DeliveryOrder {
      deliveries += 1;
      const grant = { ...GRANT, items: ids, masks: {}, ...changes };
      const now = new Date(Date.UTC(2026, 4, 1, 4, deliveries));
      return {
        deliveryId: `d${deliveries}`,
        grant,
        entry: entryOf(),
        source: source.at('source', ENTRY.mount.sourceId),
        target: target.at('target', 'civil-affairs-main'),
        policyVersion: 'v1',
        policyLine: 'grant-1/1',
        pseudonyms: pseudonymsOf(SECRET_KEY, grant.id),
        previous: async () => digestOf(grant),
        now: () => now,
        patience: { tries: 2, timeoutMs: 1_000 },
        ...more,
      };
    }

    const verified = (manifest: Manifest, entry = entryOf()) =>
      verifyDelivery(target.at('target', 'civil-affairs-main'), manifest, entry);
    const there = async (manifest: Manifest, columns = 'id, name'): Promise<unknown[]> =>
      (await target.run(`select ${columns} from ${target.received(manifest.target.table)} order by id`)).map((row) =>
        Object.values(row),
      );

    test('every value arrives as it is, with the digest of the canonical form', async () => {
      await source.insert(
        'persons',
        ROWS.map((row) => ({ ...Object.fromEntries(ids.map((id) => [id, null])), ...row })),
      );
      const manifest = await deliver(order());
      const canonical = [
        '1\tB\t张\\t三\t\\N\t\\N\t\\N\t-12345678901.20\t2026-01-01 08:00:00\tf\t\\N\t\\N\t\\N\t\\N',
        '2\tb\t李四\t13987654321\t210102\t1990-02-03\t0.50\t2026-01-01 08:00:00.25\tt\t\t9223372036854775807\t0.1\t\\\\x00ff5c27',
        '3\ta\t欧阳娜娜\t13812345678\t\\N\t0999-12-31\t\\N\t\\N\t\\N\t\\N\t-1\t1e+21\t\\N',
        '4\tb \t𠮷野家 😀\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t100000\t\\\\x',
      ];
      const text = canonical.map((line) => `${line}\n`).join('');
      expect(manifest).toMatchObject({
        rows: 4,
        bytes: Buffer.byteLength(text),
        sha256: createHash('sha256').update(text).digest('hex'),
      });
      expect(await verified(manifest)).toMatchObject({ verdict: 'matches', rows: 4 });
      expect(await listingOf(target.at('target', 'civil-affairs-main'), manifest)).toBe('same');
    });

    test('Chinese, NULL, empty, tabs, newlines, backslashes and quotes arrive as they are', async () => {
      await source.insert(
        'persons',
        AWKWARD.map((name, id) => ({ id, name, note: name })),
      );
      const manifest = await deliver(order());
      expect(await there(manifest, 'name, note')).toEqual(AWKWARD.map((name) => [name, name]));
      expect(await verified(manifest)).toMatchObject({ verdict: 'matches' });
    });

    test('rows are in the order of the key byte by byte, and a key that differs in case or in a space is another one', async () => {
      await source.insert(
        'persons',
        ROWS.map(({ id, code }) => ({ id, code })),
      );
      const manifest = await deliver(order({ items: ['code', 'id'] }, { entry: entryOf({}, ['code']) }));
      const text = 'B\t1\na\t3\nb\t2\nb \t4\n';
      expect(manifest.sha256).toBe(createHash('sha256').update(text).digest('hex'));
      expect(await verified(manifest, entryOf({}, ['code']))).toMatchObject({ verdict: 'matches' });
    });

    test('masked items leave masked, pseudonyms are those of the grant, and both verify', async () => {
      await source.insert(
        'persons',
        ROWS.map(({ id, name, phone = null }) => ({ id, name, phone })),
      );
      const manifest = await deliver(
        order({ items: ['id', 'name', 'phone'], masks: { name: 'name', phone: 'pseudonym' } }),
      );
      const { of } = pseudonymsOf(SECRET_KEY, GRANT.id);
      expect(await there(manifest, 'id, name, phone')).toEqual([
        ['1', '张**', null],
        ['2', '李*', of('13987654321')],
        ['3', '欧阳**', of('13812345678')],
        ['4', '𠮷****', null],
      ]);
      expect(await verified(manifest)).toMatchObject({ verdict: 'matches' });
      const hidden = await deliver(order({ id: 'grant-2', items: ['phone', 'born'], masks: { phone: 'pseudonym' } }));
      expect(await verified(hidden)).toMatchObject({ verdict: 'matches', rows: 4 });
    });

    test('only the granted rows leave', async () => {
      await source.insert(
        'persons',
        ROWS.map((row) => ({ ...Object.fromEntries(ids.map((id) => [id, null])), ...row })),
      );
      for (const [condition, expected] of SCOPES) {
        const manifest = await deliver(order({ rowScope: { all: [condition] } }));
        expect([condition, (await there(manifest)).map((row) => (row as string[])[0])]).toEqual([condition, expected]);
      }
    });

    test('the next delivery takes the place of the one before, and one that is there is not made again', async () => {
      await source.insert('persons', [{ id: 1, name: '张三' }]);
      const first = await deliver(order());
      await source.insert('persons', [{ id: 2, name: '李四' }]);
      expect(await deliver({ ...order(), deliveryId: 'd1' })).toEqual(first);
      const third = await deliver(order());
      expect(await there(third)).toEqual([
        ['1', '张三'],
        ['2', '李四'],
      ]);
      expect(await verified(first)).toEqual({ verdict: 'superseded', by: third.deliveryId });
      await target.run(`update ${target.received(third.target.table)} set name = 'x' where id = 1`);
      expect(await verified(third)).toMatchObject({ verdict: 'differs', rows: 2 });
      expect(await target.receivedTables()).toHaveLength(2);
    });

    test('increments bring what was inserted, updated and deleted since', async () => {
      const entry = entryOf({ updatedColumn: 'changed', deletedColumn: 'gone' });
      const next = () => deliver(order({}, { entry }));
      await source.insert(
        'persons',
        Array.from({ length: 500 }, (_, at) => ({ id: at + 1, code: `c${at}`, name: `第${at}位`, balance: at / 4 })),
      );
      const first = await next();
      expect(first).toMatchObject({ rows: 500, mark: { column: 'changed' } });
      await source.run(`update persons set name = '改名', note = null, changed = now() where id in (3, 5, 7)`);
      await source.run('update persons set gone = true, changed = now() where id = 9');
      await source.run(`insert into persons (id, name, changed) values (1001, '新', now())`);
      await source.run('delete from persons where id in (10, 11)');
      const second = await next();
      expect(second.changes).toMatchObject({ inserted: 1, updated: 3, deleted: 3, total: 498 });
      const wanted = (await source.run('select id, name from persons where gone is not true order by id')).map((row) =>
        Object.values(row),
      );
      expect(await there(second)).toEqual(wanted);
      expect(await verified(second, entry)).toMatchObject({ verdict: 'matches', rows: 498 });
      expect((await next()).changes).toMatchObject({ inserted: 0, updated: 0, deleted: 0, total: 498 });
      await target.run(`delete from ${target.received(second.target.table)} where id = 1`);
      const whole = await next();
      expect(whole).not.toHaveProperty('changes');
      expect(await there(whole)).toEqual(wanted);
      expect(await target.receivedTables()).toHaveLength(2);
    });

    test('a delivery that is cut off from either side or stopped leaves what was there, and is whole when run again', async () => {
      const rows = Array.from({ length: 20_000 }, (_, id) => ({ id, name: `第${id}位`, note: '备注'.repeat(200) }));
      await source.insert('persons', rows.slice(0, 1));
      const first = await deliver(order());
      await source.insert('persons', rows.slice(1));
      const stop = new AbortController();
      const cuts = [
        ['SourceDown', {}, () => source.cutDeliveries()],
        ['TargetDown', {}, () => target.cutDeliveries()],
        ['Cancelled', { signal: stop.signal }, async () => stop.abort()],
      ] as const;
      for (const [code, more, now] of cuts) {
        const doing: Promise<void>[] = [];
        const onProgress = () => {
          if (doing.length === 0) doing.push(now());
        };
        const failed = deliver(order({}, { ...more, onProgress }));
        await expect(failed).rejects.toMatchObject({ code, retryable: true });
        await Promise.all(doing);
        expect(await there(first)).toEqual([['0', '第0位']]);
        expect(await verified(first)).toMatchObject({ verdict: 'matches', rows: 1 });
        expect(await target.receivedTables()).toHaveLength(2);
      }
      const again = await deliver(order());
      expect(again.rows).toBe(20_000);
      expect(await verified(again)).toMatchObject({ verdict: 'matches', rows: 20_000 });
    }, 60_000);

    test('of two deliveries into one table at once one is made, and the other is told that it is in use', async () => {
      await source.insert(
        'persons',
        Array.from({ length: 5_000 }, (_, id) => ({ id, name: '张三' })),
      );
      const outcomes = await Promise.allSettled([deliver(order()), deliver(order())]);
      expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'TargetInUse' } });
    });

    test('columns that are gone or of another type are named, and nothing moves', async () => {
      await source.run('alter table persons drop column phone');
      await source.run(from.bornAsText);
      const refused = { code: 'SourceChanged', retryable: false, params: { columns: 'phone, born (text)' } };
      await expect(deliver(order())).rejects.toMatchObject(refused);
      expect(await deliver(order({ items: ['id', 'name'] }))).toMatchObject({ rows: 0 });
      await source.run('drop table persons');
      await expect(deliver(order())).rejects.toMatchObject({ code: 'SourceChanged', retryable: false });
    });

    test('a database that is not there, or lets nobody in, is told of by its side', async () => {
      const elsewhere = (database: DatabaseUnderTest, changes: { port?: string; password?: string }): string => {
        const url = new URL(database.url);
        if (changes.port !== undefined) {
          url.search = '';
          url.host = `127.0.0.1:${changes.port}`;
        }
        if (changes.password !== undefined) url.password = changes.password;
        return url.href;
      };
      const from_ = (url: string) => ({ source: databaseSource('source', ENTRY.mount.sourceId, url) });
      const cases = [
        [from_(elsewhere(source, { port: '1' })), 'SourceDown', true],
        [{ target: databaseSource('target', 't', elsewhere(target, { port: '1' })) }, 'TargetDown', true],
        [from_(elsewhere(source, { password: 'wrong' })), 'AccessRefused', false],
      ] as const;
      for (const [changes, code, retryable] of cases) {
        await expect(deliver(order({}, changes))).rejects.toMatchObject({ code, retryable });
      }
    });
  });
}
