import { readFile } from 'node:fs/promises';
import { Failure } from './failure.ts';
import type { Say } from './language.ts';

/** What the options of `case act`, `task act` and `grant act` may say. */
export interface DecisionOptions {
  readonly opinion?: string;
  readonly reason?: string;
  readonly reasonCode?: string;
  readonly missing?: readonly string[];
  readonly note?: string;
  readonly form?: string;
  readonly seen?: string;
}

/** `ask-supplement` and `askSupplement` are one action. */
export function actionName(text: string): string {
  return text.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * The body of an action as the API takes it, without the task. `digest` is that of the form as it is now, which counts as
 * what the person saw unless `--seen` says otherwise.
 */
export async function decisionBody(
  action: string,
  options: DecisionOptions,
  { digest, say }: { readonly digest: string; readonly say: Say },
): Promise<Record<string, unknown>> {
  const { opinion, reason = '', reasonCode = 'other', missing = [], note, form, seen = digest } = options;
  switch (action) {
    case 'approve':
      return { action, seen, ...(opinion === undefined ? {} : { opinion }) };
    case 'reject':
      return { action, seen, reason: { code: reasonCode, text: reason } };
    case 'askSupplement':
      return { action, missing: missing.map((text) => missingOf(text, say)) };
    case 'supplement':
      return {
        action,
        ...(note === undefined ? {} : { note }),
        ...(form === undefined ? {} : { form: await readJsonFile(form, say) }),
      };
    default:
      // The rest take a reason or nothing. What the API does not know it refuses by name.
      return options.reason === undefined ? { action } : { action, reason };
  }
}

/** `attachments=缺少公函` */
function missingOf(text: string, say: Say): { part: string; text: string } {
  const at = text.indexOf('=');
  if (at > 0) return { part: text.slice(0, at), text: text.slice(at + 1) };
  throw new Failure('usage', say(`--missing 的写法是 部分=说明：${text}`, `--missing is written part=text: ${text}`));
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
