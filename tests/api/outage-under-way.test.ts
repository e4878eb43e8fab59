import { caseWorkflowId } from '../../workflows/messages.ts';
import { type Api, application, startApi } from '../support/api.ts';
import { type Engine, startEngine } from '../support/engine.ts';
import { REQUESTER } from '../support/grant.ts';
import { databaseProxy, type Proxy } from '../support/proxy.ts';
import { until } from '../support/until.ts';

let engine: Engine;
let database: Proxy & { readonly url: string };
let api: Api;

beforeAll(async () => {
  engine = await startEngine();
  database = await databaseProxy(engine.platform.url);
  api = await startApi({ engine, databaseUrl: database.url });
}, 120_000);

afterAll(async () => {
  await api.close();
  await database.close();
  await engine.close();
});

test('a command that is kept is answered 202 where the database goes away before its outcome is known', async () => {
  await api.token(REQUESTER);
  const send = () => api.ask(REQUESTER, 'POST', '/api/share-requests', { body: application(), key: 'under-way' });
  // Nobody works on it yet, so that the API waits for the case to be recorded.
  const sent = send();
  // Once its workflow is there the API has heard that the command is kept.
  await until(async () => {
    const command = await engine.platform.knex('commands').first('target_id').where('id', `${REQUESTER}:under-way`);
    if (!command) return undefined;
    const handle = engine.client.workflow.getHandle(caseWorkflowId('share-request', command.target_id));
    return handle.describe().catch(() => undefined);
  });
  database.cut();
  const kept = await sent;
  expect(kept).toMatchObject({ status: 202, body: { status: 'pending' } });
  database.join();
  await engine.startWorkers();
  const { target } = await until(async () => {
    const { body } = await api.ask(REQUESTER, 'GET', kept.body.href);
    return body.status === 'done' ? body : undefined;
  });
  expect(await send()).toMatchObject({ status: 201, body: { id: target.id } });
  expect(await engine.platform.knex('cases')).toHaveLength(1);
});
