/** What a column of a catalogue's spreadsheet says. Those that begin with `item` belong to a data item, the others to the entry. */
export const FIELDS = [
  'name',
  'nameEn',
  'summary',
  'provider',
  'classification',
  'format',
  'itemName',
  'itemId',
  'itemType',
  'itemLength',
  'itemKey',
  'shareType',
  'conditions',
  'purposes',
  'departments',
  'shareModes',
  'withheldBasis',
  'openness',
  'opennessConditions',
  'updateCycle',
  'provenance',
] as const;
export type Field = (typeof FIELDS)[number];

/** The heading in the template first, then what it is called elsewhere. */
const NAMES: Readonly<Record<Field, readonly [string, ...string[]]>> = {
  name: [
    '信息资源名称',
    '资源名称',
    '目录名称',
    '数据资源名称',
    '政务信息资源名称',
    '数据目录名称',
    '信息资源目录名称',
  ],
  nameEn: ['英文名称', '信息资源英文名称'],
  summary: ['摘要', '信息资源摘要', '资源摘要', '资源描述', '描述', '简介', '信息资源描述'],
  provider: [
    '提供方',
    '信息资源提供方',
    '提供部门',
    '提供单位',
    '数源部门',
    '数源单位',
    '责任部门',
    '来源部门',
    '提供方名称',
  ],
  classification: ['分类', '信息资源分类', '所属分类', '主题分类', '基础分类', '所属主题', '资源分类', '所属领域'],
  format: ['格式', '信息资源格式', '资源格式', '信息资源格式分类', '数据格式'],
  itemName: ['信息项名称', '信息项', '数据项名称', '数据项', '字段中文名', '字段名称', '中文字段名', '信息项中文名称'],
  itemId: ['字段名', '信息项英文名', '信息项英文名称', '字段英文名', '英文字段名', '数据项英文名', '字段代码'],
  itemType: ['数据类型', '信息项类型', '字段类型', '数据项类型', '类型'],
  itemLength: ['长度', '数据长度', '字段长度', '信息项长度'],
  itemKey: ['是否主键', '主键', '是否为主键'],
  shareType: ['共享类型', '共享属性', '信息资源共享类型'],
  conditions: ['共享条件', '共享范围', '有条件共享条件', '使用要求'],
  purposes: ['共享用途', '用途', '使用用途'],
  departments: ['可申请部门', '共享部门', '共享对象', '使用部门'],
  shareModes: ['共享方式', '共享方式分类', '提供方式'],
  withheldBasis: ['不予共享依据', '不予共享的依据', '不共享依据', '法律依据'],
  openness: ['开放类型', '开放属性', '是否向社会开放', '是否开放'],
  opennessConditions: ['开放条件', '社会开放条件'],
  updateCycle: ['更新周期', '更新频率', '数据更新周期', '信息资源更新周期', '更新频次'],
  provenance: ['数据来源', '来源', '来源系统', '所属系统', '来源系统名称'],
};

const BY_NAME = new Map(FIELDS.flatMap((field) => NAMES[field].map((name) => [name, field] as const)));

export const TEMPLATE_HEADINGS: readonly string[] = FIELDS.map((field) => NAMES[field][0]);

export function headingOf(field: Field): string {
  return NAMES[field][0];
}

/** Marks of what must be filled in, remarks in brackets, spaces and line breaks are no part of a heading. */
function fieldNamed(heading: string): Field | undefined {
  const bare = heading
    .normalize('NFKC')
    .replaceAll(/[\s*★:]/g, '')
    .replaceAll(/[(【[].*?[)】\]]/g, '');
  return BY_NAME.get(bare);
}

/**
 * Where each field stands, if these cells are headings; the first of two for the same field counts. Undefined where they
 * do not name at least the entry, its items and one thing more: a title above the headings, or a row of data.
 */
export function columnsIn(cells: readonly string[]): ReadonlyMap<Field, number> | undefined {
  const columns = new Map<Field, number>();
  for (const [index, cell] of cells.entries()) {
    const field = fieldNamed(cell);
    if (field !== undefined && !columns.has(field)) columns.set(field, index);
  }
  return columns.has('name') && columns.has('itemName') && columns.size >= 3 ? columns : undefined;
}
