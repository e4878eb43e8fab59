import type { Knex } from 'knex';
import { openDatabase } from '../../store/database.ts';
import { feedEnds, readFeed } from '../../store/feed.ts';
import { sweepNotices } from '../../store/notice-sweep.ts';
import { publishWaiting } from '../../store/publish.ts';
import { platformDatabase, type TestDatabase } from '../support/servers.ts';
import { addWebhook, fileCase, seedPeople } from '../support/told.ts';

let platform: TestDatabase;
let knex: Knex;

beforeAll(async () => {
  platform = await platformDatabase();
  knex = openDatabase(platform.url, { max: 2 });
  await seedPeople(knex);
});
afterAll(async () => {
  await knex.destroy();
  await platform.drop();
});

async function publishAll(): Promise<void> {
  while ((await publishWaiting(knex, { hasMail: false, source: 'urn:santong', seesAll: () => false })) !== 0);
}

test('what is old is swept, what is not stays, and the feed remembers how far', async () => {
  await addWebhook(knex, { url: 'http://127.0.0.1:1/', secretKey: Buffer.alloc(32, 5) });
  await (await fileCase(knex)).grant();
  await publishAll();
  const { head } = await feedEnds(knex);
  const cut = head - 4;
  await knex('outbox')
    .where('position', '<=', cut)
    .update({ recorded_at: knex.raw(`now() - interval '31 days'`) });
  await knex('notices')
    .where('position', '<=', cut)
    .update({ read_at: knex.raw(`now() - interval '91 days'`) });
  const kept = await knex('notices').where('position', '>', cut).count('* as count').first();
  await knex('webhooks').update({ active: false, deleted_at: knex.raw(`now() - interval '2 hours'`) });
  expect(await sweepNotices(knex)).toBe(false);
  expect(await feedEnds(knex)).toEqual({ head, swept: cut });
  expect((await readFeed(knex, 0, 100)).map(({ position }) => position)).toEqual([cut + 1, cut + 2, cut + 3, head]);
  expect(await knex('notices').count('* as count').first()).toEqual(kept);
  expect(await knex('webhooks')).toEqual([]);
  expect(await knex('webhook_deliveries')).toEqual([]);
  await knex('outbox').update({ recorded_at: knex.raw(`now() - interval '31 days'`) });
  await sweepNotices(knex);
  expect(await feedEnds(knex)).toEqual({ head, swept: head });
  await fileCase(knex);
  await publishAll();
  expect((await readFeed(knex, head, 1))[0]?.position).toBe(head + 1);
});
