import type { Locale, ProblemCode } from './problem.ts';

/** What to do next, for what callers meet most often and the title leaves open. `{name}` stands for a parameter. */
const ADVICE: Readonly<Partial<Record<ProblemCode, readonly [zh: string, en: string]>>> = {
  BodyTooLarge: ['请缩减到 {limit} 以内再提交', 'Send no more than {limit}'],
  CommandPending: [
    '请按上一项操作返回的地址查询结果，再重试',
    'Ask for the earlier command at its address, then try again',
  ],
  IdempotencyKeyReused: ['新的请求请换一个新的 Idempotency-Key', 'Send another request under a fresh key'],
  InternalError: [
    '请用同一 Idempotency-Key 重试；仍不成功，把 requestId 告诉平台管理员',
    'Try again under the same Idempotency-Key; if it lasts, tell the administrators the requestId',
  ],
  Invalid: ['请按 errors 逐项改正后重新提交', 'Mend everything that errors lists, then send it again'],
  Malformed: [
    '请检查请求体是否为 UTF-8 编码的 JSON、地址是否完整',
    'See that the body is JSON in UTF-8 and that the address is whole',
  ],
  MethodNotAllowed: ['请改用响应头 Allow 列出的方法', 'Use one of the methods that the header Allow lists'],
  NotAllowed: [
    '请换用有相应角色的账号，或请管理员授予角色',
    'Use an account with the right role, or have the role given to yours',
  ],
  NotAuthenticated: ['会话可能已经结束，请重新登录', 'The session may be over: log in again'],
  NotFound: [
    '请核对编号和地址；也可能是你无权查看的内容',
    'Look at the id and the address again; it may also be something that is not for you to see',
  ],
  PreconditionRequired: [
    '请先读取最新内容，把其 ETag 作为 If-Match 发送',
    'Read it first, and send its ETag as If-Match',
  ],
  Unavailable: [
    '请在 Retry-After 秒后用同一 Idempotency-Key 重试，不会重复办理',
    'Try again after Retry-After seconds under the same Idempotency-Key: nothing is done twice',
  ],
  UnsupportedMediaType: [
    '请以 application/json 发送；文件以 application/octet-stream 发送',
    'Send application/json, or application/octet-stream for a file',
  ],
};

/** Undefined where the title says all that there is to say. */
export function adviceOn(
  code: ProblemCode,
  params: Readonly<Record<string, string>>,
  locale: Locale,
): string | undefined {
  const text = ADVICE[code]?.[locale === 'zh' ? 0 : 1];
  return text?.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '');
}
