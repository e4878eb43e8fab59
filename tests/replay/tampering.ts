interface Payload {
  data?: string;
}
interface HistoryEvent {
  eventType?: string;
  [attributes: string]: unknown;
}
interface History {
  events: HistoryEvent[];
}

/** A history with the text of its payloads altered; `where` says in the payloads of which events. */
function altered(json: string, where: (event: HistoryEvent) => boolean, change: (text: string) => string): string {
  const history = JSON.parse(json) as History;
  let changes = 0;
  for (const payload of history.events.filter(where).flatMap(payloadsIn)) {
    const before = Buffer.from(payload.data ?? '', 'base64').toString('utf8');
    const after = change(before);
    if (after !== before) changes += 1;
    payload.data = Buffer.from(after, 'utf8').toString('base64');
  }
  if (changes === 0) throw new Error('Nothing was altered');
  return JSON.stringify(history);
}

const isUpdate = ({ eventType }: HistoryEvent): boolean => /UPDATE_ACCEPTED/i.test(eventType ?? '');
const isAnswer = ({ eventType }: HistoryEvent): boolean => /UPDATE_COMPLETED/i.test(eventType ?? '');
const isRecord = (event: HistoryEvent): boolean =>
  /ACTIVITY_TASK_SCHEDULED/i.test(event.eventType ?? '') && JSON.stringify(event).includes('"record"');

/** The ways in which somebody might want a history to tell another story. */
export const pieces = {
  opinion: (json: string) => altered(json, isUpdate, (text) => text.replace('同意共享', '同意共亨')),
  reason: (json: string) => altered(json, isUpdate, (text) => text.replace('超出履职需要', '没有法定依据')),
  actor: (json: string) =>
    altered(json, isUpdate, (text) => text.replace('"person":"civil-affairs.lead"', '"person":"civil-affairs.lean"')),
  time: (json: string) =>
    altered(json, isUpdate, (text) => text.replace(/"at":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.\d/, '"at":"$1.9')),
  /** What somebody was told of their command. */
  answer: (json: string) => altered(json, isAnswer, (text) => text.replace('"in-approval"', '"refused"')),
  stream: (json: string) => altered(json, isRecord, (text) => text.replace(/"streamId":"case-/, '"streamId":"cave-')),
  recorded: (json: string) => altered(json, isRecord, (text) => text.replace('同意共享', '同意共亨')),
  everywhere: (json: string) =>
    altered(
      json,
      () => true,
      (text) => text.replace('同意共享', '同意共亨'),
    ),
  /** The first update that was accepted never was. */
  withoutUpdate(json: string): string {
    const history = JSON.parse(json) as History;
    history.events.splice(history.events.findIndex(isUpdate), 1);
    return JSON.stringify(history);
  },
};

/** The history over and over, each time with another byte of what its events carry: one in each third of every payload. */
export function* withOneByteAltered(json: string): Generator<readonly [where: string, json: string]> {
  const history = JSON.parse(json) as History;
  const payloads = history.events.flatMap((event) => payloadsIn(event).map((payload) => [event, payload] as const));
  for (const [{ eventType }, payload] of payloads) {
    const before = payload.data ?? '';
    for (const part of [0.2, 0.5, 0.8]) {
      const bytes = Buffer.from(before, 'base64');
      const at = Math.floor(bytes.length * part);
      bytes[at] = bytes[at] === 0x78 ? 0x79 : 0x78;
      payload.data = bytes.toString('base64');
      yield [`${eventType} ${at}: ${bytes.subarray(at - 20, at + 20).toString()}`, JSON.stringify(history)];
    }
    payload.data = before;
  }
}

function payloadsIn(value: unknown): Payload[] {
  if (typeof value !== 'object' || value === null) return [];
  if (typeof (value as Payload).data === 'string') return [value as Payload];
  return Object.values(value).flatMap(payloadsIn);
}
