/** A recorded event as other systems are told of it. */
export interface Told {
  readonly streamKind: string;
  readonly streamId: string;
  readonly seq: number;
  /** As it is recorded. */
  readonly event: { readonly type: string; readonly at: string };
  readonly case: {
    readonly id: string;
    readonly number: string;
    readonly title: string;
    readonly kind: string;
    readonly requester: string;
    readonly provider: string;
  };
}

/** Everything that Santong sends begins with this, so that receivers can tell it from what others send. */
export const TYPE_PREFIX = 'cn.gov.shenyang.santong';

/** `case.stage-entered`, `grant.delivery-reported`: what webhooks are filtered by. */
export function typeOfEvent(streamKind: string, type: string): string {
  return `${streamKind === 'grant' ? 'grant' : 'case'}.${type.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Whether a filter takes a type: `*`, a whole kind (`case.*`), or exactly one type. */
export function takes(filter: string, type: string): boolean {
  if (filter === '*') return true;
  return filter.endsWith('.*') ? type.startsWith(filter.slice(0, -1)) : filter === type;
}

/** CloudEvents 1.0 in structured mode. The same event always has the same id, so that receivers can tell repetitions. */
export function cloudEvent(told: Told, source: string): Record<string, unknown> {
  const { streamKind, streamId, seq } = told;
  const event = forOthers(told.event);
  return {
    specversion: '1.0',
    id: `${streamId}/${seq}`,
    source,
    type: `${TYPE_PREFIX}.${typeOfEvent(streamKind, event.type)}`,
    subject: streamId,
    time: event.at,
    datacontenttype: 'application/json',
    data: { case: told.case, seq, event },
  };
}

/** Without what is only for the machine: the route and the calendar that a case is filed, moved or counted again with. */
function forOthers(event: Told['event']): Told['event'] {
  const { route: _, calendar: __, ...rest } = event as Told['event'] & { route?: unknown; calendar?: unknown };
  return rest;
}

/** What a receiver gets when somebody wants to see whether it is there. */
export function pingEvent({ id, source, at }: { id: string; source: string; at: string }): Record<string, unknown> {
  return {
    specversion: '1.0',
    id,
    source,
    type: `${TYPE_PREFIX}.ping`,
    time: at,
    datacontenttype: 'application/json',
    data: {},
  };
}
