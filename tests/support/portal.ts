import { join } from 'node:path';
import { projectRoot } from '../../config.ts';
import { type Api, type ApiOptions, startApi } from './api.ts';
import { startEngine } from './engine.ts';
import { logIn, lookAt, openBrowser, type Visitor, visit } from './browser.ts';
import { dispatcherFor } from './dispatcher.ts';
import { onFailure } from './failures.ts';

/** A platform of its own with its portal, and a browser to look at it with. */
export interface Portal {
  readonly api: Api;
  /** Takes the API away from under the browsers, as a crash or a new release does. */
  stopApi(): Promise<void>;
  /** Brings it back at the same address. */
  startApi(): Promise<void>;
  /** Somebody who has logged in, at a screen of their own. */
  enter(account: string): Promise<Visitor>;
  /** Somebody at a screen of their own who has not logged in. */
  come(): Promise<Visitor>;
  /** Leaves pictures of the page as it is at both widths, and keeps what is wrong with it for `faults`. */
  look(visitor: Visitor, name: string): Promise<void>;
  /** What was wrong with any page that was looked at, so that a run tells all of it at once. */
  readonly faults: readonly string[];
  /** What the browsers of everybody who is there have complained of. */
  complaints(): string[];
  /** Sends everybody away: call it after each test. */
  empty(): Promise<void>;
  close(): Promise<void>;
}

/** Needs the build: `npm test` has made it; before a single test, `npm run build`. */
export async function openPortal(options: Pick<ApiOptions, 'signOn'> = {}): Promise<Portal> {
  const starting = openBrowser();
  const engine = await startEngine();
  const given = { ...options, engine, portalFolder: join(projectRoot, 'dist', 'portal') };
  let api = await startApi(given);
  await engine.startWorkers();
  const { platform, secretKey } = engine;
  const dispatcher = await dispatcherFor({ databaseUrl: platform.url, secretKey });
  const browser = await starting;
  const visitors: Visitor[] = [];
  const faults: string[] = [];
  async function come(): Promise<Visitor> {
    const visitor = await visit(browser, api.url);
    visitors.push(visitor);
    return visitor;
  }

  onFailure(async () => {
    for (const { page, complaints } of visitors) {
      const text = await page.evaluate('document.body.innerText').catch((error: unknown) => error);
      process.stderr.write(`${page.url()} showed:\n${String(text).slice(0, 3_000)}\n${complaints.join('\n')}\n`);
    }
  });
  return {
    get api() {
      return api;
    },
    stopApi: () => api.close(),
    async startApi() {
      api = await startApi({ ...given, port: Number(new URL(api.url).port) });
    },
    come,
    async enter(account) {
      const visitor = await come();
      await logIn(visitor, account, api.engine.password);
      return visitor;
    },
    faults,
    async look(visitor, name) {
      faults.push(...(await lookAt(visitor, name)).map((fault) => `${name} ${fault}`));
    },
    complaints: () => visitors.flatMap((visitor) => visitor.complaints),
    async empty() {
      await Promise.all(visitors.splice(0).map((visitor) => visitor.close()));
    },
    async close() {
      await browser.close();
      await dispatcher.stop();
      await api.close();
      await engine.close();
    },
  };
}
