import type { MaskRule } from './catalogue.ts';
import type { Words } from './process.ts';

const FIELDS = {
  code: ['目录代码', 'Code'],
  codes: ['各分类代码', 'Codes'],
  name: ['名称', 'Name'],
  nameEn: ['英文名称', 'English name'],
  summary: ['摘要', 'Summary'],
  provider: ['提供部门', 'Provider'],
  classification: ['分类', 'Classification'],
  'classification/base': ['基础分类', 'Base classification'],
  'classification/theme': ['主题分类', 'Theme classification'],
  'classification/department': ['部门分类', 'Department classification'],
  format: ['格式', 'Format'],
  updateCycle: ['更新周期', 'Update cycle'],
  shareType: ['共享类型', 'Share type'],
  shareModes: ['共享方式', 'Share modes'],
  conditions: ['共享条件', 'Conditions'],
  'conditions/departments': ['可申请部门', 'Departments that may ask'],
  'conditions/scope': ['使用范围', 'Scope'],
  'conditions/purposes': ['用途', 'Purposes'],
  withheldBasis: ['不予共享依据', 'Basis for withholding'],
  'withheldBasis/document': ['依据文件', 'Document'],
  'withheldBasis/level': ['依据层级', 'Level of the document'],
  'withheldBasis/article': ['条款', 'Article'],
  key: ['主键', 'Key'],
  provenance: ['来源', 'Provenance'],
  openness: ['社会开放', 'Openness'],
  opennessConditions: ['开放条件', 'Conditions of openness'],
  related: ['关联目录', 'Related entries'],
  items: ['信息项', 'Data item'],
  'items/name': ['信息项名称', 'Name of the item'],
  'items/nameEn': ['信息项英文名称', 'English name of the item'],
  'items/type': ['数据类型', 'Type'],
  'items/length': ['数据长度', 'Length'],
  'items/grade': ['数据分级', 'Grade'],
  'items/personal': ['个人信息', 'Personal information'],
  'items/mask': ['脱敏规则', 'Mask'],
  'items/shareType': ['信息项共享类型', 'Share type of the item'],
  'items/openness': ['信息项开放属性', 'Openness of the item'],
} as const satisfies Readonly<Record<string, readonly [zh: string, en: string]>>;

/** What the rules of masking are called. */
export const MASK_LABELS: Readonly<Record<MaskRule, readonly [zh: string, en: string]>> = {
  none: ['不脱敏', 'as it is'],
  name: ['姓名', 'name'],
  mobile: ['手机号码', 'mobile number'],
  'id-card': ['身份证号', 'identity card'],
  'bank-card': ['银行卡号', 'bank card'],
  address: ['地址', 'address'],
  email: ['电子邮箱', 'e-mail'],
  plate: ['车牌号', 'number plate'],
  pseudonym: ['假名化', 'pseudonym'],
  whole: ['全部', 'whole'],
};

/** What a member of an entry is called; one that nobody named appears as its path. */
export function labelOf(path: readonly string[]): Words {
  const key = path.join('/');
  if (!Object.hasOwn(FIELDS, key)) return { zh: key, en: key };
  const [zh, en] = FIELDS[key as keyof typeof FIELDS];
  return { zh, en };
}
