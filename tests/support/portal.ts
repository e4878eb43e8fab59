import { join } from 'node:path';
import { projectRoot } from '../../config.ts';
import { type Api, startApi } from './api.ts';
import { faultsOf, logIn, openBrowser, shoot, type Visitor, visit } from './browser.ts';
import { dispatcherFor } from './dispatcher.ts';

/** A platform of its own with its portal, and a browser to look at it with. */
export interface Portal {
  readonly api: Api;
  /** Somebody who has logged in, at a screen of their own. */
  enter(account: string): Promise<Visitor>;
  /** Somebody who has no account, or has not logged in. */
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
export async function openPortal(): Promise<Portal> {
  const starting = openBrowser();
  const api = await startApi({ portalFolder: join(projectRoot, 'dist', 'portal') });
  await api.engine.startWorkers();
  const { platform, secretKey } = api.engine;
  const dispatcher = await dispatcherFor({ databaseUrl: platform.url, secretKey });
  const browser = await starting;
  const visitors: Visitor[] = [];
  const faults: string[] = [];
  async function come(): Promise<Visitor> {
    const visitor = await visit(browser, api.url);
    visitors.push(visitor);
    return visitor;
  }
  return {
    api,
    come,
    async enter(account) {
      const visitor = await come();
      await logIn(visitor, account, api.engine.password);
      return visitor;
    },
    faults,
    async look(visitor, name) {
      await shoot(visitor, name);
      faults.push(...(await faultsOf(visitor)).map((fault) => `${name} ${fault}`));
    },
    complaints: () => visitors.flatMap((visitor) => visitor.complaints),
    async empty() {
      await Promise.all(visitors.splice(0).map((visitor) => visitor.close()));
    },
    async close() {
      await browser.close();
      await dispatcher.stop();
      await api.close();
    },
  };
}
