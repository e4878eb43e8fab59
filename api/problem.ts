import type { Fault } from '../domain/language.ts';
import type { RefusalCode } from '../domain/machine.ts';

/** Ways in which the API itself refuses, beside the refusals of the rules. */
export const API_CODES = [
  'AbsenceOver',
  'AccountLocked',
  'AccountStanding',
  'AlertAcknowledged',
  'AlertOver',
  'AnswerTooLarge',
  'BodyTooLarge',
  'CaseBusy',
  'CommandPending',
  'CsrfTokenWrong',
  'DecisionUnfit',
  'DifferenceGone',
  'DifferenceSettled',
  'DifferencesOpen',
  'DraftFiled',
  'DraftOpen',
  'DraftPublished',
  'EntryWithdrawn',
  'FileNotHere',
  'IdempotencyKeyMalformed',
  'IdempotencyKeyMissing',
  'IdempotencyKeyReused',
  'GrantNotOver',
  'InternalError',
  'Invalid',
  'KeyRefused',
  'LinkSpent',
  'LoginRefused',
  'Malformed',
  'MethodNotAllowed',
  'NeedSettled',
  'NotAllowed',
  'NotAuthenticated',
  'NotCalled',
  'NotDelivered',
  'NotFound',
  'NotYoursToConcede',
  'PasswordToChange',
  'PreconditionFailed',
  'PreconditionRequired',
  'RateExceeded',
  'ReconciliationRuns',
  'ServiceNotGranted',
  'ServiceResting',
  'SharingRefused',
  'SourceFailed',
  'SourceTimedOut',
  'TooManyCounts',
  'TooManyDrafts',
  'Unavailable',
  'UnsupportedMediaType',
] as const;
export type ApiCode = (typeof API_CODES)[number];
export type ProblemCode = RefusalCode | ApiCode;
export type Locale = 'zh' | 'en';

type Row = readonly [status: number, zh: string, en: string];

/** The one table of what a refusal looks like over HTTP. A code without a row does not compile. */
const TABLE: Readonly<Record<ProblemCode, Row>> = {
  ActedOnSince: [409, '后续环节已经办理，不能撤回', 'Somebody has acted on the answer since'],
  AdviceOnly: [
    403,
    '该任务是委派给你的，请提出意见，由委派人决定',
    'The task was delegated to you: give your opinion, the decision is not yours',
  ],
  AlreadyDecided: [409, '该任务已有人办结', 'The task has been decided already'],
  AlreadyFiled: [409, '该申请已经提交', 'The case has been filed already'],
  AlreadyGranted: [409, '该申请已经同意', 'The case has been agreed to already'],
  AlreadySigned: [403, '你已在其他环节签署，不能重复签署', 'You have signed another stage of this case'],
  AwaitingSupplement: [409, '正在等待申请人补正材料', 'The case waits for the applicant to complete the materials'],
  CaseEnded: [409, '该申请已经办结', 'The case has ended'],
  CommentMissing: [422, '须填写评论内容', 'A comment says something'],
  DeliveryRunning: [409, '已有一次交付正在进行', 'A delivery is already under way'],
  ExtensionAsked: [409, '该期限已申请过延期', 'An extension of this limit has been asked for already'],
  FactsMissing: [
    409,
    '该申请缺少新流程判断所需的信息，不能迁移',
    'The case lacks what the conditions of the new route ask for',
  ],
  FormChanged: [409, '申请内容已变更，请重新查看后再办理', 'The application has changed since you saw it'],
  GrantNotActive: [409, '授权当前不在有效状态', 'The grant is not active'],
  GrantOver: [409, '授权已经结束', 'The grant is over'],
  HasASeat: [422, '该人员在本环节已有席位', 'This person has a seat of the stage already'],
  InTheChain: [422, '不能转给本人或已经手的人员', 'The task would come back to somebody who has handed it on'],
  IncompleteIsNoGround: [422, '材料不齐不能作为拒绝理由，应要求补正', 'Incomplete materials are no ground for refusal'],
  LimitPassed: [409, '期限已过，不能再申请延期', 'The limit has passed already'],
  MigrationDecides: [409, '迁移会直接产生审批结果，已拒绝', 'The move itself would decide or end the case'],
  NoExtensionAsked: [409, '没有待答复的延期申请', 'No extension has been asked for'],
  NoSuchClock: [422, '没有这样的计时', 'No such clock is running'],
  NoSuchReturn: [422, '不能退回到该环节', 'The case cannot be returned there'],
  NobodyNamed: [422, '须指定抄送对象', 'Somebody must be named'],
  NobodyToUrge: [409, '当前没有可催办的环节', 'Nobody holds the case'],
  NotAParty: [403, '你不是该事项的当事方', 'You are not a party to this case'],
  NotAdded: [409, '只能减去加签的席位', 'Only a seat that was added can be removed'],
  NotAnotherVersion: [422, '须为同一流程的另一版本', 'It must be another version of the same route'],
  NotAsked: [422, '补正通知未要求修改该内容', 'The notice did not ask for this part'],
  NotAwaitingSupplement: [409, '该申请当前无需补正', 'No supplement has been asked for'],
  NotDelegated: [409, '该任务未被委派', 'The task has not been delegated'],
  NotExtendable: [409, '该期限不能延长', 'This limit cannot be extended'],
  NotFiled: [409, '该申请尚未提交', 'The case has not been filed'],
  NotInTheDepartment: [422, '只能转给本部门人员', 'Only somebody of the same department can take it'],
  NotInTheRole: [422, '接办人没有该环节所需的角色', 'Whoever takes it over must hold the role of the stage'],
  NotRefused: [409, '该事项未被拒绝，不能再次提交', 'The case has not been refused'],
  NotReturned: [409, '该申请未被退回', 'The case has not been returned'],
  NotSuspended: [409, '当前未挂起或暂停', 'It is not suspended'],
  NotTheApplicant: [403, '只有申请人可以这样操作', 'Only the applicant may do this'],
  NotTheAuthority: [403, '只有主管部门可以这样操作', 'Only the authority may do this'],
  NotTheirStandIn: [403, '你不是其当前的代理人', 'You do not stand in for this person now'],
  NotYetYourTurn: [409, '尚未轮到你办理', 'It is not your turn yet'],
  NotYourGrant: [403, '不能操作该授权', 'You may not act on this grant'],
  NotYourTask: [403, '该任务不归你办理', 'The task is not yours'],
  NothingListed: [422, '补正通知须列明全部缺少的材料', 'A notice must list what is missing'],
  NothingSupplemented: [422, '补正内容为空', 'Nothing has been supplemented'],
  NothingToTakeBack: [409, '没有可撤回的意见', 'There is no answer to take back'],
  NoticeGiven: [
    409,
    '补正通知只能发出一次',
    'The one notice of missing materials cannot be given here or has been given',
  ],
  OpinionMissing: [422, '须填写意见', 'An opinion must be given'],
  PartUnknown: [422, '申请中没有这样的内容', 'The form has no such part'],
  OwnRequest: [403, '不得审批本人参与的申请', 'Nobody decides on an own request'],
  ReasonMissing: [422, '须说明理由', 'A reason must be given'],
  ReviewNotLater: [422, '复核日期须晚于今天', 'The review must be on a later day'],
  RouteUnsound: [422, '流程有误', 'The route is unsound'],
  Suspended: [409, '该事项已挂起', 'The case is suspended'],
  SystemOnly: [403, '该操作只能由系统执行', 'Only the system does this'],
  TaskLapsed: [409, '该任务已失效', 'The task has lapsed'],
  TaskParked: [
    409,
    '该任务已暂停，等待前序环节重新签署',
    'The task is parked until an earlier stage has been signed again',
  ],
  TaskUnknown: [404, '没有这样的任务', 'No such task'],
  TooManyDays: [422, '延期天数超出上限', 'More days than the limit allows'],
  UrgedToday: [409, '今天已经催办过', 'A reminder has been sent today'],
  WhichSupplement: [422, '须指明答复哪个环节的补正通知', 'Several notices are open: name the stage'],
  AbsenceOver: [409, '该代理已经结束', 'The absence is over'],
  AlertAcknowledged: [409, '该告警已有人处理', 'Somebody has taken up the alert already'],
  AlertOver: [409, '该告警已经恢复', 'The alert is over'],
  AccountStanding: [409, '该账号当前不需要这样操作', 'The account does not stand so that this could be done to it'],
  PasswordToChange: [403, '请先设置自己的密码', 'Choose a password of your own first'],
  AccountLocked: [429, '登录失败次数过多，请稍后再试', 'Too many failed logins: try again later'],
  AnswerTooLarge: [502, '应答超出该服务的大小上限', 'The answer is larger than the service allows'],
  BodyTooLarge: [413, '请求内容过大', 'The body is too large'],
  CaseBusy: [503, '该事项正在处理的请求过多，请稍后重试', 'Too many requests for this case are under way: try again'],
  CommandPending: [409, '上一项操作的结果尚未确定', 'The outcome of an earlier command is not yet known'],
  CsrfTokenWrong: [403, '缺少或错误的 X-CSRF-Token', 'X-CSRF-Token is missing or wrong'],
  DecisionUnfit: [
    422,
    '键重复的差异不能认定哪一方正确',
    'Where a key is there more than once no side can be said to be right',
  ],
  DifferenceGone: [409, '最近一次对账已没有该差异', 'The last run has not found this difference any more'],
  DifferenceSettled: [409, '该差异已由另一方处理', 'The other provider has settled the difference'],
  DifferencesOpen: [409, '仍有差异未处理，不能办结', 'There are differences that nobody has settled yet'],
  DraftFiled: [
    409,
    '该草稿已提交发布，办结前不能改动',
    'The draft has been filed: nothing of it changes until its case has ended',
  ],
  DraftOpen: [409, '该目录已有草稿，请在其上修改', 'There is a draft of the entry already: go on with that one'],
  DraftPublished: [409, '该草稿已经发布，不能再改', 'The draft has been published and cannot be changed any more'],
  EntryWithdrawn: [409, '该目录已撤销', 'The entry has been withdrawn'],
  FileNotHere: [409, '平台上没有该文件', 'The platform does not keep this file'],
  IdempotencyKeyMalformed: [400, 'Idempotency-Key 格式不正确', 'Idempotency-Key is malformed'],
  IdempotencyKeyMissing: [400, '缺少 Idempotency-Key 请求头', 'The Idempotency-Key header is missing'],
  IdempotencyKeyReused: [422, '该 Idempotency-Key 已用于另一请求', 'This Idempotency-Key was used for another request'],
  GrantNotOver: [409, '授权尚未结束', 'The grant is not over yet'],
  InternalError: [500, '系统内部错误', 'Internal error'],
  Invalid: [422, '提交的内容有误', 'What was sent is not valid'],
  KeyRefused: [401, '缺少调用密钥，或密钥无效', 'The key is missing, unknown, expired or revoked'],
  LinkSpent: [410, '该下载链接已用过或已过期', 'The link has been used or has expired'],
  LoginRefused: [401, '账号或密码不正确', 'Account or password is wrong'],
  Malformed: [400, '请求格式不正确', 'The request is malformed'],
  MethodNotAllowed: [405, '不支持该请求方法', 'The method is not allowed here'],
  NeedSettled: [409, '该需求的状态不允许此操作', 'The need is not in a status that allows this'],
  NotAllowed: [403, '没有此项权限', 'You are not allowed to do this'],
  NotAuthenticated: [401, '请先登录', 'Log in first'],
  NotCalled: [409, '该授权不是服务接口方式', 'The grant is not one that is called'],
  NotDelivered: [409, '这次交付没有清单', 'The delivery has no manifest'],
  NotFound: [404, '没有找到', 'Not found'],
  NotYoursToConcede: [
    403,
    '只能由承认对方正确的提供部门作出该认定',
    'Only the provider that gives way can say that the other side is right',
  ],
  PreconditionFailed: [412, '内容已变更，请刷新后再试', 'It has changed since: If-Match does not hold'],
  Unavailable: [503, '服务暂不可用，请稍后重试', 'Temporarily unavailable: try again'],
  PreconditionRequired: [428, '缺少 If-Match 请求头', 'The If-Match header is missing'],
  RateExceeded: [429, '超出授权的调用频率或当日次数', 'More calls than the grant allows in this span'],
  ReconciliationRuns: [409, '对账正在等待或进行', 'The reconciliation waits to be run, or runs'],
  ServiceNotGranted: [403, '该授权不包含此服务', 'The grant is not for this service'],
  ServiceResting: [503, '数据源连续出错，暂停调用', 'The source has failed repeatedly and is left alone'],
  SharingRefused: [403, '授权当前不允许此次调用', 'The grant does not allow this call now'],
  SourceFailed: [502, '提供部门的数据源出错', 'The source of the data failed'],
  SourceTimedOut: [504, '提供部门的数据源未在时限内应答', 'The source of the data did not answer in time'],
  TooManyCounts: [429, '预计条数问得太频繁，请稍后再试', 'Rows are being counted too often: try again later'],
  TooManyDrafts: [409, '草稿太多，请先删除不再需要的', 'Too many drafts: delete some that are not needed any more'],
  UnsupportedMediaType: [415, '不支持该内容类型', 'The media type is not supported'],
};

export const PROBLEM_CODES = Object.keys(TABLE) as ProblemCode[];

export interface ProblemOptions {
  readonly faults?: readonly Fault[];
  /** Seconds after which it makes sense to try again. */
  readonly retryAfter?: number;
  /** What else the answer says in its head. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** What a handler throws to refuse. The errors middleware turns it into problem+json (RFC 9457). */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly faults: readonly Fault[];
  readonly retryAfter: number | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ProblemCode, options: ProblemOptions = {}) {
    super(code, { cause: options.cause });
    this.code = code;
    this.faults = options.faults ?? [];
    this.retryAfter = options.retryAfter;
    this.headers = options.headers ?? {};
  }

  get status(): number {
    return statusOf(this.code);
  }
}

export function statusOf(code: ProblemCode): number {
  return TABLE[code][0];
}

export function titleOf(code: ProblemCode, locale: Locale): string {
  return TABLE[code][locale === 'zh' ? 1 : 2];
}

/** The stable address of a kind of problem: `/problems/already-decided`. */
export function typeOf(code: ProblemCode): string {
  return `/problems/${code.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase()}`;
}

export function isProblemCode(text: string): text is ProblemCode {
  return Object.hasOwn(TABLE, text);
}
