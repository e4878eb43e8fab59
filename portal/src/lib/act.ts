import { ref } from 'vue';
import { api, got, newKey } from '../api/client.ts';
import { ApiProblem, Unreachable } from '../api/problem.ts';
import type { CaseAction } from '../api/types.ts';
import { noteOwn } from '../live.ts';

/** How often and how many times what takes longer is asked after. */
const ASK_MS = 1_000;
const ASKS = 120;

/**
 * Does something to a case. As long as it is not known what became of it, the same thing goes out under the same key, so
 * that pressing twice, or again after a broken connection, does nothing twice.
 */
export function useAct(caseId: () => string) {
  const isBusy = ref(false);
  let sent: { text: string; key: string } | undefined;

  async function act(body: CaseAction, seq: number): Promise<void> {
    if (isBusy.value) return;
    isBusy.value = true;
    const text = JSON.stringify(body);
    if (sent?.text !== text) sent = { text, key: newKey() };
    try {
      const header = { 'Idempotency-Key': sent.key, 'If-Match': `"${seq}"` };
      const done = await got(api.POST('/api/cases/{id}/actions', { params: { path: { id: caseId() }, header }, body }));
      if ('href' in done) await settled(done.id);
      else noteOwn(caseId(), done.case.seq);
      sent = undefined;
    } catch (error) {
      if (!isUnsettled(error)) sent = undefined;
      throw error;
    } finally {
      isBusy.value = false;
    }
  }

  return { act, isBusy };
}

/** Whether nobody knows what became of what was sent: it must go out again under the same key. */
export function isUnsettled(error: unknown): boolean {
  return error instanceof Unreachable || (error instanceof ApiProblem && error.status >= 500);
}

/** Waits for a command that was kept and not carried out yet. @throws {ApiProblem} why it was refused */
export async function settled(id: string): Promise<{ readonly href: string; readonly id: string }> {
  for (let asked = 0; asked < ASKS; asked += 1) {
    const command = await got(api.GET('/api/commands/{id}', { params: { path: { id } } }));
    if (command.status === 'done') return command.target;
    if (command.status === 'refused') throw new ApiProblem(command.problem ?? { status: 409 });
    await new Promise((resolve) => setTimeout(resolve, ASK_MS));
  }
  throw new Unreachable();
}
