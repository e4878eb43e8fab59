import type { Entry, Item } from '../catalogue.ts';
import type { ShareMode, ShareType } from '../language.ts';
import { type Field, FIELDS } from './headings.ts';
import type { Openness } from './words.ts';

const SHARE_TYPES: Readonly<Record<ShareType, string>> = {
  unconditional: '无条件共享',
  conditional: '有条件共享',
  withheld: '不予共享',
};
const MODES: Readonly<Record<ShareMode, string>> = { service: '服务接口', batch: '批量交换', file: '文件下载' };
const OPENNESS: Readonly<Record<Openness, string>> = {
  unconditional: '无条件开放',
  conditional: '有条件开放',
  closed: '不予开放',
};
const TYPES: Readonly<Record<Item['type'], string>> = {
  C: '字符型C',
  N: '数值型N',
  Y: '货币型Y',
  D: '日期型D',
  T: '日期时间型T',
  L: '逻辑型L',
  M: '备注型M',
  G: '通用型G',
  B: '双精度型B',
  I: '整型I',
  F: '浮点型F',
};
const CYCLES: Readonly<Record<string, string>> = {
  'real-time': '实时',
  daily: '每日',
  weekly: '每周',
  monthly: '每月',
  quarterly: '每季度',
  'half-yearly': '每半年',
  yearly: '每年',
  irregular: '不定期',
};
const UNITS: Readonly<Record<string, string>> = {
  TS: '秒',
  TM: '分钟',
  TH: '小时',
  D: '天',
  W: '周',
  M: '个月',
  Y: '年',
};

/** Members that an entry may have besides (issue of publication); those it has not are left empty. */
type Exported = Entry & { readonly openness?: Openness; readonly opennessConditions?: string };

/** An entry as rows of the template, one for each item; `nameOf` gives a department's name. What is read back is the same entry. */
export function rowsOf(entry: Exported, nameOf: (department: string) => string): string[][] {
  const { classification, conditions, withheldBasis, openness, updateCycle } = entry;
  const common: Partial<Record<Field, string>> = {
    name: entry.name,
    nameEn: entry.nameEn,
    summary: entry.summary,
    provider: nameOf(entry.provider),
    classification: [classification.base, classification.theme].filter(Boolean).join('、'),
    format: entry.format,
    shareType: SHARE_TYPES[entry.shareType],
    conditions: conditions?.scope ?? '',
    purposes: conditions?.purposes.join('；') ?? '',
    departments: conditions?.departments?.map(nameOf).join('、') ?? '',
    shareModes: entry.shareModes.map((mode) => MODES[mode]).join('、'),
    withheldBasis: withheldBasis ? `《${withheldBasis.document}》${withheldBasis.article}` : '',
    openness: openness === undefined ? '' : OPENNESS[openness],
    opennessConditions: entry.opennessConditions ?? '',
    updateCycle: cycleText(updateCycle),
    provenance: entry.provenance,
  };
  return entry.items.map((item) => {
    const own: Partial<Record<Field, string>> = {
      itemName: item.name,
      itemId: item.id,
      itemType: TYPES[item.type],
      itemLength: item.length === undefined ? '' : String(item.length),
      itemKey: entry.key.includes(item.id) ? '是' : '',
    };
    return FIELDS.map((field) => own[field] ?? common[field] ?? '');
  });
}

function cycleText(cycle: string): string {
  const [, time = '', amount = '', unit = ''] = /^P(T?)(\d+)([SMHDWY])$/.exec(cycle) ?? [];
  const word = UNITS[time + unit];
  return word === undefined ? (CYCLES[cycle] ?? cycle) : `每${amount}${word}`;
}
