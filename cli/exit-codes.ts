/**
 * With what number the command ends, for scripts. One table: docs/command-line.md shows the same, and a test holds the
 * two together. 1 is what Node itself ends with on a fault that nobody foresaw.
 */
export const EXIT = {
  done: 0,
  unexpected: 1,
  usage: 2,
  unreachable: 3,
  notLoggedIn: 4,
  notAllowed: 5,
  notFound: 6,
  refused: 7,
  invalid: 8,
  pending: 9,
  disagrees: 10,
  interrupted: 130,
} as const;
export type ExitName = keyof typeof EXIT;

/** What each number means, in Chinese and in English. */
export const EXIT_MEANINGS: Readonly<Record<ExitName, readonly [zh: string, en: string]>> = {
  done: ['完成', 'done'],
  unexpected: ['未预料的错误', 'a fault that nobody foresaw'],
  usage: ['命令、选项或参数写法有误', 'the command, an option or an argument is wrong'],
  unreachable: ['找不到平台，或平台暂不可用', 'no platform was found, or it is unavailable'],
  notLoggedIn: ['未登录、密码不正确或账号被锁定', 'not logged in, wrong password, or the account is locked'],
  notAllowed: ['没有权限', 'not allowed'],
  notFound: ['没有找到，或无权查看', 'not found, or not yours to know of'],
  refused: ['当前状态不允许该操作', 'refused as things stand'],
  invalid: ['提交的内容有误', 'what was sent is not valid'],
  pending: ['已受理，结果尚未确定', 'accepted, outcome not yet known'],
  disagrees: [
    '核对不一致：回放、重建或交付的内容不符',
    'a check disagrees: the replay, the rebuild, or what was delivered',
  ],
  interrupted: ['被中断', 'interrupted'],
};

/** The exit for a status of the API. */
export function exitOf(status: number): ExitName {
  switch (status) {
    case 400:
    case 405:
    case 413:
    case 415:
    case 422:
    case 428:
      return 'invalid';
    case 401:
    case 429:
      return 'notLoggedIn';
    case 403:
      return 'notAllowed';
    case 404:
      return 'notFound';
    case 409:
    case 412:
      return 'refused';
    case 502:
    case 503:
    case 504:
      return 'unreachable';
    default:
      return 'unexpected';
  }
}
