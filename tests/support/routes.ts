import type { Answer, Api } from './api.ts';

export const AUTHORITY = 'data-bureau.authority';
export const CONDITIONAL_PATH = '/api/routes/share-request~conditional';

// oxlint-disable-next-line typescript/no-explicit-any -- a route as it is sent
type Json = any;

/** The body of a published version, to be changed. */
export async function routeBodyOf(api: Api, version = 1, path = CONDITIONAL_PATH): Promise<Json> {
  const { body } = await api.ask(AUTHORITY, 'GET', `${path}/versions/${version}`);
  const { id: _, version: __, ...rest } = body.route;
  return rest;
}

export async function draft(api: Api, route: Json, path = CONDITIONAL_PATH): Promise<Json> {
  const answer = await api.ask(AUTHORITY, 'POST', `${path}/drafts`, { body: { route } });
  if (answer.status !== 201) throw new Error(`Not drafted: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

export function publish(api: Api, draftId: string, path = CONDITIONAL_PATH): Promise<Answer> {
  return api.ask(AUTHORITY, 'POST', `${path}/drafts/${draftId}/publication`);
}

/** Publishes the first version with its root changed; resolves with the number of the new one. */
export async function publishChanged(api: Api, change: (root: Json) => void, path = CONDITIONAL_PATH): Promise<number> {
  const route = await routeBodyOf(api, 1, path);
  change(route.root);
  const { id } = await draft(api, route, path);
  const { status, body } = await publish(api, id, path);
  if (status !== 201) throw new Error(`Not published: ${JSON.stringify(body)}`);
  return body.version;
}
