import { readFile } from 'node:fs/promises';
import type { Offered } from './answers.ts';
import { Failure } from './failure.ts';
import type { Say } from './language.ts';

/** What the options of `case act`, `task act` and `grant act` may say. */
export interface DecisionOptions {
  readonly opinion?: string;
  readonly reason?: string;
  readonly reasonCode?: string;
  readonly missing?: readonly string[];
  readonly without?: readonly string[];
  readonly note?: string;
  readonly text?: string;
  readonly form?: string;
  readonly seen?: string;
  readonly to?: readonly string[];
  readonly way?: string;
  readonly place?: string;
  readonly stage?: string;
  readonly clock?: string;
  readonly days?: string;
  readonly reviewOn?: string;
  readonly onBehalf?: string;
}

const TASK = [
  'approve',
  'reject',
  'ask-supplement',
  'return',
  'take-back',
  'reassign',
  'delegate',
  'advise',
  'recall',
  'add-seat',
  'remove-seat',
] as const;

/** Every action of the API, as it is typed; docs/operations-of-a-case.md says what each does. */
export const ACTIONS_SHOWN = {
  task: TASK,
  case: [
    ...TASK,
    'supplement',
    'resubmit',
    'refile',
    'withdraw',
    'urge',
    'copy',
    'comment',
    'suspend',
    'resume',
    'terminate',
    'ask-extension',
    'grant-extension',
    'refuse-extension',
  ],
} as const;

/** `ask-supplement` and `askSupplement` are one action. */
export function actionName(text: string): string {
  return text.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

interface Deciding {
  /** Of what the case shows now, which counts as what the person saw unless `--seen` says otherwise. */
  readonly digest: string;
  readonly say: Say;
}

/** The body of an action as the API takes it, without the task. */
export async function decisionBody(
  action: string,
  options: DecisionOptions,
  deciding: Deciding,
): Promise<Record<string, unknown>> {
  const { onBehalf } = options;
  const body = { action, ...(await membersOf(action, options, deciding)), onBehalf };
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}

/** What is not given is left out: the API says by name what it needs. */
async function membersOf(
  action: string,
  options: DecisionOptions,
  { digest, say }: Deciding,
): Promise<Record<string, unknown>> {
  const { opinion, reason = '', reasonCode = 'other', missing = [], note, form, seen = digest } = options;
  const { way = 'again', place = 'beside', stage, clock, days, reviewOn, text } = options;
  const [to] = options.to ?? [];
  switch (action) {
    case 'approve':
      return { seen, opinion, refused: options.without?.map((one) => refusedOf(one, say)) };
    case 'reject':
      return { seen, reason: { code: reasonCode, text: reason } };
    case 'askSupplement':
      return { missing: missing.map((one) => missingOf(one, say)) };
    case 'return':
      return { to: to ?? 'applicant', way, reason };
    case 'reassign':
      return { to, reason };
    case 'delegate':
      return { to, note };
    case 'addSeat':
      return { to, place, note };
    case 'advise':
      return { opinion: opinion ?? '' };
    case 'takeBack':
    case 'removeSeat':
    case 'resume':
    case 'terminate':
      return { reason };
    case 'supplement':
      return { note, stage, form: await formOf(form, say) };
    case 'resubmit':
    case 'refile':
      return { note, form: await formOf(form, say) };
    case 'urge':
      return { note };
    case 'copy':
      return { to: (options.to ?? []).map((one) => capacityOf(one, say)), note };
    case 'comment':
      return { text: text ?? '' };
    case 'suspend':
      return { reason, reviewOn };
    case 'askExtension':
      return { clock, days: days === undefined ? undefined : Number(days), reason };
    case 'grantExtension':
      return { clock };
    case 'refuseExtension':
      return { clock, reason };
    case 'recall':
      return {};
    default:
      // The rest take a reason or nothing. What the API does not know it refuses by name.
      return { reason: options.reason };
  }
}

async function formOf(path: string | undefined, say: Say): Promise<unknown> {
  return path === undefined ? undefined : readJsonFile(path, say);
}

/** `attachments=缺少公函` */
function missingOf(text: string, say: Say): { part: string; text: string } {
  const at = text.indexOf('=');
  if (at > 0) return { part: text.slice(0, at), text: text.slice(at + 1) };
  throw new Failure('usage', say(`--missing 的写法是 部分=说明：${text}`, `--missing is written part=text: ${text}`));
}

/** `mobile=超出必要`, and where several resources are asked for `persons/mobile=超出必要` */
function refusedOf(text: string, say: Say): { itemId: string; subject?: string; reason: string } {
  const at = text.indexOf('=');
  if (at <= 0) {
    throw new Failure(
      'usage',
      say(`--without 的写法是 信息项=理由：${text}`, `--without is written item=reason: ${text}`),
    );
  }
  const [item, reason] = [text.slice(0, at), text.slice(at + 1)];
  const slash = item.indexOf('/');
  return slash < 0
    ? { itemId: item, reason }
    : { itemId: item.slice(slash + 1), subject: item.slice(0, slash), reason };
}

/** `reviewer@civil-affairs` */
function capacityOf(text: string, say: Say): { role: string; department: string } {
  const at = text.indexOf('@');
  if (at > 0) return { role: text.slice(0, at), department: text.slice(at + 1) };
  throw new Failure(
    'usage',
    say(`抄送对象的写法是 角色@部门：${text}`, `Who is told is written role@department: ${text}`),
  );
}

/** The task that the action is offered for; none where the action is not about a task. @throws {Failure} usage, if several */
export function offeredTask(offers: readonly Offered[], action: string, say: Say): string | undefined {
  if (!ACTIONS_SHOWN.task.some((one) => actionName(one) === action)) return undefined;
  const of = (some: readonly Offered[]): string[] => [...new Set(some.flatMap(({ taskId }) => taskId ?? []))];
  const tasks = of(offers.filter((offer) => offer.action === action));
  if (tasks.length > 1) {
    throw new Failure(
      'usage',
      say(
        `有多个任务可办，请用 --task 指定：${tasks.join('、')}`,
        `Several tasks: choose by --task: ${tasks.join(', ')}`,
      ),
    );
  }
  return tasks[0] ?? of(offers)[0];
}

/** @throws {Failure} usage, when the file cannot be read or is not JSON */
export async function readJsonFile(path: string, say: Say): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Failure('usage', say(`无法读取 ${path}：${why}`, `Cannot read ${path}: ${why}`));
  }
}
