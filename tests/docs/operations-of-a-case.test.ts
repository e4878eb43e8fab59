import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { caseActionBody, taskActionBody } from '../../api/routes/cases/action-schema.ts';
import { endpoints } from '../../api/routes/index.ts';
import { wordFor } from '../../cli/words.ts';
import { projectRoot } from '../../config.ts';

const page = readFileSync(join(projectRoot, 'docs', 'operations-of-a-case.md'), 'utf8');
const operations = page
  .split('\n')
  .filter((line) => /^\| `[a-z]/i.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()));
const bodies = [...page.matchAll(/```json\n([^]*?)```/g)].map(
  ([, text = '']) => JSON.parse(text) as { action: string },
);
const tasks = taskActionBody.options.map(({ shape }) => shape.action.value as string);
const all = caseActionBody.options.map(({ shape }) => shape.action.value as string);

test('operations-of-a-case.md lists every operation once, with its Chinese name, what, who and clocks', () => {
  const listed = operations.map(([, name]) => name?.replaceAll('`', ''));
  expect(new Set(listed)).toEqual(new Set(all));
  expect(listed).toHaveLength(all.length);
  for (const [, name = '', zh = '', what = '', who = '', clocks = ''] of operations) {
    expect(zh).toMatch(/^\p{Script=Han}+$/u);
    for (const cell of [what, who, clocks]) expect([name, cell.length > 3]).toEqual([name, true]);
    expect(wordFor(name.replaceAll('`', ''), 'zh')).toMatch(/\p{Script=Han}/u);
  }
});

test('every operation is shown with a body that the API takes', () => {
  expect(bodies.map(({ action }) => action).toSorted()).toEqual(all.toSorted());
  for (const body of bodies) {
    const isTask = tasks.includes(body.action);
    const schema = isTask ? taskActionBody : caseActionBody;
    const { success, error } = schema.safeParse(body);
    expect([body.action, success, error?.issues]).toEqual([body.action, true, undefined]);
  }
});

test('every address that the page names is one of the API', () => {
  const known = new Set(
    endpoints({ outside: {} } as never).map(
      ({ method, path }) => `${method.toUpperCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')}`,
    ),
  );
  const named = [...page.matchAll(/`([A-Z, ]+?) (\/api\/[^`]+)`/g)].map(([, methods = '', path = '']) => [
    methods,
    path,
  ]);
  const lists = [...page.matchAll(/((?:`[A-Z]+`, )*)`([A-Z]+) (\/api\/[^`]+)`/g)];
  expect(named.length).toBeGreaterThan(6);
  for (const [, others = '', last = '', path = ''] of lists) {
    const methods = [...others.matchAll(/`([A-Z]+)`/g)].map(([, method = '']) => method);
    for (const method of [...methods, last]) expect(known).toContain(`${method} ${path}`);
  }
});
