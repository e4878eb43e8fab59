import pg from 'pg';
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
