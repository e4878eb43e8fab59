import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import chromium from '@sparticuz/chromium';
import { type Browser, type BrowserContext, chromium as playwright, type Page } from 'playwright-core';
import { projectRoot } from '../../config.ts';

/** Where screenshots of a run are left, for people to look at: an artefact, never in the repository. */
export const SCREENSHOTS = join(projectRoot, '.cache', 'screenshots');

/** The two widths that every page is looked at in. */
const WIDTHS = { 1440: 1000, 390: 844 } as const;
/** From here on there is a rail and not tabs, in pixels. */
const WIDE = 768;
const FONT = join(projectRoot, 'portal', 'node_modules', '@fontsource', 'noto-sans-sc');

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
  return playwright.launch({ executablePath: await chromium.executablePath(), args, headless: true });
}

/** Somebody at a screen of their own, with Chinese glyphs. */
export async function visit(browser: Browser, url: string): Promise<Visitor> {
  const context = await browser.newContext({ baseURL: url, locale: 'zh-CN', viewport: { width: 1440, height: 1000 } });
  await bringFont(context);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
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

/** A picture of the page as it is, at both widths, under `<name>-<width>.png`. */
export async function shoot({ page }: Pick<Visitor, 'page'>, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  for (const [width, height] of Object.entries(WIDTHS)) {
    await page.setViewportSize({ width: Number(width), height });
    await page.evaluate('document.fonts.ready');
    await page.screenshot({ path: join(SCREENSHOTS, `${name}-${width}.png`), fullPage: true });
  }
  await page.setViewportSize({ width: 1440, height: WIDTHS[1440] });
}

/** What axe finds against WCAG 2.1 AA, at both widths, each with the places; and whether the page is wider than the screen. */
export async function faultsOf({ page }: Pick<Visitor, 'page'>): Promise<string[]> {
  const found: string[] = [];
  for (const [width, height] of Object.entries(WIDTHS)) {
    await page.setViewportSize({ width: Number(width), height });
    // In one page: otherwise axe opens a second one, which takes the keyboard away. There are no frames here.
    const axe = new AxeBuilder({ page }).setLegacyMode().withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']);
    // Colours are the same on narrow screens, and to look at them is most of what axe takes.
    if (Number(width) < WIDE) axe.disableRules(['color-contrast']);
    const { violations } = await axe.analyze();
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
  await page.setViewportSize({ width: 1440, height: WIDTHS[1440] });
  return found;
}

/** The machine may have no Chinese glyphs. They come in by script, from an address of the page's own, as its policy asks. */
async function bringFont(context: BrowserContext): Promise<void> {
  const faces = ['400', '700'].flatMap((weight) =>
    [
      ...readFileSync(join(FONT, `${weight}.css`), 'utf8').matchAll(
        /url\(\.\/files\/([^)]+\.woff2)\)[^}]*unicode-range: ([^;]+);/g,
      ),
    ].map(([, file, range]) => ({ file, range, weight })),
  );
  if (faces.length < 50) throw new Error('The font for Chinese is not as it was');
  await context.route('**/test-font/*', (route) => {
    const file = new URL(route.request().url()).pathname.split('/').at(-1) ?? '';
    return route.fulfill({ path: join(FONT, 'files', file), contentType: 'font/woff2' });
  });
  await context.addInitScript(`for (const { file, range, weight } of ${JSON.stringify(faces)}) {
    document.fonts.add(new FontFace('Noto Sans SC', 'url(/test-font/' + file + ')', { unicodeRange: range, weight }));
  }`);
}
