import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SIGN_ON_FAULTS } from '../../api/sign-on/provider.ts';
import { projectRoot } from '../../config.ts';
import { type Api, startApi } from '../support/api.ts';
import { type OpenIdProvider, startOpenIdProvider } from '../support/openid-provider.ts';
import { signOnOf } from './examples/sign-on.ts';

let api: Api;
let provider: OpenIdProvider;
const page = readFileSync(join(projectRoot, 'docs', 'sign-on.md'), 'utf8');

beforeAll(async () => {
  provider = await startOpenIdProvider({});
  api = await startApi({ signOn: provider.settings });
}, 120_000);
afterAll(async () => {
  await api.close();
  await provider.close();
});

test('sign-on.md shows the example as it is tested here, and every way of being refused', () => {
  const code = readFileSync(join(import.meta.dirname, 'examples', 'sign-on.ts'), 'utf8');
  expect(page).toContain(code.trim());
  const listed = [...page.matchAll(/^\| `(\w+)` \| /gm)].map(([, name]) => name);
  expect(new Set(listed)).toEqual(new Set(SIGN_ON_FAULTS));
});

test('the example says where people are sent, or that nobody can be', async () => {
  await expect(signOnOf(api.url)).rejects.toThrow('Refused: down');
  provider.register(api.url);
  expect(await signOnOf(api.url)).toEqual({
    provider: provider.url,
    redirect: `${api.url}/api/session/oidc/callback`,
    scope: 'openid profile',
  });
});
