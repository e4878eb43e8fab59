import { ALERT_NOTICES } from './alert-words.ts';
import { CATALOGUE_NOTICES } from './catalogue-words.ts';

/** What a notice is about, for people to say how they want to be told of it by e-mail. */
export const TOPICS = ['task', 'progress', 'limit', 'delivery', 'copy', 'catalogue', 'alert'] as const;
export type Topic = (typeof TOPICS)[number];

export const MAIL_MODES = ['immediately', 'daily', 'none'] as const;
export type MailMode = (typeof MAIL_MODES)[number];

/** What is for oneself to do comes at once, the rest once a day. */
export const MAIL_DEFAULTS: Readonly<Record<Topic, MailMode>> = {
  task: 'immediately',
  limit: 'immediately',
  progress: 'immediately',
  delivery: 'daily',
  copy: 'daily',
  catalogue: 'daily',
  alert: 'immediately',
};

type Words = readonly [topic: Topic, zh: string, zhText: string, en: string, enText: string];

/** Every kind of notice: one sentence for list, stream and mail. `{title}`, `{number}` and `{dueOn}` are filled in. */
const WORDS = {
  taskOpened: [
    'task',
    '新待办',
    '《{title}》（{number}）等待办理',
    'New task',
    '“{title}” ({number}) waits for an answer',
  ],
  taskResumed: [
    'task',
    '待办恢复',
    '《{title}》（{number}）可以继续办理',
    'Task resumed',
    '“{title}” ({number}) can be answered again',
  ],
  handedOver: [
    'task',
    '转来的待办',
    '《{title}》（{number}）已转来办理',
    'Task handed over',
    '“{title}” ({number}) has been handed over and waits for an answer',
  ],
  supplementAsked: [
    'task',
    '需要补正',
    '《{title}》（{number}）需要补正材料，通知中已一次列全',
    'Supplement asked for',
    '“{title}” ({number}) needs further materials; the notice lists all of them',
  ],
  supplemented: [
    'task',
    '材料已补正',
    '《{title}》（{number}）的材料已补正，可以继续办理',
    'Materials completed',
    'The materials of “{title}” ({number}) are complete and it can be answered',
  ],
  returned: ['task', '已退回', '《{title}》（{number}）已退回', 'Returned', '“{title}” ({number}) has been returned'],
  urged: [
    'task',
    '催办',
    '《{title}》（{number}）被催办',
    'Urged',
    'Somebody asks that “{title}” ({number}) be answered',
  ],
  reminded: [
    'limit',
    '即将到期',
    '《{title}》（{number}）将于{dueOn}到期',
    'Due soon',
    '“{title}” ({number}) is due on {dueOn}',
  ],
  limitPassed: [
    'limit',
    '已超期',
    '《{title}》（{number}）已超过期限{dueOn}',
    'Limit passed',
    '“{title}” ({number}) is past its limit, {dueOn}',
  ],
  escalated: [
    'limit',
    '已督办',
    '《{title}》（{number}）已转主管部门督办',
    'Escalated',
    '“{title}” ({number}) has been escalated to the authority',
  ],
  extensionAsked: [
    'limit',
    '申请延期',
    '《{title}》（{number}）申请延期答复',
    'Extension asked for',
    'An extension is asked for “{title}” ({number})',
  ],
  extensionGranted: [
    'limit',
    '已同意延期',
    '《{title}》（{number}）已同意延期',
    'Extension granted',
    'The limit of “{title}” ({number}) has been extended',
  ],
  extensionRefused: [
    'limit',
    '未同意延期',
    '《{title}》（{number}）未同意延期',
    'Extension refused',
    'The limit of “{title}” ({number}) has not been extended',
  ],
  granted: [
    'progress',
    '已同意',
    '《{title}》（{number}）已同意共享',
    'Granted',
    '“{title}” ({number}) has been granted',
  ],
  grantedPartly: [
    'progress',
    '部分同意',
    '《{title}》（{number}）已同意共享，其中 {count} 项不同意：{items}',
    'Granted in part',
    '“{title}” ({number}) has been granted but for {count} items: {itemsEn}',
  ],
  refused: [
    'progress',
    '不同意',
    '《{title}》（{number}）不同意共享',
    'Refused',
    '“{title}” ({number}) has been refused',
  ],
  withdrawn: [
    'progress',
    '已撤销',
    '《{title}》（{number}）已由申请人撤销',
    'Withdrawn',
    '“{title}” ({number}) has been withdrawn by the applicant',
  ],
  completed: ['progress', '已办结', '《{title}》（{number}）已办结', 'Completed', '“{title}” ({number}) is completed'],
  undelivered: [
    'progress',
    '未交付即终结',
    '《{title}》（{number}）未交付即终结',
    'Ended undelivered',
    '“{title}” ({number}) has ended before anything was delivered',
  ],
  suspended: ['progress', '已挂起', '《{title}》（{number}）已挂起', 'Suspended', '“{title}” ({number}) is suspended'],
  resumed: ['progress', '已恢复', '《{title}》（{number}）已恢复办理', 'Resumed', '“{title}” ({number}) goes on'],
  terminated: [
    'progress',
    '已终止',
    '《{title}》（{number}）已终止',
    'Terminated',
    '“{title}” ({number}) was terminated',
  ],
  partlyCompleted: [
    'progress',
    '部分办结',
    '《{title}》（{number}）部分同意，已办结',
    'Partly completed',
    '“{title}” ({number}) is completed in part; the rest was refused',
  ],
  reviewDue: [
    'limit',
    '挂起复核',
    '《{title}》（{number}）已到挂起复核日期',
    'Review due',
    'The suspension of “{title}” ({number}) is due for review',
  ],
  renewalOffered: [
    'delivery',
    '授权即将到期',
    '《{title}》（{number}）的授权即将到期，如需继续使用请办理续期',
    'Renewal offered',
    'The grant of “{title}” ({number}) ends soon; file its renewal if the data is still needed',
  ],
  commented: [
    'progress',
    '新意见',
    '《{title}》（{number}）有新的意见',
    'Comment',
    '“{title}” ({number}) has a new comment',
  ],
  delivered: [
    'delivery',
    '已交付',
    '《{title}》（{number}）的数据已交付',
    'Delivered',
    'The data of “{title}” ({number}) has been delivered',
  ],
  deliveryFailed: [
    'delivery',
    '交付失败',
    '《{title}》（{number}）的数据未能交付',
    'Delivery failed',
    'The data of “{title}” ({number}) could not be delivered',
  ],
  grantSuspended: [
    'delivery',
    '授权已暂停',
    '《{title}》（{number}）的授权已暂停',
    'Grant suspended',
    'The grant of “{title}” ({number}) is suspended',
  ],
  grantResumed: [
    'delivery',
    '授权已恢复',
    '《{title}》（{number}）的授权已恢复',
    'Grant resumed',
    'The grant of “{title}” ({number}) is active again',
  ],
  grantTerminated: [
    'delivery',
    '授权已终止',
    '《{title}》（{number}）的授权已终止',
    'Grant terminated',
    'The grant of “{title}” ({number}) was terminated',
  ],
  grantExpired: [
    'delivery',
    '授权已到期',
    '《{title}》（{number}）的授权已到期',
    'Grant expired',
    'The grant of “{title}” ({number}) has come to the end of its period',
  ],
  copied: [
    'copy',
    '抄送',
    '《{title}》（{number}）的决定抄送知悉',
    'Copy',
    'For information: a decision on “{title}” ({number})',
  ],
  ...CATALOGUE_NOTICES,
  ...ALERT_NOTICES,
} as const satisfies Readonly<Record<string, Words>>;
export type NoticeKind = keyof typeof WORDS;
export const NOTICE_KINDS = Object.keys(WORDS) as NoticeKind[];
export type NoticeParams = Readonly<Record<string, string>>;

export function topicOf(kind: NoticeKind): Topic {
  return WORDS[kind][0];
}

/** What a notice says. A kind that this version does not know any more is shown by its name. */
export function wordsOf(kind: string, params: NoticeParams, locale: 'zh' | 'en'): { subject: string; text: string } {
  const words: Words | undefined = Object.hasOwn(WORDS, kind) ? WORDS[kind as NoticeKind] : undefined;
  if (!words) return { subject: kind, text: kind };
  const [subject, text] = locale === 'zh' ? [words[1], words[2]] : [words[3], words[4]];
  return { subject, text: text.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '—') };
}
