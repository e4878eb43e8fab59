import { ref } from 'vue';
import { newKey } from '../api/client.ts';
import { isUnsettled } from './act.ts';

/**
 * Sends something that must not be done twice: as long as it is not known what became of it, the same goes out under the
 * same key. What went wrong is kept for the page to show.
 */
export function useOnce() {
  const isBusy = ref(false);
  const problem = ref<unknown>();
  let sent: { text: string; key: string } | undefined;

  /** Undefined where it did not go through. */
  async function once<T>(what: unknown, send: (header: { 'Idempotency-Key': string }) => Promise<T>) {
    if (isBusy.value) return undefined;
    isBusy.value = true;
    problem.value = undefined;
    const text = JSON.stringify(what);
    if (sent?.text !== text) sent = { text, key: newKey() };
    try {
      const done = await send({ 'Idempotency-Key': sent.key });
      sent = undefined;
      return done;
    } catch (error) {
      if (!isUnsettled(error)) sent = undefined;
      problem.value = error;
      return undefined;
    } finally {
      isBusy.value = false;
    }
  }

  return { once, isBusy, problem };
}
