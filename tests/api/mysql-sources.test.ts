import type { Entry, Item, ItemType } from '../../domain/catalogue.ts';
import { insertEntryVersion } from '../../store/catalogue.ts';
import { type Answer, type Api, startApi } from '../support/api.ts';
import { deliveryOf, grantedCase } from '../support/grant.ts';
import { type MariaDatabase, type MariaDb, startMariaDb } from '../support/mariadb.ts';

let api: Api;
let server: MariaDb;
let database: MariaDatabase;
const logged: string[] = [];
const PATH = '/api/catalogue/sources';
const REVIEWER = 'public-security.reviewer';
const PASSWORD = 'hunter3-Ünseen/+@:';

beforeAll(async () => {
  [api, server] = await Promise.all([startApi({ log: (line) => logged.push(line) }), startMariaDb()]);
  await api.engine.startWorkers();
  database = await server.database();
  await database.run(`create table residents (
    record_no varchar(10) primary key comment '登记编号', id_card char(18) not null comment '公民身份号码', mobile varchar(20),
    amount decimal(12,2), seen datetime, active tinyint(1), note text, raw blob, whole int unsigned,
    updated_at timestamp null) comment = '常住人口 · 梳理用'`);
  await database.run(`insert into residents (record_no, id_card, mobile, updated_at)
    select concat('R', seq), concat('21010219900307', lpad(seq, 4, '0')), concat('138', lpad(seq, 8, '0')), '2026-01-02 03:04:05'
      from seq_1_to_300`);
  await database.run('create view active as select record_no, mobile from residents');
  await database.run('create table received_others (id int primary key)');
}, 120_000);
afterAll(() => Promise.all([api.close(), server.stop()]));

const connection = (changes: Record<string, unknown> = {}) => ({
  kind: 'mysql',
  host: '127.0.0.1',
  port: server.port,
  database: database.name,
  user: database.user,
  password: database.password,
  ...changes,
});
const register = (changes: Record<string, unknown> = {}, account = REVIEWER): Promise<Answer> =>
  api.ask(account, 'POST', PATH, { body: { name: '来源', connection: connection(changes) } });
const probe = async (id: string, account = REVIEWER) => (await api.ask(account, 'POST', `${PATH}/${id}/test`)).body;

test('a MariaDB database is registered and tested: server, latency and what can be read', async () => {
  const made = await register();
  expect(made).toMatchObject({
    status: 201,
    body: { kind: 'mysql', revision: 1, actions: [{ action: 'compile' }, { action: 'test' }, { action: 'change' }] },
  });
  expect(await probe(made.body.id)).toMatchObject({
    isReached: true,
    latencyMs: expect.any(Number),
    version: expect.stringMatching(/^MariaDB \d+\.\d+/),
    // What others have delivered is not the department's to describe.
    readable: { count: 2, names: [`${database.name}.active`, `${database.name}.residents`] },
    failure: null,
  });
});

test('a test that fails gives one reason', async () => {
  const reasonOf = async (changes: Record<string, unknown>) => {
    const { body } = await register(changes);
    const { isReached, failure } = await probe(body.id);
    expect(isReached).toBe(false);
    expect(failure.message).not.toBe(failure.code);
    return failure.code;
  };
  expect(await reasonOf({ database: 'no_such_database' })).toBe('DatabaseUnknown');
  expect(await reasonOf({ port: 1 })).toBe('NotListening');
  expect(await reasonOf({ password: PASSWORD })).toBe('LoginRefused');
  expect(await reasonOf({ user: 'nobody_here' })).toBe('LoginRefused');
  expect(await reasonOf({ host: 'no-such-host.invalid' })).toBe('HostUnknown');
  expect(await reasonOf({ tls: 'verified' })).toBe('CertificateRefused');
});

test('what is wrong is refused with every fault, nobody and others are not let in, and the password is in no answer', async () => {
  const bad = await register({ host: '/tmp/socket', port: 0, user: '' });
  expect(bad.status).toBe(422);
  expect(bad.body.errors.map(({ pointer }: { pointer: string }) => pointer).toSorted()).toEqual([
    '/connection/host',
    '/connection/port',
    '/connection/user',
  ]);
  const far = await register({ host: '169.254.169.254' });
  expect(far.body.errors).toMatchObject([{ pointer: '/connection/host', code: 'AddressNotReachable' }]);
  const nobody = await fetch(`${api.url}${PATH}`, { method: 'POST', body: '{}' });
  expect(nobody.status).toBe(401);
  expect((await register({}, 'civil-affairs.requester')).status).toBe(403);
  const made = await register({ password: PASSWORD });
  expect((await api.ask('transport.reviewer', 'POST', `${PATH}/${made.body.id}/test`)).status).toBe(404);
  const shown = [made.body, await probe(made.body.id), (await api.ask(REVIEWER, 'GET', PATH)).body, logged];
  const { rows } = await api.engine.platform.knex.raw('select t::text from data_sources t');
  const everything = JSON.stringify([shown, rows]);
  const hex = Buffer.from(PASSWORD).toString('hex');
  for (const secret of [PASSWORD, encodeURIComponent(PASSWORD), hex]) expect(everything).not.toContain(secret);
});

test('the catalogue is compiled from it: types, lengths, key, remarks, and what its rows show', async () => {
  const { body: source } = await register();
  const compiled = await api.ask(REVIEWER, 'POST', '/api/catalogue/compilations', {
    body: { sourceId: source.id, tables: ['residents', 'nothing'] },
  });
  expect(compiled).toMatchObject({
    status: 201,
    body: {
      made: [{ schema: database.name, table: 'residents', sampled: 300, rows: { count: 300, exact: true } }],
      skipped: [{ table: 'nothing', code: 'NoSuchTable' }],
    },
  });
  const { body, suggestions } = await api.engine.platform
    .knex('catalogue_drafts')
    .where({ id: compiled.body.made[0].draftId })
    .first();
  expect(body).toMatchObject({
    name: '常住人口',
    format: 'database/mysql',
    key: ['record_no'],
    mount: { sourceId: source.id, schema: database.name, table: 'residents' },
    summary: expect.stringMatching(/300行，10个信息项，数据最近更新于2026-01-02 03:04:05/),
  });
  const items = body.items.map(({ id, type, length }: { id: string; type: string; length?: number }) => [
    id,
    type,
    length,
  ]);
  expect(items).toEqual([
    ['record_no', 'C', 10],
    ['id_card', 'C', 18],
    ['mobile', 'C', 20],
    ['amount', 'N', 12],
    ['seen', 'T', undefined],
    ['active', 'L', undefined],
    ['note', 'C', undefined],
    ['raw', 'G', undefined],
    ['whole', 'I', undefined],
    ['updated_at', 'T', undefined],
  ]);
  expect(body.items[1]).toMatchObject({ name: '公民身份号码' });
  expect(JSON.stringify(suggestions)).toContain('MobilePhones');
});

const item = (id: string, type: ItemType, length?: number): Item => ({
  id,
  name: id,
  nameEn: id,
  type,
  ...(length === undefined ? {} : { length }),
  grade: 2,
  personal: false,
  mask: 'none',
});

test('an entry that is mounted on it is watched for drift', async () => {
  const { body: source } = await register();
  await database.run('create table watched (id int primary key, word varchar(20))');
  const entry: Entry = {
    id: 'mysql-watched',
    version: 1,
    code: '301006/900077',
    name: '监测',
    nameEn: 'Watched',
    summary: '测试',
    provider: 'public-security',
    classification: { base: '人口' },
    format: 'database/mysql',
    updateCycle: 'daily',
    shareType: 'unconditional',
    shareModes: ['batch'],
    items: [item('id', 'I'), item('word', 'C', 20)],
    key: ['id'],
    mount: { sourceId: source.id, schema: database.name, table: 'watched' },
    provenance: '测试',
    publishedAt: '2026-01-01T00:00:00+08:00',
  };
  const { knex } = api.engine.platform;
  await knex.transaction((trx) => insertEntryVersion(trx, entry));
  const look = async (): Promise<string[]> => {
    await knex('data_sources')
      .where({ id: source.id })
      .update({ watch_at: new Date(0) });
    await api.app.watching.round();
    const { body } = await api.ask(REVIEWER, 'GET', '/api/catalogue/drifts?entry=mysql-watched&status=open');
    return body.items.map(({ item: of, code }: { item: string | null; code: string }) => `${of} ${code}`);
  };
  expect(await look()).toEqual([]);
  const count = async (all: readonly unknown[]) =>
    (
      await api.ask('civil-affairs.requester', 'POST', '/api/catalogue/mysql-watched/counts', {
        body: { rowScope: { all } },
      })
    ).body;
  expect(await count([])).toMatchObject({ rows: null, least: 10 });
  await database.run('insert into watched (id) select seq from seq_1_to_25');
  expect(await count([{ item: 'id', operator: 'between', value: [1, 25] }])).toMatchObject({ rows: 25 });
  expect(await count([{ item: 'id', operator: 'le', value: 11 }])).toMatchObject({ rows: 11 });
  await database.run('alter table watched modify word varchar(40), modify id varchar(5)');
  expect((await look()).toSorted()).toEqual(['id ColumnRetyped', 'word ColumnLengthened']);
  await database.run('drop table watched');
  expect(await look()).toEqual(['null MountGone']);
});

test('a department takes deliveries in it, which verify over REST', async () => {
  const mine = await server.database();
  const { body: source } = await register(
    { database: mine.name, user: mine.user, password: mine.password },
    'civil-affairs.reviewer',
  );
  // Deliveries go to the first database of a department; one that nobody of it has entered may be at any address.
  await api.engine.platform
    .knex('data_sources')
    .where({ id: source.id })
    .update({ created_at: new Date(0), entered_by: null });
  const { grantId } = await grantedCase(api);
  const delivery = await deliveryOf(api, grantId);
  expect(delivery.manifest.target).toMatchObject({ sourceId: source.id, schema: mine.name });
  const [there] = await mine.run(`select count(*) as count from ${delivery.manifest.target.table}`);
  expect(Number(there?.['count'])).toBe(delivery.manifest.rows);
  const verified = await api.ask('auditor', 'POST', `/api/deliveries/${delivery.id}/verification`);
  expect(verified).toMatchObject({ status: 200, body: { verdict: 'matches', listing: 'same' } });
  await mine.run(`delete from ${delivery.manifest.target.table} limit 1`);
  const changed = await api.ask('auditor', 'POST', `/api/deliveries/${delivery.id}/verification`);
  expect(changed.body.verdict).not.toBe('matches');
}, 60_000);
