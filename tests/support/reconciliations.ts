import pg from 'pg';
import type { Entry, Item } from '../../domain/catalogue.ts';
import { insertEntryVersion } from '../../store/catalogue.ts';
import type { Api } from './api.ts';
import { until } from './until.ts';

export const AUTHORITY = 'data-bureau.authority';
export const LEFT = 'civil-affairs.reviewer';
export const RIGHT = 'statistics.reviewer';

/** Shenyang's townships by the register of civil affairs of 2026 against the streets of the statistical codes of 2023. */
export function townships(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name: '沈阳市乡级区划核对',
    left: {
      entryId: 'divisions-2026',
      scope: {
        all: [
          { item: 'level', operator: 'eq', value: 4 },
          { item: 'code', operator: 'startsWith', value: '2101' },
        ],
      },
    },
    right: { entryId: 'divisions-villages', scope: { all: [{ item: 'level', operator: 'eq', value: 4 }] } },
    key: [{ left: 'code', right: 'code', width: 12 }],
    compare: [
      { left: 'name', right: 'name' },
      { left: 'parent_code', right: 'parent_code', width: 12 },
    ],
    ...changes,
  };
}

/** Has two entries compared, and says what has come of it. */
export async function reconciled(api: Api, body: unknown, account = AUTHORITY) {
  const made = await api.ask(account, 'POST', '/api/reconciliations', { body });
  if (made.status !== 201) throw new Error(`Not taken: ${JSON.stringify(made.body)}`);
  return ended(api, made.body.id, account);
}

export async function runAgain(api: Api, id: string, account = AUTHORITY) {
  const asked = await api.ask(account, 'POST', `/api/reconciliations/${id}/runs`);
  if (asked.status !== 200) throw new Error(`Not run: ${JSON.stringify(asked.body)}`);
  return ended(api, id, account);
}

async function ended(api: Api, id: string, account: string) {
  return until(async () => {
    const { body } = await api.ask(account, 'GET', `/api/reconciliations/${id}`);
    return body.endedAt !== null && body;
  });
}

/** Every difference, page by page. */
export async function differencesOf(api: Api, id: string, { account = AUTHORITY, query = 'limit=200' } = {}) {
  const all = [];
  let cursor = '';
  do {
    const { body } = await api.ask(account, 'GET', `/api/reconciliations/${id}/differences?${query}${cursor}`);
    all.push(...body.items);
    cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`;
  } while (cursor !== '');
  return all;
}

/** Runs statements as the department itself. */
export async function inDepartment<T extends pg.QueryResultRow>(
  api: Api,
  department: string,
  ...statements: string[]
): Promise<T[]> {
  const client = new pg.Client({ connectionString: api.engine.departmentUrl(department) });
  await client.connect();
  try {
    let rows: T[] = [];
    for (const statement of statements) ({ rows } = await client.query<T>(statement));
    return rows;
  } finally {
    await client.end();
  }
}

/** Publishes the next version of an entry over a table `lists` of the provider, which has items of every kind. */
export async function publishEntry(
  api: Api,
  { id, provider, ...changes }: Pick<Entry, 'id' | 'provider' | 'shareType'> & Partial<Entry>,
): Promise<void> {
  const item = (of: string, type: Item['type'], more: Partial<Item> = {}): Item => ({
    id: of,
    name: of,
    nameEn: of,
    type,
    grade: 1,
    personal: false,
    mask: 'none',
    ...more,
  });
  const { knex } = api.engine.platform;
  const { body } = await knex('catalogue_entries').where({ id: 'divisions-villages', current: true }).first('body');
  const versions = await knex('catalogue_entries').where({ id }).count<{ count: string }[]>('* as count');
  await insertEntryVersion(knex, {
    ...body,
    id,
    provider,
    code: `103099/${id}`,
    version: Number(versions[0]?.count ?? 0) + 1,
    key: ['no'],
    mount: { sourceId: `${provider}-main`, schema: 'public', table: 'lists' },
    items: [
      item('no', 'C'),
      item('name', 'C', { personal: true, grade: 3, mask: 'name' }),
      item('note', 'C'),
      item('amount', 'N'),
      item('seen', 'T'),
      item('big', 'M'),
      item('blob', 'G'),
      item('kept', 'C', { shareType: 'withheld' }),
    ],
    ...changes,
  });
}
