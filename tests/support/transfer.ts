import pg from 'pg';
import { type DeliveryOrder } from '../../activities/transfer/deliver.ts';
import type { DataSource } from '../../activities/transfer/connector.ts';
import { postgresSource } from '../../activities/transfer/postgresql/session.ts';
import { targetTableOf } from '../../activities/transfer/target-table.ts';
import type { Item, ItemType, MaskRule, TableEntry } from '../../domain/catalogue.ts';
import type { Pseudonymise } from '../../domain/masking.ts';
import { digestOf } from '../../domain/digest.ts';
import type { Grant } from '../../domain/grant.ts';
import { pseudonymsOf } from '../../sources/pseudonyms.ts';
import { type DepartmentDatabase, departmentDatabase } from './servers.ts';

/** Two departments with their own databases, and a table of persons in the provider's. */
export interface TransferBench {
  readonly provider: DepartmentDatabase;
  readonly requester: DepartmentDatabase;
  readonly source: DataSource;
  readonly target: DataSource;
  order(deliveryId: string, changes?: Partial<Grant>, more?: Partial<DeliveryOrder>): DeliveryOrder;
  drop(): Promise<void>;
}

const item = (id: string, type: ItemType, name: string, mask: MaskRule = 'none', length?: number): Item => ({
  id,
  name,
  nameEn: id,
  type,
  grade: 3,
  personal: mask !== 'none',
  mask,
  ...(length === undefined ? {} : { length }),
});

export const ENTRY: TableEntry = {
  id: 'public-security.persons',
  version: 3,
  code: '301/0001',
  name: '人口基本信息',
  nameEn: 'Persons',
  summary: '测试用人口信息',
  provider: 'public-security',
  classification: { base: '人口' },
  format: '3',
  updateCycle: 'daily',
  shareType: 'conditional',
  shareModes: ['batch'],
  items: [
    item('id', 'I', '序号'),
    item('name', 'C', '姓名', 'none', 100),
    item('phone', 'C', '手机号码', 'mobile', 20),
    item('district', 'C', '区县代码', 'none', 40),
    item('born', 'D', '出生日期'),
    item('balance', 'N', '余额'),
    item('seen', 'T', '登记时间'),
    item('active', 'L', '是否有效'),
    item('note', 'M', '备注'),
  ],
  key: ['id'],
  mount: { sourceId: 'public-security-main', schema: 'public', table: 'persons' },
  provenance: 'synthetic',
  publishedAt: '2026-01-01T00:00:00+08:00',
};

/** The same where a column says when a row changed; see `giveTimes`. */
export const CHANGING: TableEntry = { ...ENTRY, mount: { ...ENTRY.mount, updatedColumn: 'changed' } };

export const GRANT: Grant = {
  id: 'grant-1',
  caseId: 'case-1',
  requester: 'civil-affairs',
  provider: 'public-security',
  entryId: ENTRY.id,
  entryVersion: ENTRY.version,
  items: ['id', 'name', 'phone', 'district', 'born', 'balance', 'seen', 'active', 'note'],
  masks: { phone: 'mobile' },
  rowScope: { all: [] },
  mode: 'batch',
  purpose: '高龄津贴核验',
  validFrom: '2026-01-01',
  validTo: '2026-12-31',
};

/** What the pseudonyms of these deliveries are made of. */
export const SECRET_KEY = Buffer.alloc(32, 7);

/** For catalogues that share nothing under a pseudonym. */
export const NO_PSEUDONYMS: Pseudonymise = () => {
  throw new Error('No pseudonym was expected');
};

export const TABLE = targetTableOf(GRANT);

/** Values that lose something wherever text is split, escaped or decoded wrongly. */
export const AWKWARD = [
  '张三',
  '',
  null,
  'tab\there',
  'line\nbreak\r\nand more',
  'back\\slash \\N \\. \\t',
  `quote ' and "double"`,
  '𠮷野家 😀 ﷽',
  '\\N',
  '\\.',
  ' leading and trailing ',
  '\u0001\u007f',
] as const;

export async function transferBench(rows = 0): Promise<TransferBench> {
  const [provider, requester] = await Promise.all([
    departmentDatabase('public-security'),
    departmentDatabase('civil-affairs'),
  ]);
  await provider.knex.raw(`
    create table persons (
      id integer primary key, name varchar(100), phone text, district text, born date, balance numeric(14,2),
      seen timestamp, active boolean, note text
    )`);
  if (rows > 0) await fill(provider, rows);
  const source = postgresSource('source', ENTRY.mount.sourceId, provider.url);
  const target = postgresSource('target', 'civil-affairs-main', requester.url);
  return {
    provider,
    requester,
    source,
    target,
    order: (deliveryId, changes = {}, more = {}) => ({
      deliveryId,
      entry: ENTRY,
      source,
      target,
      policyVersion: 'v1',
      policyLine: 'grant-1/1',
      grant: { ...GRANT, ...changes },
      pseudonyms: pseudonymsOf(SECRET_KEY, changes.id ?? GRANT.id),
      previous: async () => digestOf({ ...GRANT, ...changes }),
      now: () => new Date('2026-05-01T04:00:00Z'),
      patience: { tries: 2, timeoutMs: 150 },
      ...more,
    }),
    async drop() {
      await provider.drop();
      await requester.drop();
    },
  };
}

/** Synthetic persons with Chinese text of different lengths, so that characters straddle the chunks of the stream. */
async function fill({ knex }: DepartmentDatabase, rows: number): Promise<void> {
  await knex.raw(
    `insert into persons
     select n, (array['王','李','欧阳','赵'])[1 + n % 4] || repeat('沈', n % 7), '138' || lpad(n::text, 8, '0'),
            '2101' || lpad((n % 13)::text, 2, '0'), date '1950-01-01' + n % 20000, n / 3.0,
            timestamp '2026-01-01' + n * interval '1 minute', n % 2 = 0, repeat('备注𠮷', n % 11)
       from generate_series(1, ?::int) n`,
    [rows],
  );
}

/** Gives each row the time of its last change, from here on by itself. */
export async function giveTimes({ knex }: DepartmentDatabase): Promise<void> {
  await knex.raw(`
    alter table persons add column changed timestamptz not null default '2026-01-01 00:00:00+08';
    create function stamp() returns trigger language plpgsql as $$ begin new.changed = clock_timestamp(); return new; end $$;
    create trigger stamp before insert or update on persons for each row execute function stamp()`);
}

/** A connection of its own, for tests that hold locks or end other connections. */
export async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** What the platform has left in a requester's database: its tables, those of unfinished deliveries included. */
export async function receivedTables({ knex }: DepartmentDatabase): Promise<string[]> {
  const { rows } = await knex.raw<{ rows: { tablename: string }[] }>(
    `select tablename from pg_tables where schemaname = 'received' order by 1`,
  );
  return rows.map(({ tablename }) => tablename);
}
