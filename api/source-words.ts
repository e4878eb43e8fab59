import type { SourceReason } from '../domain/data-source.ts';

type Words = readonly [zh: string, en: string];

/** Why a source cannot be read, and what to do about it. Nothing of an address or a password is in it. */
export const REASON_WORDS = {
  HostUnknown: ['找不到数据源的主机，请核对主机名', 'The host of the source is not known: check its name'],
  NotListening: [
    '数据源的主机拒绝连接，请核对端口，并确认服务已启动',
    'Nothing listens there: check the port, and that the service runs',
  ],
  TimedOut: [
    '数据源在规定时间内没有应答，请检查网络与防火墙后重试',
    'The source did not answer in time: check network and firewall, then try again',
  ],
  CertificateRefused: [
    '数据源的加密证书不受信任或不支持加密，请核对',
    'The source’s certificate is not trusted, or it speaks no TLS: check it',
  ],
  AddressNotReachable: [
    '平台不允许连接该地址；如确需连接，请联系平台管理员设置 SANTONG_SOURCE_NETWORKS',
    'The platform may not connect to this address: ask its administrators to name the network in SANTONG_SOURCE_NETWORKS',
  ],
  LoginRefused: [
    '数据源拒绝登录，请核对账号、密码或令牌',
    'The source refuses the login: check account, password or token',
  ],
  DatabaseUnknown: ['没有这个数据库，请核对库名', 'There is no such database: check its name'],
  NoPermission: [
    '平台的账号没有读取权限，请授权后重试',
    'The platform’s account may not read there: grant it the right, then try again',
  ],
  SourceBusy: ['数据源繁忙或正在启动，请稍后重试', 'The source is busy or starting: try again later'],
  FoldersOff: [
    '平台未启用文件夹数据源（设置 SANTONG_SOURCE_FOLDERS）',
    'The platform has no folders to be mounted (setting SANTONG_SOURCE_FOLDERS)',
  ],
  FolderUnknown: ['本部门的目录下没有这个文件夹', 'The department has no such folder'],
  PathOutside: ['路径超出了数据源的范围', 'The path leads out of the source'],
  FileUnreadable: [
    '文件无法读取：须为有表头的 CSV、XLSX，或每行一个对象的 JSON Lines',
    'The file cannot be read: CSV or XLSX with headings, or JSON Lines with an object in each line',
  ],
  AnswerUnreadable: [
    '服务的应答不是 JSON，或在指定位置没有记录',
    'The answer is not JSON, or has no records where they should be',
  ],
  NoRecords: ['没有任何记录可供核对', 'There is no record to hold the items against'],
  StatusUnexpected: ['服务返回了错误状态', 'The service answers with an error'],
  RedirectRefused: ['服务转向了其他主机，平台不予跟随', 'The service redirects to another host, which is not followed'],
  TooLarge: ['内容过大，无法核对', 'It is too large to be looked at'],
  Unreachable: [
    '数据源当前无法连接，请检查后重试；目录也可先不挂接',
    'The source cannot be reached now: check it and try again; an entry can also be published without a mount',
  ],
} as const satisfies Readonly<Record<SourceReason, Words>>;

/** What is wrong with a source that is to be registered. */
export const SOURCE_WORDS = {
  ...REASON_WORDS,
  SourceKindUnfit: ['只能从数据库梳理目录', 'The catalogue is compiled from databases only'],
  HeaderNotAllowed: ['不能设置这个请求头', 'This header cannot be set'],
} as const satisfies Readonly<Record<string, Words>>;
