import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Command } from 'commander';
import { createProgram } from '../../cli/program.ts';
import { projectRoot } from '../../config.ts';
import { SHARE_REQUEST_ROUTES } from '../../domain/routes/share-request.ts';

const scripts = Object.keys(
  (JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { scripts: Record<string, string> }).scripts,
);
const pages = [
  ...['README.md', 'README.zh-CN.md', 'CONTRIBUTING.md'],
  ...readdirSync(join(projectRoot, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];
const textOf = (page: string): string => readFileSync(join(projectRoot, page), 'utf8');

const program = createProgram({
  say: (_, en) => en,
  act: () => async () => {},
  streams: { out: () => {}, err: () => {}, isTerminal: false },
});

function known(words: readonly string[]): boolean {
  let command: Command | undefined = program;
  for (const word of words) {
    if (command.commands.length === 0) return true;
    command = command.commands.find((one) => one.name() === word);
    if (!command) return false;
  }
  return true;
}

test('both READMEs begin with the two commands and go on to the demonstration', () => {
  for (const page of ['README.md', 'README.zh-CN.md']) {
    const commands = [...textOf(page).matchAll(/^(npm start|npm test|npx santong demo)/gm)].map(([, name]) => name);
    expect(commands.slice(0, 3)).toEqual(['npm start', 'npm test', 'npx santong demo']);
  }
});

test.each(pages)('the npm scripts and santong commands that %s names exist', (page) => {
  const text = textOf(page);
  for (const [, script = ''] of text.matchAll(/\bnpm run ([\w:]+)/g)) expect(scripts).toContain(script);
  const named = [...text.matchAll(/(?:npx |`)santong ([a-z]+)(?: ([a-z]+))?/g)];
  for (const [, first = '', second] of named) {
    expect([first, known(second === undefined ? [first] : [first, second]) || known([first])]).toEqual([first, true]);
  }
});

test.each(pages)('every link of %s to a file leads to one', (page) => {
  const links = [...textOf(page).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, target = '']) => target);
  const dead = links
    .filter((target) => !/^(https?:|mailto:|\/)/.test(target))
    .map((target) => relative(projectRoot, join(projectRoot, dirname(page), target)))
    .filter((path) => !existsSync(join(projectRoot, path)));
  expect(dead).toEqual([]);
});

const files = filesIn('');

function filesIn(folder: string): string[] {
  return readdirSync(join(projectRoot, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (['node_modules', 'dist', '.git', '.cache'].includes(entry.name)) return [];
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}

test.each(pages)('every file of the repository that %s names is there', (page) => {
  // Programs by their name alone, too; other files with the folder that they are in, as the platform writes some of its own.
  const named = textOf(page).matchAll(
    /`((?:[\w-][\w.-]*\/)*[\w-][\w.-]*\.(?:[cm]?[jt]s|vue)|(?:[\w-][\w.-]*\/)+[\w.-]+\.(?:json|md|sql|yml))`/g,
  );
  const gone = [...named]
    .map(([, path = '']) => path.replace(/^dist\/(.*)\.js$/, '$1.ts'))
    .filter((path) => !files.some((file) => file === path || file.endsWith(`/${path}`)));
  expect(gone).toEqual([]);
});

test('adding-a-route.md names every route that is shipped', () => {
  const shown = textOf('docs/adding-a-route.md');
  for (const { id } of SHARE_REQUEST_ROUTES) expect(shown).toContain(id);
});
