import { shareRequestWorkflowId } from '../../workflows/messages.ts';
import { type Api, application, startApi } from '../support/api.ts';
import { REQUESTER } from '../support/grant.ts';
import { until } from '../support/until.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
  await api.engine.startWorkers();
}, 120_000);
afterAll(() => api.close());

test('a history that the server keeps no longer is not there, which is no outage', async () => {
  const { body } = await api.ask(REQUESTER, 'POST', '/api/share-requests', { body: application() });
  const history = () => api.ask('auditor', 'GET', `/api/cases/${body.id}/history`);
  expect((await history()).status).toBe(200);
  const { client, namespace } = api.engine;
  const workflowExecution = { workflowId: shareRequestWorkflowId(body.id) };
  await client.connection.workflowService.deleteWorkflowExecution({ namespace, workflowExecution });
  const gone = await until(async () => {
    const answer = await history();
    return answer.status === 200 ? undefined : answer;
  });
  expect(gone).toMatchObject({ status: 404, body: { type: '/problems/not-found' } });
});
