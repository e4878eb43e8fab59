import { openDatabase } from '../../store/database.ts';
import { adminUrl } from '../support/servers.ts';

test('a statement that is long on a server that is well is waited for, however soon a hanging one is given up', async () => {
  const knex = openDatabase(adminUrl(), { silenceMs: 200 });
  try {
    const { rows } = await knex.raw<{ rows: unknown[] }>('select 1 as one from pg_sleep(1.5)');
    expect(rows).toEqual([{ one: 1 }]);
  } finally {
    await knex.destroy();
  }
});
