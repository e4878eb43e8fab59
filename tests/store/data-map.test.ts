import { randomUUID } from 'node:crypto';
import { dataMap, grantsOfEdge } from '../../store/data-map.ts';
import { changeNeed, insertNeed } from '../../store/needs.ts';
import { platformDatabase, type TestDatabase } from '../support/servers.ts';
import { storeStaff } from '../support/played-store.ts';
import { fileCase } from '../support/told.ts';
import { firstCalendar } from '../../seed/calendar.ts';
import { insertCalendar } from '../../store/seeding.ts';

let platform: TestDatabase;

beforeAll(async () => {
  platform = await platformDatabase();
  const { knex } = platform;
  await storeStaff(knex);
  await insertCalendar(knex, await firstCalendar('data'), 'test');
  // Civil affairs asks public security for persons three times and is given twice; one grant has ended.
  const cases = [await fileCase(knex), await fileCase(knex), await fileCase(knex)];
  await cases[0]?.grant();
  await cases[1]?.grant();
  await knex('grants').where({ case_id: cases[1]?.id }).update({ status: 'expired' });
  const need = {
    department: 'transport',
    description: '-',
    items: ['x'],
    purpose: '-',
    legalBasis: '-',
    createdBy: 'transport.requester',
    at: '2026-11-25T10:00:00+08:00',
  };
  const ids = [randomUUID(), randomUUID(), randomUUID()];
  for (const [at, id] of ids.entries()) await insertNeed(knex, { ...need, id, title: `需求${at}`, theme: '交通' });
  const note = { action: 'withdraw', person: 'transport.requester', department: 'transport', at: need.at } as const;
  await changeNeed(knex, ids[2] as string, note);
});
afterAll(() => platform.drop());

test('by department: what it offers, what is asked and given, what it lacks, and who supplies whom', async () => {
  const { nodes, edges } = await dataMap(platform.knex, { by: 'department' });
  expect(nodes).toHaveLength(7);
  const of = (id: string) => nodes.find((node) => node.id === id);
  expect(of('public-security')).toMatchObject({
    entries: 2,
    requests: 3,
    grants: 1,
    openNeeds: 0,
    requested: 0,
    received: 0,
  });
  expect(of('civil-affairs')).toMatchObject({ requests: 0, grants: 0, requested: 3, received: 1 });
  expect(of('transport')).toMatchObject({ requests: 0, openNeeds: 2 });
  expect(edges).toEqual([{ from: 'public-security', to: 'civil-affairs', grants: 1, entries: 1 }]);
});

test('by theme: supply and demand of each, needs without any entry among them', async () => {
  const { nodes, edges } = await dataMap(platform.knex, { by: 'theme' });
  const of = (id: string) => nodes.find((node) => node.id === id);
  expect(of('城市大脑')).toMatchObject({ requests: 3, grants: 1, openNeeds: 0, requested: 0 });
  expect(of('交通')).toMatchObject({ openNeeds: 2 });
  expect(nodes.reduce((sum, { entries }) => sum + entries, 0)).toBe(
    (await dataMap(platform.knex, { by: 'department' })).nodes.reduce((sum, { entries }) => sum + entries, 0),
  );
  expect(edges).toEqual([{ from: '城市大脑', to: 'civil-affairs', grants: 1, entries: 1 }]);
});

test('of one theme only what belongs to it is counted, and what nobody was ever given is told', async () => {
  const { nodes, edges } = await dataMap(platform.knex, { by: 'department', theme: '城市大脑' });
  const of = (id: string) => nodes.find((node) => node.id === id);
  expect(of('public-security')).toMatchObject({ entries: 1, unused: 0, grants: 1, requests: 3 });
  // Its needs are of another theme.
  expect(of('transport')).toMatchObject({ openNeeds: 0 });
  expect(edges).toEqual([{ from: 'public-security', to: 'civil-affairs', grants: 1, entries: 1 }]);
  const other = await dataMap(platform.knex, { by: 'department', theme: '交通' });
  expect(other.edges).toEqual([]);
  const whole = await dataMap(platform.knex, { by: 'department' });
  expect(whole.nodes.find(({ id }) => id === 'public-security')).toMatchObject({ entries: 2, unused: 1 });
});

test('behind an edge stand its grants in force, page by page', async () => {
  const edge = { by: 'department', from: 'public-security', to: 'civil-affairs' } as const;
  const { items, next } = await grantsOfEdge(platform.knex, edge, { limit: 1 });
  expect(items).toMatchObject([{ entryId: 'persons', entryName: '户籍人口基本信息', requester: 'civil-affairs' }]);
  expect(next).toBeUndefined();
  expect((await grantsOfEdge(platform.knex, { ...edge, theme: '交通' }, { limit: 1 })).items).toEqual([]);
  const byTheme = { by: 'theme', from: '城市大脑', to: 'civil-affairs' } as const;
  expect((await grantsOfEdge(platform.knex, byTheme, { limit: 5 })).items).toHaveLength(1);
});
