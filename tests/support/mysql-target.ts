import type { DataSource } from '../../activities/transfer/connector.ts';
import { databaseSource } from '../../activities/transfer/databases.ts';
import { type MariaDatabase, type MariaDb, startMariaDb } from './mariadb.ts';
import { CHANGING, transferBench, type TransferBench } from './transfer.ts';

export const TABLE_OF_GRANT = /^received_public_security_persons_/;

type More = Parameters<TransferBench['order']>[2];

/** A MariaDB for all tests of a file, and before each of them a database in it that deliveries of a new bench go to. */
export function useMySqlTarget(rows: number) {
  let server: MariaDb;
  let database: MariaDatabase;
  let bench: TransferBench;
  let target: DataSource;

  beforeAll(async () => {
    server = await startMariaDb();
  }, 60_000);
  afterAll(() => server.stop());
  beforeEach(async () => {
    [database, bench] = await Promise.all([server.database(), transferBench(rows)]);
    target = databaseSource('target', 'civil-affairs-main', database.url);
    await bench.provider.knex.raw(`alter table persons add column changed timestamptz default '2026-01-01'`);
  });
  afterEach(() => bench.drop());

  const tables = async (): Promise<string[]> =>
    (await database.run('select table_name as name from information_schema.tables where table_schema = database()'))
      .map(({ name }) => name ?? '')
      .toSorted();
  return {
    server: () => server,
    database: () => database,
    bench: () => bench,
    target: () => target,
    /** A delivery of the day that its id ends with. */
    order: (deliveryId: string, more: More = {}) => {
      const now = (): Date => new Date(`2026-05-0${deliveryId.slice(1)}T04:00:00Z`);
      return bench.order(deliveryId, {}, { entry: CHANGING, target, now, ...more });
    },
    tables,
    /** The ids and names in the table that the requester reads. */
    async there(): Promise<unknown[]> {
      const name = (await tables()).find((one) => TABLE_OF_GRANT.test(one) && !/_[so]$/.test(one));
      return database.run(`select id, name from ${name} order by id`);
    },
    /** The deliveries that are in their place. */
    async listed(): Promise<unknown[]> {
      const rows = await database.run('select delivery_id as id from received_deliveries where is_switched order by 1');
      return rows.map(({ id }) => id);
    },
  };
}
