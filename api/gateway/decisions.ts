import type { Knex } from 'knex';
import type { Entry } from '../../domain/catalogue.ts';
import { dateIn } from '../../domain/calendar.ts';
import type { Grant } from '../../domain/grant.ts';
import { type SharingAnswer, sharingAskOf, type SharingVerdict, unsoundness } from '../../domain/sharing.ts';
import type { Service } from '../../domain/service.ts';
import { type OpenedSource, openableSource } from '../../store/data-sources.ts';
import { type CallGrounds, groundsOf } from '../../store/gateway.ts';
import { listen, type Listener } from '../../store/listen.ts';
import { CHANNELS } from '../../store/outbox.ts';
import { findService } from '../../store/services.ts';
import { isKey, keyDigest } from '../grant-key.ts';
import type { Policies } from '../reach.ts';
import { remembering } from './watched.ts';

/** Whose call it is: the key is known and good. */
export interface Known {
  readonly keyId: string;
  readonly grant: Grant;
  readonly entry: Entry;
}

export type Decision =
  | { readonly kind: 'unknown' }
  /** The key is nobody's, expired or revoked. `known` where it is on record. */
  | { readonly kind: 'no-key'; readonly known: Known }
  | { readonly kind: 'refused'; readonly why: SharingAnswer; readonly known: Known }
  | { readonly kind: 'allowed'; readonly line: string; readonly known: Known };

export interface Decider {
  /** Whether calls with this key may be answered now (RFC 3339). */
  decide(key: string, at: string): Promise<Decision>;
  /** A service that is open; undefined where there is none of this id. */
  service(id: string): Promise<Service | undefined>;
  /** How the source of an entry is reached. */
  source(entry: Entry): Promise<OpenedSource | undefined>;
  /** Whether changes are heard of, so that what is remembered is used. */
  isHearing(): boolean;
  /** Resolves once they are for the first time. */
  readonly hearing: Promise<void>;
  stop(): Promise<void>;
}

export interface DeciderDeps {
  readonly db: Knex;
  readonly databaseUrl: string;
  readonly policies: Policies;
  readonly secretKey: Uint8Array;
}

/** Grounds with Casbin's verdict of a day on them: they stay the same until they are forgotten. */
interface Judged extends CallGrounds {
  verdict?: { readonly day: string; readonly verdict: SharingVerdict };
}

/**
 * Decides on calls from what this process remembers, for as long as it hears of every change (docs/decisions/
 * gateway-cache.md). A refusal is given only after the database has been read once again; while nothing is heard, it is
 * read for every call.
 */
export function createDecider({ db, databaseUrl, policies, secretKey }: DeciderDeps): Decider {
  let isHearing = false;
  let whenHearing: () => void = () => undefined;
  const hearing = new Promise<void>((resolve) => (whenHearing = resolve));
  const grounds = remembering<Judged>(() => isHearing);
  const services = remembering<Service>(() => isHearing);
  const sources = remembering<OpenedSource>(() => isHearing);

  function forget(payload: string | undefined): void {
    const [kind, id] = (payload ?? '').split(/:(.*)/s);
    const isAll = payload === undefined;
    grounds.forget(
      ({ grant }) => isAll || (kind === 'entry' && grant.entryId === id) || (kind === 'grant' && grant.id === id),
    );
    services.forget((service) => isAll || (kind === 'service' && service.id === id));
    sources.forget((source) => isAll || (kind === 'source' && source.id === id));
  }

  const listener: Listener = listen(databaseUrl, [CHANNELS.gateway], {
    heard(channel, payload) {
      if (channel === undefined) isHearing = true;
      forget(payload);
      whenHearing();
    },
    lost: () => (isHearing = false),
  });

  function judge(of: Judged, at: string): Decision {
    const { key, grant, entry, lines } = of;
    const known: Known = { keyId: key.id, grant, entry };
    const now = Date.parse(at);
    const isOver = key.revokedAt !== null || (key.expiresAt !== null && key.expiresAt.getTime() <= now);
    if (isOver) return { kind: 'no-key', known };
    const day = dateIn(at);
    if (of.verdict?.day !== day)
      of.verdict = { day, verdict: policies.mayShare(lines, sharingAskOf(grant, entry, day)) };
    const { allowed, line, why } = of.verdict.verdict;
    if (!allowed || line === undefined) return { kind: 'refused', why, known };
    const unsound = unsoundness(grant, entry);
    return unsound ? { kind: 'refused', why: unsound.why, known } : { kind: 'allowed', line, known };
  }

  return {
    async decide(text, at) {
      if (!isKey(text)) return { kind: 'unknown' };
      const digest = keyDigest(text);
      const id = digest.toString('base64');
      // Whatever was committed before the call came has been heard, or nothing is remembered.
      const remembered = (await listener.heardAll()) ? grounds.at(id) : undefined;
      const first = remembered && judge(remembered, at);
      if (first?.kind === 'allowed') return first;
      const fresh = await grounds.read(id, () => groundsOf(db, digest));
      return fresh ? judge(fresh, at) : { kind: 'unknown' };
    },
    async service(id) {
      const found = services.at(id) ?? (await services.read(id, () => findService(db, id)));
      return found?.status === 'open' ? found : undefined;
    },
    async source({ provider, mount }) {
      if (!mount) return undefined;
      const { sourceId } = mount;
      const load = () => openableSource(db, { id: sourceId, department: provider }, secretKey);
      return sources.at(sourceId) ?? sources.read(sourceId, load);
    },
    isHearing: () => isHearing,
    hearing,
    stop: () => listener.stop(),
  };
}
