/** What is said of a catalogue that is compiled from databases and files: refusals, what was passed over, and evidence. */
export const CATALOGUE_WORDS = {
  UnknownSource: ['本部门没有这个数据源', 'Your department has no such data source'],
  SourceUnreachable: ['数据源当前无法连接', 'The data source cannot be reached now'],
  SourceRefused: ['数据源拒绝平台登录或读取', 'The data source does not let the platform in'],
  AlreadyMounted: ['该表已挂接到目录 {entryId}', 'The entry {entryId} is mounted on this table already'],
  NoSuchTable: ['没有这张表或视图，或无权读取', 'No such table or view, or it may not be read'],
  NoColumns: ['该表没有字段', 'The table has no columns'],
  OutOfTime: ['本次梳理时间已用完，再次提交即可继续', 'There was no time left for it: compile again to go on'],
  IdCards: [
    '{of}个值中有{matching}个是校验码正确的公民身份号码',
    '{matching} of {of} values are identity numbers with the right check digit',
  ],
  CreditCodes: [
    '{of}个值中有{matching}个是校验码正确的统一社会信用代码',
    '{matching} of {of} values are unified social credit codes with the right check digit',
  ],
  BankCards: [
    '{of}个值中有{matching}个是校验正确的银行卡号',
    '{matching} of {of} values are numbers of bank cards with the right check digit',
  ],
  MobilePhones: ['{of}个值中有{matching}个是手机号码', '{matching} of {of} values are mobile numbers'],
  Landlines: ['{of}个值中有{matching}个是固定电话号码', '{matching} of {of} values are landline numbers'],
  Emails: ['{of}个值中有{matching}个是电子邮箱', '{matching} of {of} values are e-mail addresses'],
  Plates: ['{of}个值中有{matching}个是机动车号牌', '{matching} of {of} values are vehicle plates'],
  Addresses: ['{of}个值中有{matching}个是地址', '{matching} of {of} values are addresses'],
  PersonNames: ['{of}个值中有{matching}个像是人名', '{matching} of {of} values look like names of persons'],
  Coordinates: [
    '{of}个值中有{matching}个是我国境内的经度或纬度',
    '{matching} of {of} values are longitudes or latitudes within China',
  ],
} satisfies Readonly<Record<string, readonly [zh: string, en: string]>>;
