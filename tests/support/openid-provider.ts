import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';
import type { SignOnSettings } from '../../config-parts.ts';

/** A real OpenID provider on this machine, whose own pages take any password. */
export interface OpenIdProvider {
  readonly url: string;
  readonly settings: SignOnSettings;
  /** Tells it where the platform is. */
  register(platform: string): void;
  /** Logs in there as somebody in a browser without a screen, and agrees; says what comes of it: where the platform sends one, and the cookies that it sets. */
  logInBy(begin: string, subject: string, go?: Go): Promise<Arrival>;
  /** Logs out there in a browser that has logged in, beginning at an address of the provider's. */
  logOutBy(go: Go, signOutAt: string): Promise<void>;
  /** Answers nobody any more, until it is brought back. */
  goAway(): void;
  comeBack(): void;
  close(): Promise<void>;
}

export interface Arrival {
  readonly location: string;
  readonly cookies: readonly string[];
  /** The browser, to go on with. */
  readonly go: Go;
}

/** Goes somewhere with the cookies that were set on the way; the fields of a form are posted. */
export type Go = (at: string, form?: Record<string, string>) => Promise<{ response: Response; at: string }>;

const CLIENT = { client_id: 'santong', client_secret: 'a secret between the two of them' };

/** `accounts`: by what people are called there, what they are called here. */
export async function startOpenIdProvider(accounts: Readonly<Record<string, string>>): Promise<OpenIdProvider> {
  let answer: RequestListener | undefined;
  let isAway = false;
  const server = createServer((request, response) => {
    if (isAway || !answer) return void request.socket.destroy();
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function register(platform: string): void {
    const provider = quietly(
      () =>
        new Provider(url, {
          clients: [
            {
              ...CLIENT,
              redirect_uris: [`${platform}/api/session/oidc/callback`],
              post_logout_redirect_uris: [`${platform}/login`],
              backchannel_logout_uri: `${platform}/api/session/oidc/logout`,
              backchannel_logout_session_required: true,
            },
          ],
          claims: { openid: ['sub'], profile: ['preferred_username'] },
          features: { backchannelLogout: { enabled: true }, devInteractions: { enabled: true } },
          cookies: { keys: ['for this test'] },
          ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
          findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, preferred_username: accounts[id] }) }),
        }),
    );
    answer = provider.callback() as RequestListener;
  }

  return {
    url,
    settings: {
      issuer: url,
      clientId: CLIENT.client_id,
      clientSecret: CLIENT.client_secret,
      scopes: 'openid profile',
      claim: 'preferred_username',
    },
    register,
    logInBy,
    logOutBy,
    goAway: () => (isAway = true),
    comeBack: () => (isAway = false),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** It warns of what only suits a test. */
function quietly<T>(make: () => T): T {
  const { warn } = console;
  console.warn = () => undefined;
  try {
    return make();
  } finally {
    console.warn = warn;
  }
}

async function logInBy(begin: string, subject: string, go = browser()): Promise<Arrival> {
  let { response, at } = await go(begin);
  for (let steps = 0; steps < 20; steps += 1) {
    const location = response.headers.get('Location');
    if (location === null) {
      const action = /<form[^>]*action="([^"]+)"/.exec(await response.text())?.[1];
      if (action === undefined) throw new Error(`Nothing to go on with at ${at}`);
      // The first page asks who it is, the second whether that is all right.
      const prompt = steps < 3 ? { prompt: 'login', login: subject, password: 'any' } : { prompt: 'consent' };
      ({ response, at } = await go(new URL(action, at).href, prompt));
      continue;
    }
    const next = new URL(location, at);
    const isBack = at.startsWith(new URL(begin).origin) && next.origin === new URL(begin).origin;
    if (isBack) return { location, cookies: response.headers.getSetCookie(), go };
    ({ response, at } = await go(next.href));
  }
  throw new Error('The provider goes round in circles');
}

async function logOutBy(go: Go, signOutAt: string): Promise<void> {
  const { response, at } = await go(signOutAt);
  const page = await response.text();
  const action = /<form[^>]*action="([^"]+)"/.exec(page)?.[1] ?? '';
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
  const { response: done } = await go(new URL(action, at).href, { xsrf, logout: 'yes' });
  if (done.status !== 303) throw new Error(`Not logged out: ${done.status}`);
}

function browser(): Go {
  const jar = new Map<string, Map<string, string>>();
  return async (at, form) => {
    const { origin } = new URL(at);
    const cookies = jar.get(origin) ?? new Map<string, string>();
    jar.set(origin, cookies);
    const response = await fetch(at, {
      redirect: 'manual',
      headers: { Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    return { response, at };
  };
}
