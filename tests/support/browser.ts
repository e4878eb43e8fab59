import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRequire } from 'node:module';
import type { Result, RunOptions } from 'axe-core';
import chromium from '@sparticuz/chromium';
import { type Browser, type BrowserContext, chromium as playwright, type Page } from 'playwright-core';
import { projectRoot } from '../../config.ts';
import { installedFonts } from './fonts.ts';

/** Where screenshots of a run are left, for people to look at: an artefact, never in the repository. */
export const SCREENSHOTS = join(projectRoot, '.cache', 'screenshots');

/** The two widths that every page is looked at in, with their heights; the wide one, in which people work, is left as the last. */
const WIDTHS = { 390: 844, 1440: 1000 } as const;
/** From here on there is a rail and not tabs, in pixels. */
const WIDE = 768;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export interface Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the browser complained of so far: console errors, failed requests, requests to another host. */
  readonly complaints: string[];
  /** Complaints that follow from what the test itself did; they are taken off the list. */
  forgive(pattern: RegExp): void;
  close(): Promise<void>;
}

export async function openBrowser(): Promise<Browser> {
  chromium.setGraphicsMode = false;
  // Its own list of arguments is for one page in one process, without the rules of the web.
  const args = ['--headless=shell', '--no-sandbox', '--no-zygote', '--disable-gpu', '--font-render-hinting=none'];
  const env = { ...process.env, FONTCONFIG_FILE: installedFonts() };
  return playwright.launch({ executablePath: await chromium.executablePath(), args, headless: true, env });
}

/** Somebody at a screen of their own, with Chinese glyphs. */
export async function visit(browser: Browser, url: string): Promise<Visitor> {
  const context = await browser.newContext({ baseURL: url, locale: 'zh-CN', viewport: { width: 1440, height: 1000 } });
  // What the tests of two files do at once takes longer than what one does.
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => complaints.push(`error: ${error.stack ?? error.message}`));
  page.on('requestfailed', (request) => {
    // A page that is left lets go of what it was still waiting for.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED')
      complaints.push(`failed: ${request.method()} ${request.url()}`);
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url()))
      complaints.push(`host: ${request.url()}`);
  });
  return {
    page,
    context,
    complaints,
    forgive(pattern) {
      complaints.splice(0, complaints.length, ...complaints.filter((one) => !pattern.test(one)));
    },
    close: () => context.close(),
  };
}

export async function logIn({ page }: Pick<Visitor, 'page'>, account: string, password: string): Promise<void> {
  await page.goto('/login');
  await page.getByLabel('账号').fill(account);
  await page.getByLabel('密码').fill(password);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname !== '/login');
}

/**
 * Looks at the page as it is, at both widths: leaves a picture under `<name>-<width>.png`, and tells what axe finds against
 * WCAG 2.1 AA, each with the places, and whether the page is wider than the screen.
 */
export async function lookAt({ page }: Pick<Visitor, 'page'>, name: string): Promise<string[]> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  const found: string[] = [];
  for (const [width, height] of Object.entries(WIDTHS)) {
    await page.setViewportSize({ width: Number(width), height });
    await page.evaluate('document.fonts.ready');
    await page.screenshot({ path: join(SCREENSHOTS, `${name}-${width}.png`), fullPage: true });
    const violations = await axeFinds(page, Number(width) >= WIDE);
    found.push(
      ...violations.map(
        ({ id, nodes }) => `${width} ${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
      ),
    );
    const overflow = Number(
      await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
    );
    if (overflow > 0) found.push(`${width} wider than the screen by ${overflow}`);
  }
  return found;
}

/**
 * What breaks a rule of axe, run in the page itself. Only violations are worked out in full: selectors of all that passed
 * are most of what a run takes.
 */
async function axeFinds(page: Page, withColours: boolean): Promise<Pick<Result, 'id' | 'nodes'>[]> {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(AXE);
  const options: RunOptions = {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'],
    resultTypes: ['violations'],
    selectors: false,
    // Colours are the same on narrow screens, and to look at them is most of the rest.
    rules: { 'color-contrast': { enabled: withColours } },
  };
  return page.evaluate(`axe.run(document, ${JSON.stringify(options)}).then(({ violations }) =>
    violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => ({ html })) })))`);
}
