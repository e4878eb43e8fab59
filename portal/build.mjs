// Builds the portal into a folder: types from the API's own description, then the pages, each file compressed once.
// Usage: node portal/build.mjs <folder of the built API> <folder to write>
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { constants, gzipSync } from 'node:zlib';
import typesOf, { astToString } from 'openapi-typescript';

const here = dirname(fileURLToPath(import.meta.url));
const [api, target] = process.argv.slice(2).map((path) => resolve(path));
if (!api || !target) throw new Error('Usage: node portal/build.mjs <built API> <target>');

await writeTypes();
run([
  process.execPath,
  join(here, 'node_modules', 'vite', 'bin', 'vite.js'),
  'build',
  '--outDir',
  target,
  '--emptyOutDir',
  '--logLevel',
  'warn',
]);
for (const file of filesIn(target)) compress(file);

/** `src/api/schema.ts` says what the API says; it is written anew only when that has changed. */
async function writeTypes() {
  const description = join(target, '..', 'openapi.json');
  run([process.execPath, join(api, 'api', 'write-openapi.js'), description]);
  const text = astToString(await typesOf(JSON.parse(readFileSync(description, 'utf8'))));
  const file = join(here, 'src', 'api', 'schema.ts');
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
}

/** Beside each file that gains by it: the API serves it as it is to browsers that take it. */
function compress(file) {
  if (!/\.(js|css|html|svg)$/.test(file) || statSync(file).size < 1_000) return;
  writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: constants.Z_BEST_COMPRESSION }));
}

function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function run([program, ...args]) {
  const { status, error } = spawnSync(program, args, { cwd: here, stdio: ['ignore', 'inherit', 'inherit'] });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
