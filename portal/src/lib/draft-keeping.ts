import { onBeforeUnmount, ref, watch } from 'vue';
import { api, got, newId } from '../api/client.ts';
import { ApiProblem } from '../api/problem.ts';
import { session } from '../session.ts';
import type { ApplicationDraft } from './application.ts';
import { clockOf } from './dates.ts';
import { type Merged, mergeDrafts } from './draft-merge.ts';
import { dropDraft, keepDraft, paused, readDraft } from './drafts.ts';

/** A draft as this browser keeps it: what is written, and what the server had of it when the two were last the same. */
interface Kept {
  readonly id: string;
  readonly revision: number;
  readonly base: ApplicationDraft;
  readonly draft: ApplicationDraft;
}

const HERE_MS = 300;
const SERVER_MS = 1_000;
const AGAIN_MS = 5_000;

export interface Kit {
  readonly draft: ApplicationDraft;
  titleOf(): string;
  /** Somebody has changed it elsewhere. */
  onMerged(merged: Merged): void;
}

/** Keeps an application while it is written: at once in this browser, and a second later on the server. */
export function useDraftKeeping({ draft, titleOf, onMerged }: Kit) {
  const person = session.me?.person.id ?? '';
  const savedAt = ref('');
  /** Where it was saved last; `lost`: it has been filed or deleted elsewhere, and goes on as a new one. */
  const standing = ref<'server' | 'here' | 'refused'>('server');
  const problem = ref<unknown>();
  let id = '';
  let revision = 0;
  let base = '';
  let source = '';
  let isOn = false;
  let saving: Promise<void> | undefined;

  const keyOf = (of: string): string => `apply:${person}:${of}`;
  const written = (): string => JSON.stringify(draft);
  const copy = (text: string): ApplicationDraft => JSON.parse(text) as ApplicationDraft;

  async function keepHere(): Promise<void> {
    if (!isOn || (revision === 0 && written() === base)) return;
    await keepDraft(keyOf(id), { id, revision, base: copy(base), draft: copy(written()) } satisfies Kept);
    await keepDraft(keyOf(`for:${source}`), id);
  }

  async function upload(): Promise<void> {
    if (!isOn || saving || written() === base) return;
    saving = send(written());
    await saving;
    saving = undefined;
    if (isOn && written() !== base && standing.value !== 'refused') {
      (standing.value === 'server' ? toServer : again).again();
    }
  }

  async function send(text: string): Promise<void> {
    try {
      const params = { path: { id }, header: { 'If-Match': `"${revision}"` } };
      const body = { title: titleOf().slice(0, 200), content: copy(text) as unknown as Record<string, unknown> };
      const kept = await got(api.PUT('/api/share-request-drafts/{id}', { params, body }));
      [revision, base] = [kept.revision, text];
      savedAt.value = clockOf(new Date());
      standing.value = 'server';
      problem.value = undefined;
      await keepHere();
    } catch (error) {
      await failed(error);
    }
  }

  async function failed(error: unknown): Promise<void> {
    const status = error instanceof ApiProblem ? error.status : 0;
    if (status === 412) return pull().catch(() => void (standing.value = 'here'));
    if (status === 404) return startAgain();
    // What the server does not take goes on being kept here; what did not reach it goes out again.
    standing.value = status >= 400 && status < 500 && status !== 401 && status !== 429 ? 'refused' : 'here';
    problem.value = standing.value === 'refused' ? error : undefined;
    savedAt.value = clockOf(new Date());
  }

  /** What others have made of it meanwhile is brought in. */
  async function pull(): Promise<void> {
    const there = await got(api.GET('/api/share-request-drafts/{id}', { params: { path: { id } } }));
    if (there.revision === revision) return;
    const theirs = there.content as unknown as ApplicationDraft;
    const merged = mergeDrafts(copy(base), copy(written()), theirs);
    [revision, base] = [there.revision, JSON.stringify({ ...copy(written()), ...theirs })];
    Object.assign(draft, merged.draft);
    onMerged(merged);
    await keepHere();
  }

  /** It was filed or deleted elsewhere; what is written here is worth a draft of its own. */
  function startAgain(): void {
    id = newId();
    revision = 0;
  }

  const here = paused(HERE_MS, () => void keepHere());
  const toServer = paused(SERVER_MS, () => void upload());
  const again = paused(AGAIN_MS, () => void upload());
  watch(draft, () => {
    if (!isOn) return;
    here.again();
    toServer.again();
  });
  const look = (): void => {
    if (document.visibilityState === 'visible' && isOn && revision > 0 && !saving) void pull().catch(() => undefined);
  };
  document.addEventListener('visibilitychange', look);
  onBeforeUnmount(() => {
    document.removeEventListener('visibilitychange', look);
    for (const pause of [here, toServer, again]) pause.stop();
    void keepHere();
    void upload();
  });

  return {
    savedAt,
    standing,
    problem,
    /** The id on the server, where it has got there. */
    idOnServer: (): string | undefined => (revision > 0 ? id : undefined),

    /** What is there of a draft: of one by its id, or of the last one of this source. @throws {ApiProblem} */
    async find(given: string | undefined, of: string): Promise<boolean> {
      source = of;
      id = given ?? (await readDraft<string>(keyOf(`for:${of}`))) ?? '';
      if (id === '') return false;
      const local = await readDraft<Kept>(keyOf(id));
      if (local) {
        [revision, base] = [local.revision, JSON.stringify(local.base)];
        Object.assign(draft, local.draft);
      }
      if (local?.revision === 0) return true;
      try {
        const there = await got(api.GET('/api/share-request-drafts/{id}', { params: { path: { id } } }));
        if (!local) {
          revision = there.revision;
          Object.assign(draft, there.content);
          base = written();
        } else if (there.revision !== revision) await pull();
      } catch (error) {
        const isGone = error instanceof ApiProblem && error.status === 404;
        if (!isGone && local) return true;
        if (!isGone || given !== undefined) throw error;
        const isWorthIt = written() !== base;
        if (!isWorthIt) await dropDraft(keyOf(id));
        startAgain();
        return isWorthIt;
      }
      return true;
    },

    /** From now on what is written is kept. `isNew`: as it is now it is not worth keeping yet. */
    begin(isNew: boolean): void {
      if (isNew) {
        startAgain();
        base = written();
      }
      isOn = true;
      if (!isNew) toServer.again();
    },

    /** It has been filed, which ends it on the server as well. */
    async drop(): Promise<void> {
      isOn = false;
      await Promise.all([dropDraft(keyOf(id)), dropDraft(keyOf(`for:${source}`))]);
    },

    /** Nothing is on its way to the server any more: what is filed now is not kept once more afterwards. */
    async settle(): Promise<void> {
      here.stop();
      toServer.stop();
      again.stop();
      await saving;
    },

    upload,
  };
}
