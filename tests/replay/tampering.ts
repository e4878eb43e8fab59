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
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const payload = value as Payload;
    if (typeof payload.data === 'string') {
      const before = Buffer.from(payload.data, 'base64').toString('utf8');
      const after = change(before);
      if (after !== before) changes += 1;
      payload.data = Buffer.from(after, 'utf8').toString('base64');
    }
    Object.values(value).forEach(visit);
  };
  history.events.filter(where).forEach(visit);
  if (changes === 0) throw new Error('Nothing was altered');
  return JSON.stringify(history);
}

const isUpdate = ({ eventType }: HistoryEvent): boolean => /UPDATE_ACCEPTED/i.test(eventType ?? '');
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
