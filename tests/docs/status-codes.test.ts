import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROBLEM_CODES, statusOf, titleOf, typeOf } from '../../api/problem.ts';
import { EXIT, EXIT_MEANINGS, type ExitName } from '../../cli/exit-codes.ts';
import { projectRoot } from '../../config.ts';
import { REFUSAL_CODES } from '../../domain/machine.ts';

const page = (name: string): string => readFileSync(join(projectRoot, 'docs', name), 'utf8');

test('status-codes.md lists every refusal once, with its status, type and both titles, and a word on what to do', () => {
  const rows = page('status-codes.md')
    .split('\n')
    .filter((line) => /^\| `[A-Z]/.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const listed = rows.map((row) => row[1]?.replaceAll('`', ''));
  expect(new Set(listed)).toEqual(new Set(PROBLEM_CODES));
  expect(listed).toHaveLength(PROBLEM_CODES.length);
  for (const code of REFUSAL_CODES) expect(PROBLEM_CODES).toContain(code);
  for (const [, name = '', status, type, says, todo = ''] of rows) {
    const code = PROBLEM_CODES.find((one) => `\`${one}\`` === name);
    if (!code) throw new Error(name);
    expect([status, type, says]).toEqual([
      String(statusOf(code)),
      `\`${typeOf(code)}\``,
      `${titleOf(code, 'zh')} · ${titleOf(code, 'en')}`,
    ]);
    expect(todo.length).toBeGreaterThan(8);
  }
});

test('command-line.md shows the exit codes as they are', () => {
  const shown = page('command-line.md');
  for (const name of Object.keys(EXIT) as ExitName[]) {
    expect(shown).toContain(`| ${EXIT[name]} | \`${name}\` | ${EXIT_MEANINGS[name][1]} |`);
  }
  expect(new Set(Object.values(EXIT)).size).toBe(Object.keys(EXIT).length);
});
