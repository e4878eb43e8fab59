import type { DeliveryFailureCode, FailureParams } from './delivery-failure.ts';

type Language = 'zh' | 'en';

/** `{name}` is filled from the failure's params. Each sentence says what happened and who can do what about it. */
const SENTENCES: Readonly<Record<DeliveryFailureCode, Readonly<Record<Language, string>>>> = {
  SourceDown: {
    zh: '提供部门的数据库暂时无法连接，平台会自动重试；如长时间不恢复，请联系提供部门检查数据库。',
    en: 'The provider’s database cannot be reached for now. The platform tries again by itself; if it lasts, ask the provider to check the database.',
  },
  TargetDown: {
    zh: '需求部门的数据库暂时无法连接，平台会自动重试；如长时间不恢复，请检查本部门数据库。',
    en: 'The requester’s database cannot be reached for now. The platform tries again by itself; if it lasts, check that database.',
  },
  SourceBusy: {
    zh: '提供部门的数据库正在进行其他交付（同时最多{atOnce}项），前面还有{before}项，平台会依次自动交付。',
    en: 'Other deliveries read from the provider’s database (at most {atOnce} at once); {before} come before this one. It is made in its turn by itself.',
  },
  SourceInUse: {
    zh: '提供部门的数据表正被独占使用，平台会自动重试。',
    en: 'The provider’s table is locked by other work. The platform tries again by itself.',
  },
  TargetInUse: {
    zh: '接收数据的表正在被使用，平台会自动重试；请结束对该表的长时间查询或其他交付。',
    en: 'The table that receives the data is in use. The platform tries again by itself; please end long queries on it.',
  },
  DiskFull: {
    zh: '数据库磁盘空间不足，数据未写入；请清理或扩容后再次交付，平台也会自动重试。',
    en: 'The database has run out of disk space and nothing was written. Make room and run the delivery again; the platform also tries again by itself.',
  },
  Cancelled: {
    zh: '交付在中途被停止，没有留下不完整的数据，可以重新交付。',
    en: 'The delivery was stopped on the way. No partial data was left; it can be run again.',
  },
  SourceChanged: {
    zh: '提供部门的数据表与目录不一致（涉及：{columns}），未交付；请提供部门恢复数据表或更新目录后再交付。',
    en: 'The provider’s table no longer matches the catalogue ({columns}); nothing was delivered. The provider restores the table or updates the catalogue, then the delivery can be run again.',
  },
  AccessRefused: {
    zh: '数据库拒绝了平台的账号（{detail}），请检查该部门为平台设置的账号和权限。',
    en: 'The database refused the platform’s account ({detail}). Please check the account and its rights.',
  },
  TooLong: {
    zh: '有数据超出接收表的字段长度，未交付（{detail}）；请提供部门核对数据项长度。',
    en: 'Some data is longer than the receiving column ({detail}); nothing was delivered. The provider should check the lengths of the data items.',
  },
  TypeMismatch: {
    zh: '有数据与字段类型不符，未交付（{detail}）；请提供部门核对数据项类型。',
    en: 'Some data does not fit the type of its column ({detail}); nothing was delivered. The provider should check the types of the data items.',
  },
  TargetDependedOn: {
    zh: '接收表被本部门的其他对象引用（{detail}），无法替换；请先删除这些引用再交付。',
    en: 'Other objects in the requester’s database depend on the receiving table ({detail}), so it cannot be replaced. Remove them, then run the delivery again.',
  },
  FilePlaceDown: {
    zh: '文件暂时无法写入存放位置（{detail}），平台会自动重试；如反复出现，请联系平台管理员。',
    en: 'The file cannot be written to its place for now ({detail}). The platform tries again by itself; if it recurs, ask the platform’s administrators.',
  },
  FilePlaceFull: {
    zh: '文件存放位置空间不足（{detail}），未留下不完整的文件；请平台管理员清理或扩容，平台会自动重试。',
    en: 'The place of the file has run out of room ({detail}); no partial file was left. The platform’s administrators make room, and it tries again by itself.',
  },
  FilePlaceOff: {
    zh: '平台未启用该授权所定的文件投递方式（{detail}），未移动任何数据；请平台管理员启用后再交付。',
    en: 'The platform is not set up for where the file should go ({detail}); no data was moved. Once its administrators have set it up, run the delivery again.',
  },
  FileFormatUnfit: {
    zh: '有数据放不进所选的文件格式（{detail}），未交付；请改用其他格式重新申请，或请提供部门核对数据。',
    en: 'Some data does not fit the file format that was chosen ({detail}); nothing was delivered. Ask for another format in a new request, or have the provider check the data.',
  },
  ServiceMissing: {
    zh: '提供部门尚未为目录“{entry}”注册服务接口，注册后平台自动继续；如长时间没有注册，请联系提供部门。',
    en: 'The provider has not registered a service for “{entry}” yet. It goes on by itself once it has; if it lasts, ask the provider.',
  },
  KeyNotIssued: {
    zh: '服务接口“{service}”已就绪，等待需求部门领取调用密钥，领取后即视为交付。',
    en: 'The service “{service}” is ready. It counts as delivered once the requester has a key issued to call it with.',
  },
  SharingRefused: {
    zh: '授权不再允许这次交付（{why}），未移动任何数据；如仍需要，请重新申请。',
    en: 'The grant does not allow this delivery any more ({why}); no data was moved. If it is still needed, file a new request.',
  },
  Unknown: {
    zh: '交付因意外错误失败（{detail}），平台会自动重试；如反复出现，请联系平台管理员。',
    en: 'The delivery failed for an unexpected reason ({detail}). The platform tries again by itself; if it recurs, ask the platform’s administrators.',
  },
};

/** A failure as a sentence for the people of the case. */
export function failureSentence(code: DeliveryFailureCode, params: FailureParams, lang: Language): string {
  return SENTENCES[code][lang].replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? '—'));
}
