import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { projectRoot } from '../../config.ts';

/** What the tests read of a service; the schema has the rest. */
export interface ComposeService {
  readonly image?: string;
  readonly build?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly restart?: string;
  readonly stop_grace_period?: string;
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

/** The text of a file of the project. */
export function projectFile(path: string): string {
  return readFileSync(join(projectRoot, path), 'utf8');
}

/** docker-compose.yml, its anchors and merges resolved, its variables not. */
export function composeFile(): ComposeFile {
  return parse(projectFile('docker-compose.yml'), { merge: true }) as ComposeFile;
}

export function serviceOf(file: ComposeFile, name: string): ComposeService {
  const service = file.services[name];
  if (service === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
  return service;
}

/**
 * `${NAME:-default}` and `${NAME:?why}` as Compose fills them in; a NAME alone and other forms are not used in our file.
 * @throws when a variable that must be there is not
 */
export function interpolate(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\{(\w+)(:-|:\?)([^}]*)\}/g, (_, name: string, form: string, rest: string) => {
    const value = variables[name];
    if (value !== undefined && value !== '') return value;
    if (form === ':-') return rest;
    throw new Error(`required variable ${name} is missing a value: ${rest}`);
  });
}

/** The environment that Compose gives a service. */
export function environmentOf(service: ComposeService, variables: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(service.environment ?? {}).map(([name, text]) => [name, interpolate(text, variables)]),
  );
}

/** `${NAME…}` in a text, with what follows the name: `:?why`, `:-default` or nothing. */
export function variablesIn(text: string): { readonly name: string; readonly rest: string }[] {
  return [...text.matchAll(/\$\{(\w+)([^}]*)\}/g)].map(([, name = '', rest = '']) => ({ name, rest }));
}

/** The `COPY` lines of a stage of the Dockerfile: from which stage, which sources, to where. */
export function copiesOf(stage: 'build' | 'runtime') {
  const [, build = '', runtime = ''] = projectFile('Dockerfile').split(/^FROM .*$/m);
  const lines = (stage === 'build' ? build : runtime).match(/^COPY .*$/gm) ?? [];
  return lines.map((line) => {
    const words = line.split(/\s+/).slice(1);
    const from = words[0]?.startsWith('--from=') ? words.shift()?.slice('--from='.length) : undefined;
    return { from, sources: words.slice(0, -1), target: words.at(-1) ?? '' };
  });
}

/**
 * The statements of an SQL file that psql runs, with `\getenv` and `:'variable'` filled in as psql does. Anything else of
 * psql's own is refused, so that the file cannot come to hold what this does not understand.
 */
export function statementsOf(script: string, environment: Readonly<Record<string, string>>): string[] {
  const values = new Map<string, string>();
  const sql = script
    .split('\n')
    .filter((line) => !line.startsWith('--'))
    .filter((line) => {
      const [, name = '', variable = ''] = /^\\getenv (\w+) (\w+)$/.exec(line) ?? [];
      if (name === '') return true;
      values.set(name, environment[variable] ?? '');
      return false;
    })
    .join('\n');
  if (sql.includes('\\')) throw new Error('The script uses a command of psql that the tests do not know');
  return sql
    .replaceAll(/:'(\w+)'/g, (_, name: string) => `'${(values.get(name) ?? '').replaceAll("'", "''")}'`)
    .split(/;\s*\n/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}
