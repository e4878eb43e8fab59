import type { ScopeFaultCode } from '../domain/row-scope.ts';
import type { Fault } from '../domain/language.ts';
import type { FormFaultCode } from '../domain/process.ts';
import type { ShareRequestFaultCode } from '../domain/share-request-check.ts';
import type { EntryFaultCode } from '../domain/catalogue-faults.ts';
import { ENTRY_WORDS } from './entry-words.ts';
import { ABSENCE_WORDS, CATALOGUE_WORDS, DIRECTORY_WORDS, ROUTE_WORDS } from './fault-words.ts';
import { GATEWAY_WORDS } from './gateway/words.ts';
import { SOURCE_WORDS } from './source-words.ts';
import { COMPILING_WORDS } from './catalogue-words.ts';
import type { ReconciliationFaultCode } from '../domain/reconciliation/spec.ts';
import { RECONCILIATION_WORDS } from './reconciliation/words.ts';
import type { NoticeFaultCode, NoticeRemarkCode } from '../domain/holiday-notice.ts';
import { NOTICE_MESSAGES } from './holiday-notice-messages.ts';
import { isProblemCode, type Locale, titleOf } from './problem.ts';

/** What is wrong with the shape of an input. */
export type ShapeFaultCode =
  | 'Required'
  | 'UnknownMember'
  | 'WrongType'
  | 'TooShort'
  | 'TooLong'
  | 'Malformed'
  | 'NotOffered'
  | 'ForbiddenCharacter'
  | 'AddressNotPermitted'
  | 'Duplicate';

type Text = readonly [zh: string, en: string];

/** `{name}` stands for a parameter of the fault. */
type Known =
  | ShapeFaultCode
  | ScopeFaultCode
  | ShareRequestFaultCode
  | EntryFaultCode
  | FormFaultCode
  | ReconciliationFaultCode
  | NoticeFaultCode
  | NoticeRemarkCode;

const MESSAGES = {
  ...ROUTE_WORDS,
  ...ABSENCE_WORDS,
  ...DIRECTORY_WORDS,
  ...CATALOGUE_WORDS,
  ...NOTICE_MESSAGES,
  ...ENTRY_WORDS,
  ...COMPILING_WORDS,
  ...RECONCILIATION_WORDS,
  ...SOURCE_WORDS,
  ...GATEWAY_WORDS,
  Required: ['此项必填', 'This is required'],
  UnknownMember: ['不认识的字段', 'Unknown member'],
  WrongType: ['类型不正确', 'Wrong type'],
  TooShort: ['内容过短或过少', 'Too short or too few'],
  TooLong: ['内容过长或过多', 'Too long or too many'],
  Malformed: ['格式不正确', 'Malformed'],
  NotOffered: ['不是可选的值', 'Not one of the values offered'],
  ForbiddenCharacter: ['含有不允许的控制字符', 'Holds control characters, which are not allowed'],
  Duplicate: ['重复', 'Listed twice'],
  NobodysParty: ['所监测的事项没有“{party}”一方', 'Nothing of what is watched has a party “{party}”'],
  AddressNotPermitted: ['该地址不允许作为接收地址', 'Nothing may be sent to this address'],
  NotAScope: ['数据行范围的结构不正确', 'Not a row scope'],
  NotACondition: ['条件的结构不正确', 'Not a condition'],
  TooManyConditions: ['条件不得超过{most}个', 'At most {most} conditions'],
  UnknownItem: ['目录中没有信息项“{item}”', 'The entry has no item “{item}”'],
  UnknownOperator: ['不认识的比较方式“{operator}”', 'Unknown operator “{operator}”'],
  OperatorUnfit: ['信息项“{item}”不能用“{operator}”比较', '“{operator}” does not fit the item “{item}”'],
  ValueMissing: ['缺少比较的值', 'The value is missing'],
  ValueNotExpected: ['此比较方式不带值', 'No value belongs here'],
  ListExpected: ['应为一组值', 'A list is expected'],
  ListEmpty: ['一组值不得为空', 'The list is empty'],
  ListTooLong: ['一组值不得超过{most}个', 'At most {most} values'],
  PairExpected: ['应为起止两个值', 'Two values are expected'],
  RangeReversed: ['起值大于止值', 'The range is reversed'],
  UnknownEntry: ['没有这个目录，或该版本已不是当前版本', 'No such entry, or not its current version'],
  NoItems: ['至少申请一个信息项', 'Ask for one item at least'],
  DuplicateItem: ['信息项“{item}”重复', 'The item “{item}” is listed twice'],
  MaskForOtherItem: ['未申请信息项“{item}”', 'The item “{item}” is not asked for'],
  ReasonMissing: [
    '上次授权没有信息项“{item}”：写明为什么要这一项，或取消勾选',
    'The item “{item}” was not given before: say why you need it, or leave it out',
  ],
  ReasonForOtherItem: ['信息项“{item}”没有申请，不用写理由', 'The item “{item}” is not asked for and needs no reason'],
  MaskTooWeak: ['信息项“{item}”至少须按“{least}”脱敏', 'The item “{item}” is shared under the mask “{least}” at least'],
  Withheld: ['依据{document}{article}，该目录不予共享', 'Withheld by {article} of {document}'],
  ItemWithheld: ['信息项“{item}”不予共享', 'The item “{item}” is withheld'],
  EntrySuspended: ['该目录已暂停：{reason}', 'The entry is suspended: {reason}'],
  EntryWithdrawn: ['该目录已撤销：{reason}', 'The entry has been withdrawn: {reason}'],
  NotMounted: ['该目录尚未挂接数据，暂不能申请', 'The entry is not mounted on any data yet: it cannot be asked for'],
  MountNotDelivered: [
    '该目录挂接的是文件或服务，不能以此种方式交付',
    'The entry is mounted on a file or a service, from which nothing is delivered in this mode',
  ],
  DepartmentNotAllowed: ['该目录未向贵部门开放', 'The entry is not shared with your department'],
  PurposeNotAllowed: [
    '用途不在目录载明的范围内：{allowed}',
    'The purpose is not among those that the entry states: {allowed}',
  ],
  ModeNotOffered: ['该目录不提供此种共享方式', 'The entry is not offered in this mode'],
  RateForOtherMode: [
    '共享方式不是服务接口，不需要调用频率',
    'The mode is not service: nothing is to be said of a rate',
  ],
  RateTooHigh: ['调用频率不得超过{most}', 'No more than {most} calls can be asked for'],
  FileForOtherMode: ['共享方式不是文件下载，不需要文件选项', 'The mode is not file: nothing is to be said of a file'],
  EncodingForCsvOnly: ['只有 CSV 可以选择编码', 'Only CSV has an encoding to be chosen'],
  BomForUtf8Only: ['只有 UTF-8 编码的 CSV 可以带字节序标记', 'Only CSV in UTF-8 has a byte-order mark'],
  DestinationNotOffered: ['平台未启用文件投递方式“{to}”', 'The platform is not set up to put files there ({to})'],
  PeriodPast: ['期限起始日早于今天', 'The period begins before today'],
  PeriodReversed: ['期限止日早于起日', 'The period ends before it begins'],
  PeriodTooLong: [
    '期限不得超过{years}年（平台设置 share-request.longest-years）',
    'The period is longer than {years} years (setting share-request.longest-years)',
  ],
  DateUnknown: ['没有这一天', 'No such date'],
  WarrantyMissing: ['三项承诺须全部作出', 'All three warranties must be given'],
  UnknownAttachment: ['没有这个附件', 'No such attachment'],
  UnknownProcess: ['没有这样的流程', 'No such process'],
  UnknownField: ['表单中没有此项', 'The form has no such field'],
  FieldMissing: ['此项必填', 'This field is required'],
  FieldNotAllowed: ['此事项不需要此项', 'The field does not belong to what is asked for'],
  DayNotYet: ['日期晚于今天', 'The day is after today'],
  FieldMalformed: ['此项的格式不正确', 'The field is malformed'],
  UnknownChoice: ['不是可选的值', 'Not one of the values offered'],
  PersonUnknown: ['没有这个人员', 'No such person'],
  NothingToFollow: [
    '没有可以延续的同一目录的已授权申请',
    'No granted request of yours over the same entry to go on from',
  ],
  DuplicateEntry: ['该目录已在本申请中', 'The request asks for this entry already'],
  MixedShareTypes: [
    '一份申请中的资源须为同一共享类型',
    'The resources of one request are of one share type: file the others apart',
  ],
  CronUnreadable: [
    '不是五段的定时表达式（分 时 日 月 周）',
    'Not a cron expression of five fields (minute, hour, day, month, weekday)',
  ],
  CronNever: ['该定时表达式没有对应的时间', 'The cron expression never comes true'],
  ScheduleTooDense: ['两次交付至少间隔{minutes}分钟', 'Deliveries are at least {minutes} minutes apart'],
  NoUpdateCycle: [
    '目录的更新周期“{cycle}”没有确定时间，请填写定时表达式',
    'The update cycle “{cycle}” of the entry says no time: give a cron expression',
  ],
  ScheduleUnfit: ['服务接口按需调用，不能设置交付时间', 'A service is called when it is needed and has no schedule'],
  OwnData: ['申请的是本部门自己的数据', 'The data is your own department’s'],
} satisfies Readonly<Record<Known, Text>> & Readonly<Record<string, Text>>;

/** What a value of the wrong type should have been, by the names of our own data items and of JSON. */
const KINDS: Readonly<Record<string, Text>> = {
  text: ['文本', 'text'],
  string: ['文本', 'text'],
  number: ['数字', 'a number'],
  integer: ['整数', 'a whole number'],
  int: ['整数', 'a whole number'],
  logical: ['true 或 false', 'true or false'],
  boolean: ['true 或 false', 'true or false'],
  date: ['实际存在的日期，格式为 2026-11-25', 'a date that exists, written 2026-11-25'],
  time: ['实际存在的时刻，格式为 2026-11-25T09:30:00+08:00', 'a time that exists, written 2026-11-25T09:30:00+08:00'],
  object: ['对象 {…}', 'an object {…}'],
  record: ['对象 {…}', 'an object {…}'],
  array: ['列表 […]', 'a list […]'],
};

/** The message of a fault in the caller's language. A code that nobody wrote a sentence for appears as itself. */
export function messageOf(fault: Fault, locale: Locale): string {
  const text = Object.hasOwn(MESSAGES, fault.code)
    ? (MESSAGES[fault.code as keyof typeof MESSAGES] as Text)
    : undefined;
  if (!text) return isProblemCode(fault.code) ? titleOf(fault.code, locale) : fault.code;
  const params: Readonly<Record<string, string | number>> = fault.params ?? {};
  const { line } = params;
  const where = line === undefined ? ['', ''] : [`第${line}行：`, `line ${line}: `];
  const at = locale === 'zh' ? 0 : 1;
  const kind = KINDS[params['kind'] ?? ''];
  const wanted = fault.code === 'WrongType' && kind ? `${locale === 'zh' ? '，应为' : ': expected '}${kind[at]}` : '';
  return `${where[at]}${text[at].replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''))}${wanted}`;
}
