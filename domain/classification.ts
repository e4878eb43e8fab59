/** Base classification (基础信息资源): the five of the 2017 guide, in the order of their codes. */
export const BASES = ['人口', '法人', '自然资源和空间地理', '社会信用', '电子证照'] as const;

/** Theme classification (主题信息资源): the 24 that are named for Shenyang, in the order of their codes. */
export const THEMES = [
  '监督治理',
  '城市大脑',
  '疫情防控',
  '营商环境',
  '全民住房保障',
  '全民社会保障',
  '全民健康保障',
  '药品安全监管',
  '安全生产监督',
  '市场价格监管',
  '金融监管',
  '能源安全保障',
  '信用体系建设',
  '生态环境保护',
  '应急维稳保障',
  '行政执法监督',
  '民主法治建设',
  '执政能力建设',
  '食品安全监管',
  '公共资源交易',
  '投资审批',
  '教育科技',
  '交通',
  '旅游',
] as const;

/** Where an entry stands in the three trees of the 2017 guide (发改高技〔2017〕1272号). */
export interface Classification {
  readonly base?: string;
  readonly theme?: string;
  /** The department in whose tree it stands; absent: its provider. */
  readonly department?: string;
}

/** 项 (two digits) and 目 (three) of what has no finer division: the first. */
const FIRST_ITEM = '01';
const FIRST_SUBITEM = '001';

/**
 * The classification codes of an entry by 类 (1 base, 2 theme, 3 department), 项 and 目, the first of them its principal
 * one: base before theme before department. `place` is the department's in the order of departments, from 1.
 */
export function classificationCodes({ base, theme }: Classification, place: number): string[] {
  return [
    ...numbered('1', BASES, base).map((code) => `${code}${FIRST_SUBITEM}`),
    ...numbered('2', THEMES, theme).map((code) => `${code}${FIRST_SUBITEM}`),
    `3${FIRST_ITEM}${String(place).padStart(3, '0')}`,
  ];
}

/** Whether two codes are of one branch: the same base or theme, or the department tree. */
export function isSameBranch(one: string, other: string): boolean {
  return one.slice(0, 3) === other.slice(0, 3);
}

function numbered(kind: string, names: readonly string[], name: string | undefined): string[] {
  const index = name === undefined ? -1 : names.indexOf(name);
  return index < 0 ? [] : [`${kind}${String(index + 1).padStart(2, '0')}`];
}
