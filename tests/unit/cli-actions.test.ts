import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { caseActionBody, taskActionBody } from '../../api/routes/cases/action-schema.ts';
import { ACTIONS_SHOWN, actionName, decisionBody, type DecisionOptions, offeredTask } from '../../cli/decision.ts';
import { sayIn } from '../../cli/language.ts';

const say = sayIn('en');
const digest = 'a'.repeat(64);

let folder: string;
let options: DecisionOptions;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'santong-decision-'));
  const form = join(folder, 'form.json');
  await writeFile(form, JSON.stringify({ scenario: '统一行政区划口径' }));
  options = {
    ...{ opinion: '同意', reason: '因故', missing: ['attachments=缺少公函'], note: '请看', text: '已阅', form },
    ...{ to: ['provider-lead'], way: 'straight', place: 'after', stage: 'provider-lead', clock: 'provider' },
    ...{ days: '5', reviewOn: '2026-12-01', onBehalf: 'civil-affairs.lead' },
  };
});
afterAll(() => rm(folder, { recursive: true }));

function namesIn(schema: typeof caseActionBody | typeof taskActionBody): string[] {
  return schema.options.map(({ shape }) => shape.action.value);
}

test('the command line knows every action of the API, and no other', () => {
  const typed = (names: readonly string[]) => names.map(actionName).toSorted();
  expect(typed(ACTIONS_SHOWN.case)).toEqual(namesIn(caseActionBody).toSorted());
  expect(typed(ACTIONS_SHOWN.task)).toEqual(namesIn(taskActionBody).toSorted());
});

test.each(ACTIONS_SHOWN.case)('%s is sent as the API takes it', async (typed) => {
  const action = actionName(typed);
  const given = action === 'copy' ? { ...options, to: ['reviewer@public-security'] } : options;
  const body = await decisionBody(action, given, { digest, say });
  const isTask = ACTIONS_SHOWN.task.some((one) => one === typed);
  expect(caseActionBody.safeParse(isTask ? { ...body, taskId: 'a.b.1' } : body)).toMatchObject({ success: true });
  if (isTask) expect(taskActionBody.safeParse(body)).toMatchObject({ success: true });
  expect(body).toMatchObject({ action, onBehalf: 'civil-affairs.lead' });
});

test('what is told of nobody in the right form is refused before anything is sent', async () => {
  const ask = (action: string, given: DecisionOptions) => decisionBody(action, given, { digest, say });
  await expect(ask('copy', { to: ['reviewer'] })).rejects.toMatchObject({ exit: 'usage' });
  await expect(ask('askSupplement', { missing: ['scenario'] })).rejects.toMatchObject({ exit: 'usage' });
  await expect(ask('supplement', { form: '/no/such/file' })).rejects.toMatchObject({ exit: 'usage' });
});

test('a task is found among what is offered, unless there are several; a case’s own action needs none', () => {
  const offers = [
    { action: 'approve', taskId: 'one' },
    { action: 'approve', taskId: 'one', onBehalf: 'x' },
    { action: 'delegate', taskId: 'two' },
  ];
  expect(offeredTask(offers, 'approve', say)).toBe('one');
  expect(offeredTask(offers, 'comment', say)).toBeUndefined();
  expect(() => offeredTask([...offers, { action: 'approve', taskId: 'two' }], 'approve', say)).toThrow('--task');
});
