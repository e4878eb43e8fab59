import type { LinkKind, LinkState } from '../domain/links.ts';
import type { Locale } from './problem.ts';

type Words = Readonly<Record<Locale, string>>;

export const KIND_WORDS: Readonly<Record<LinkKind, Words>> = {
  grant: { zh: '授权', en: 'Grant' },
  platform: { zh: '平台', en: 'Platform' },
  source: { zh: '数据源', en: 'Source' },
  webhook: { zh: '事件推送', en: 'Webhook' },
};

export const STATE_WORDS: Readonly<Record<LinkState, Words>> = {
  ok: { zh: '正常', en: 'OK' },
  late: { zh: '延迟', en: 'Late' },
  failing: { zh: '失败', en: 'Failing' },
  suspended: { zh: '暂停', en: 'Suspended' },
  waiting: { zh: '等待', en: 'Waiting' },
};

export const PAGE_WORDS = {
  title: { zh: '链路健康', en: 'Health of links' },
  all: { zh: '全部', en: 'All' },
  states: { zh: '状态', en: 'State' },
  kind: { zh: '类型', en: 'Kind' },
  link: { zh: '链路', en: 'Link' },
  from: { zh: '提供部门 / 数据源', en: 'Provider / source' },
  to: { zh: '需求部门 / 目标', en: 'Requester / target' },
  success: { zh: '最近成功', en: 'Last success' },
  failure: { zh: '最近失败', en: 'Last failure' },
  next: { zh: '下次运行', en: 'Next run' },
  lag: { zh: '滞后', en: 'Lag' },
  bySchedule: { zh: '较计划', en: 'behind the schedule' },
  bySource: { zh: '较数源更新', en: 'behind the source' },
  runs: { zh: '最近运行', en: 'Last runs' },
  rows: { zh: '行数', en: 'Rows' },
  bytes: { zh: '字节', en: 'Bytes' },
  errors: { zh: '失败率', en: 'Errors' },
  none: { zh: '没有符合条件的链路', en: 'No link fits' },
  more: { zh: '下一页', en: 'Next page' },
  back: { zh: '返回列表', en: 'Back to the list' },
  asOf: { zh: '截至', en: 'As of' },
  now: { zh: '当前原因', en: 'In the way now' },
  schedule: { zh: '交付时间', en: 'Schedule' },
  dataUpTo: { zh: '数据截至', en: 'Data up to' },
  messages: { zh: '待发 / 死信', en: 'Waiting / given up' },
  drifts: { zh: '未处理的挂接变化', en: 'Open drifts' },
  began: { zh: '开始', en: 'Began' },
  ended: { zh: '结束', en: 'Ended' },
  outcome: { zh: '结果', en: 'Outcome' },
  delivered: { zh: '已交付', en: 'Delivered' },
  failed: { zh: '失败', en: 'Failed' },
  increment: { zh: '增量', en: 'increment' },
  whole: { zh: '全量', en: 'whole set' },
  onCall: { zh: '按需', en: 'on call' },
} as const satisfies Readonly<Record<string, Words>>;
export type PageWord = keyof typeof PAGE_WORDS;
