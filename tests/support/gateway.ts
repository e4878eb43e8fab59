import { type Answer, type Api } from './api.ts';
import { grantedCase, REQUESTER } from './grant.ts';

export const PROVIDER = 'public-security.reviewer';
export const PROVIDER_LEAD = 'public-security.lead';

/** A service over persons of public security. */
export async function registerService(api: Api, changes: Record<string, unknown> = {}): Promise<Answer> {
  return api.ask(PROVIDER, 'POST', '/api/services', {
    body: {
      id: 'persons',
      entryId: 'persons',
      name: '人口信息查询',
      filters: [
        { item: 'sex', kinds: ['equal', 'in'] },
        { item: 'birth_date', kinds: ['range'] },
        { item: 'district_code', kinds: ['equal'] },
        { item: 'mobile', kinds: ['equal'] },
      ],
      ...changes,
    },
  });
}

/** A grant of civil affairs to call persons, with a key. Needs workers. */
export async function serviceGrant(
  api: Api,
  changes: Record<string, unknown> = {},
): Promise<{ readonly grantId: string; readonly caseId: string; readonly key: string; readonly keyId: string }> {
  const { grantId, caseId } = await grantedCase(api, {
    items: ['record_no', 'name', 'sex', 'birth_date', 'mobile'],
    mode: 'service',
    rate: { perSecond: 1_000, perMinute: 60_000, perDay: 1_000_000 },
    ...changes,
  });
  const issued = await issueKey(api, grantId);
  return { grantId, caseId, key: issued.body.key, keyId: issued.body.id };
}

export async function issueKey(api: Api, grantId: string, body: Record<string, unknown> = {}): Promise<Answer> {
  const issued = await api.ask(REQUESTER, 'POST', `/api/grants/${grantId}/keys`, { body });
  if (issued.status !== 201) throw new Error(`No key: ${JSON.stringify(issued.body)}`);
  return issued;
}

/** Calls with a key, at whichever process. */
export async function callService(
  url: string,
  key: string | undefined,
  path: string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(url + path, {
    headers: { ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }), ...headers },
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('Content-Type') ?? '') && text !== '';
  return { status: response.status, body: isJson ? JSON.parse(text) : text, headers: response.headers };
}

/** Limits by day begin anew at midnight in Shanghai: what counts calls of one day does not begin right before it. */
export async function dayAhead(): Promise<void> {
  const left = 86_400_000 - ((Date.now() + 8 * 3_600_000) % 86_400_000);
  if (left < 20_000) await new Promise((resolve) => setTimeout(resolve, left + 100));
}
