import type { Knex } from 'knex';
import { type Mount, mountKindOf } from '../domain/catalogue.ts';
import { isAboutSource, MOUNTED_ON, type SourceReason } from '../domain/data-source.ts';
import type { Fault } from '../domain/language.ts';
import { checkMount, type Physical } from '../domain/mount-check.ts';
import { SourceFailure } from '../sources/failure.ts';
import type { Look, Looker } from '../sources/looker.ts';
import type { DraftRow } from '../store/catalogue-drafts.ts';
import { noteLook, openableSource, type OpenedSource } from '../store/data-sources.ts';

/** What has come of holding a draft against what it is mounted on. */
export interface MountCheck {
  readonly faults: readonly Fault[];
  /** What it is mounted on; absent where nothing was seen. */
  readonly kind?: Physical['kind'];
  /** Why nothing could be seen. */
  readonly failure?: SourceReason;
}

export interface Mounts {
  /**
   * `isFresh`: looks now, and a source that cannot be read is a fault. Otherwise what was seen within a minute will do, so
   * that a department's system is not asked at every letter that is typed, and a source that is away is told apart.
   */
  check(draft: Pick<DraftRow, 'body' | 'provider'>, how: { readonly isFresh: boolean }): Promise<MountCheck>;
}

const REMEMBERED_MS = 60_000;
/** What was not seen is looked for again sooner: somebody may be mending it. */
const MISSED_MS = 10_000;
const MOST_REMEMBERED = 1_000;

interface Remembered {
  readonly at: number;
  readonly look: Promise<Look>;
}

interface MountDeps {
  readonly db: Knex;
  readonly looker: Looker;
  readonly secretKey: Uint8Array;
}

export function mountChecker({ db, looker, secretKey }: MountDeps): Mounts {
  const remembered = new Map<string, Remembered>();

  async function seen(source: OpenedSource, mount: Mount, isFresh: boolean): Promise<Look> {
    const key = JSON.stringify([source.id, source.revision, mount]);
    const earlier = isFresh ? undefined : remembered.get(key);
    if (earlier) {
      const look = await earlier.look;
      if (performance.now() - earlier.at < (look.outcome === 'found' ? REMEMBERED_MS : MISSED_MS)) return look;
    }
    const look = lookNow(source, mount);
    remembered.delete(key);
    remembered.set(key, { at: performance.now(), look });
    const [oldest] = remembered.keys();
    if (remembered.size > MOST_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
    // What failed otherwise is not kept: it is nobody's answer.
    look.catch(() => remembered.delete(key));
    return look;
  }

  async function lookNow(source: OpenedSource, mount: Mount): Promise<Look> {
    const look = await lookOr(async () => (await looker.look(source, [mount]))[0] ?? { outcome: 'gone' });
    const reason = look.outcome === 'failed' && isAboutSource(look.reason) ? look.reason : undefined;
    await noteLook(db, source, reason);
    return look;
  }

  return {
    async check({ body, provider }, { isFresh }) {
      const { mount } = body;
      // What is not there, or no source of the department, is told with everything else about the draft.
      if (!mount) return { faults: [] };
      const source = await openableSource(db, { id: mount.sourceId, department: provider }, secretKey);
      if (!source) return { faults: [] };
      if (MOUNTED_ON[source.kind] !== mountKindOf(mount)) return { faults: [fault('/mount', 'MountKindUnfit')] };
      const look = await seen(source, mount, isFresh);
      switch (look.outcome) {
        case 'found':
          return { kind: look.physical.kind, faults: checkMount(body, look.physical) };
        case 'gone':
          return { faults: [fault(`/mount/${PLACE[mountKindOf(mount)]}`, 'MountGone')] };
        case 'failed':
          return { failure: look.reason, faults: isFresh ? [fault('/mount/sourceId', look.reason)] : [] };
      }
    },
  };
}

const PLACE = { table: 'table', file: 'file', service: 'path' } as const;

function fault(pointer: string, code: string): Fault {
  return { pointer, code };
}

async function lookOr(work: () => Promise<Look>): Promise<Look> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SourceFailure) return { outcome: 'failed', reason: error.reason };
    throw error;
  }
}
