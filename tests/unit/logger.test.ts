import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../config.ts';
import { linesTo } from '../../logger.ts';

/** A process that logs many lines and warns, and says over IPC that it goes on; `output` is where its lines go. */
async function logging(output: number | 'pipe') {
  const script = `
    import { createLogger } from './logger.ts';
    const logger = createLogger('test', 'info');
    for (let nth = 0; nth < 3_000; nth += 1) logger.info({ nth, text: 'x'.repeat(1_000) }, 'line');
    console.error('a word');
    process.emitWarning('a warning');
    setTimeout(() => process.send('goes on', () => process.exit(0)), 50);`;
  const child = spawn(
    process.execPath,
    ['--import', './tests/support/typescript.mjs', '--input-type=module', '--eval', script],
    { cwd: projectRoot, stdio: ['ignore', output, output, 'ipc'] },
  );
  const said: unknown[] = [];
  child.on('message', (message) => said.push(message));
  // A reader that does not read: the pipe is full after a few lines.
  const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
  const [code] = await once(child, 'exit');
  clearTimeout(late);
  child.stdout?.destroy();
  child.stderr?.destroy();
  return { said, code };
}

test('a process whose log is on a full disk loses lines and goes on', async () => {
  const full = openSync('/dev/full', 'w');
  try {
    expect(await logging(full)).toEqual({ said: ['goes on'], code: 0 });
  } finally {
    closeSync(full);
  }
}, 30_000);

test('a process whose log nobody reads loses lines and goes on', async () => {
  expect(await logging('pipe')).toEqual({ said: ['goes on'], code: 0 });
}, 30_000);

test('after a line of which only a part could be written the next one is whole, on a line of its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'santong-log-'));
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const descriptor = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
  try {
    const lines = linesTo(descriptor);
    lines.write(`{"long":"${'x'.repeat(200_000)}"}\n`);
    const buffer = Buffer.alloc(300_000);
    const part = buffer.toString('utf8', 0, readSync(descriptor, buffer));
    expect(part).toMatch(/^\{"long":"x+$/);
    lines.write('{"next":1}\n');
    lines.write('{"next":2}\n');
    expect(buffer.toString('utf8', 0, readSync(descriptor, buffer))).toBe('\n{"next":1}\n{"next":2}\n');
  } finally {
    closeSync(descriptor);
    rmSync(folder, { recursive: true });
  }
});
