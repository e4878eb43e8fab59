import type { QueryFaultCode } from '../../domain/service-query.ts';
import type { ServiceFaultCode } from '../../domain/service.ts';
import type { SharingAnswer } from '../../domain/sharing.ts';

type Words = readonly [zh: string, en: string];
type Own = Exclude<
  ServiceFaultCode | QueryFaultCode | SharingAnswer,
  | 'UnknownEntry'
  | 'NotMounted'
  | 'ModeNotOffered'
  | 'UnknownItem'
  | 'DuplicateItem'
  | 'OperatorUnfit'
  | 'WrongType'
  | 'Malformed'
>;

/** What is wrong with a service, with a call of it, or with the grant that it is called under. */
export const GATEWAY_WORDS = {
  ServiceMountUnfit: [
    '该目录挂接的数据源不能以服务接口调用',
    'What the entry is mounted on cannot be called as a service',
  ],
  FiltersForTableOnly: [
    '目录挂接的是服务，不能设置筛选项，请填写参数',
    'Filters are over tables: name parameters instead',
  ],
  ParametersForServiceOnly: [
    '目录挂接的是库表，不能设置参数，请填写筛选项',
    'Parameters are of HTTP services: name filters instead',
  ],
  ServiceIdTaken: ['该服务编号已被使用', 'The id of the service is taken'],
  FilterNotOffered: ['不能按“{item}”作此种筛选', 'The service has no such filter over “{item}” for this grant'],
  FilterMasked: ['“{item}”已脱敏，不能用于筛选', '“{item}” leaves masked: nothing can be filtered by it'],
  ParameterNotOffered: ['该服务没有这个参数', 'The service has no such parameter'],
  Repeated: ['该参数只能出现一次', 'This is given once only'],
  TooManyDaysAsked: ['一次最多查询{most}天', 'At most {most} days can be asked for at once'],
  Allowed: ['允许', 'Allowed'],
  Denied: ['有规则明确禁止', 'A line denies it'],
  NoLine: ['授权已暂停、终止或到期', 'The grant is suspended or over'],
  OtherVersion: ['授权对应目录的另一版本', 'The grant is for another version of the entry'],
  ItemsOutside: ['超出授权的信息项', 'Items outside the grant'],
  MasksDiffer: ['脱敏方式与授权不符', 'Other masks than granted'],
  ScopeDiffers: ['数据行范围与授权不符', 'Other rows than granted'],
  ModeDiffers: ['共享方式与授权不符', 'Another mode than granted'],
  PurposeDiffers: ['用途与授权不符', 'Another purpose than granted'],
  RateDiffers: ['调用频率与授权不符', 'Another rate than granted'],
  OtherGrant: ['属于另一授权', 'It belongs to another grant'],
  NotYetValid: ['授权期限尚未开始', 'The period of the grant has not begun'],
  Expired: ['授权期限已过', 'The period of the grant is over'],
} as const satisfies Readonly<Record<Own, Words>> & Readonly<Record<string, Words>>;
