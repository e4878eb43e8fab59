import { epochMilliseconds } from './civil-date.ts';
import { nextRun, type Schedule } from './schedule/schedule.ts';

/**
 * What data or word of it goes along (链路): a grant, from the provider's source to the requester's target; a data source by
 * itself; a webhook; the platform's own ways of telling people. In the order in which they are listed.
 */
export const LINK_KINDS = ['grant', 'platform', 'source', 'webhook'] as const;
export type LinkKind = (typeof LINK_KINDS)[number];

/**
 * `failing`: the last run did not come through, or the one under way is held up. `late`: it should have run by now.
 * `waiting`: nothing has gone along it yet, or it stands in a queue.
 */
export const LINK_STATES = ['ok', 'late', 'failing', 'suspended', 'waiting'] as const;
export type LinkState = (typeof LINK_STATES)[number];

/** The links of the platform itself: events on their way to notices, notices on their way by e-mail. */
export const PLATFORM_LINKS = ['mail', 'notices'] as const;
export type PlatformLink = (typeof PLATFORM_LINKS)[number];

export function linkId(kind: LinkKind, ref: string): string {
  return `${kind}~${ref}`;
}

/** The kind of a link and the id of what it is; undefined where it is no id of a link. */
export function readLinkId(id: string): { readonly kind: LinkKind; readonly ref: string } | undefined {
  const at = id.indexOf('~');
  const kind = LINK_KINDS.find((one) => one === id.slice(0, at));
  return kind && at + 1 < id.length ? { kind, ref: id.slice(at + 1) } : undefined;
}

/**
 * For how long, in seconds, the source has had an update that did not come along the link yet, by the update cycle that the
 * entry states. `since`: when the last run that came through began. Undefined where the cycle says no time.
 */
export function updateLag(cycle: string, since: string, now: string): number | undefined {
  const update = nextRun({ kind: 'after-update', cycle }, since);
  return update === undefined ? undefined : secondsFrom(update, now);
}

/** Seconds from one run of a schedule to the next, looked for from an instant on; undefined: none by itself. */
export function cycleSeconds(schedule: Schedule, from: string): number | undefined {
  const first = nextRun(schedule, from);
  const second = first === undefined ? undefined : nextRun(schedule, first);
  return first === undefined || second === undefined ? undefined : secondsFrom(first, second);
}

/** 0 where the first is not before the second. */
export function secondsFrom(first: string, second: string): number {
  return Math.max(0, Math.round((epochMilliseconds(second) - epochMilliseconds(first)) / 1_000));
}
