import type { ItemType, WithheldBasis } from '../catalogue.ts';
import type { ShareMode, ShareType } from '../language.ts';

/** Words as departments write them, in the platform's own. Undefined: not understood. */
const bare = (text: string): string => text.normalize('NFKC').replaceAll(/\s/g, '');

export function shareTypeOf(text: string): ShareType | undefined {
  const word = bare(text).replace(/类$|^类型/g, '');
  if (/^(?:无条件|1$|普遍)/.test(word)) return 'unconditional';
  if (/^(?:有条件|2$|受限|依申请)/.test(word)) return 'conditional';
  return /^(?:不予|不共享|非共享|3$|不宜)/.test(word) ? 'withheld' : undefined;
}

export type Openness = 'unconditional' | 'conditional' | 'closed';

export function opennessOf(text: string): Openness | undefined {
  const word = bare(text);
  if (/^(?:无条件|普遍开放|是$|开放$)/.test(word)) return 'unconditional';
  if (/^(?:有条件|受限|依申请)/.test(word)) return 'conditional';
  return /^(?:不予|不开放|非开放|否$|不宜)/.test(word) ? 'closed' : undefined;
}

const MODES: readonly (readonly [RegExp, ShareMode])[] = [
  [/接口|服务|api/i, 'service'],
  [/批量|库表|数据库|交换/, 'batch'],
  [/文件|下载|拷盘|光盘/, 'file'],
];

export function shareModesOf(text: string): ShareMode[] | undefined {
  const modes = listOf(text).map((word) => MODES.find(([pattern]) => pattern.test(word))?.[1]);
  return modes.every((mode) => mode !== undefined) ? [...new Set(modes)] : undefined;
}

const CYCLES: readonly (readonly [RegExp, string])[] = [
  [/^(?:实时|即时|准实时)/, 'real-time'],
  [/^(?:每日|每天|日|天|每工作日|T\+1)/i, 'daily'],
  [/^(?:每周|周|每星期)/, 'weekly'],
  [/^(?:每季度?|季度?|按季)/, 'quarterly'],
  [/^(?:每半年|半年)/, 'half-yearly'],
  [/^(?:每月|月|按月)/, 'monthly'],
  [/^(?:每年|年|按年|每年度|年度)/, 'yearly'],
  [/^(?:不定期|不定时|按需|其他|自定义|一次性|不更新|静态)/, 'irregular'],
];
/** As ISO 8601 says how long: `PT6M`, `P2W`. */
const UNITS: readonly (readonly [RegExp, (n: number) => string])[] = [
  [/^秒/, (n) => `PT${n}S`],
  [/^分/, (n) => `PT${n}M`],
  [/^(?:小时|时)/, (n) => `PT${n}H`],
  [/^(?:日|天|个?工作日)/, (n) => `P${n}D`],
  [/^(?:周|个?星期)/, (n) => `P${n}W`],
  [/^个?月/, (n) => `P${n}M`],
  [/^个?季/, (n) => `P${n * 3}M`],
  [/^年/, (n) => `P${n}Y`],
];
const DIGITS = '零一二三四五六七八九十';
const ONE: Readonly<Record<string, string>> = {
  P1D: 'daily',
  P1W: 'weekly',
  P1M: 'monthly',
  P3M: 'quarterly',
  P6M: 'half-yearly',
  P1Y: 'yearly',
};

/** `每日` is `daily`, `每6分钟` is `PT6M`, `每两周` is `P2W`. */
export function updateCycleOf(text: string): string | undefined {
  const word = bare(text).replace(/更新$/, '');
  const counted = /^每?隔?(\d{1,4}|十[一二三四五六七八九]|[一二两三四五六七八九十])(.+)$/.exec(word);
  if (counted) {
    const [, amount = '', rest = ''] = counted;
    const n = /\d/.test(amount) ? Number(amount) : chineseNumber(amount);
    const unit = UNITS.find(([pattern]) => pattern.test(rest));
    if (unit && n > 0) return ONE[unit[1](n)] ?? unit[1](n);
  }
  if (/^每(?:分|小时|秒)/.test(word)) return UNITS.find(([pattern]) => pattern.test(word.slice(1)))?.[1](1);
  return CYCLES.find(([pattern]) => pattern.test(word))?.[1];
}

function chineseNumber(text: string): number {
  const value = (digit: string): number => DIGITS.indexOf(digit.replace('两', '二'));
  return text.length === 2 ? 10 + value(text.charAt(1)) : value(text);
}

const TYPES: readonly (readonly [RegExp, ItemType])[] = [
  [/^(?:字符|文本|字符串|varchar|nvarchar|char|text|string|c$)/i, 'C'],
  [/^(?:整型|整数|int|bigint|smallint|i$)/i, 'I'],
  [/^(?:双精度|double|b$)/i, 'B'],
  [/^(?:浮点|float|real|f$)/i, 'F'],
  [/^(?:数值|数字|number|numeric|decimal|n$)/i, 'N'],
  [/^(?:货币|金额|money|y$)/i, 'Y'],
  [/^(?:日期时间|时间|datetime|timestamp|t$)/i, 'T'],
  [/^(?:日期|date$|d$)/i, 'D'],
  [/^(?:逻辑|布尔|bool|l$)/i, 'L'],
  [/^(?:备注|长文本|clob|m$)/i, 'M'],
  [/^(?:通用|二进制|blob|图片|bytea|g$)/i, 'G'],
];

/** `字符型C`, `C`, `varchar(20)`: the letter of the 2017 guide. */
export function itemTypeOf(text: string): ItemType | undefined {
  const word = bare(text).replace(/\(.*\)$/, '');
  const letter = /^.*型([CNYDTLMGBIF])$/.exec(word)?.[1];
  return TYPES.find(([pattern]) => pattern.test(letter ?? word))?.[1];
}

/** A regulation of a province or city (地方性法规) is none of the three. 城市 at the beginning is no city. */
const LOCAL = /^(?:.{2,7}(?:省|自治区|自治州|自治县)|.{1,6}(?<!城)市)/;

/** The three that may withhold (R809 Art.12), by what the document is called: neither a 办法 nor an opinion is one. */
export function withheldBasisOf(text: string): WithheldBasis | undefined {
  const found = /《([^》]+)》\s*(.*)$/s.exec(text.normalize('NFKC').trim());
  const [, document = '', article = ''] = found ?? [];
  if (/(?<!办)法$|(?:全国人大常委会|全国人民代表大会).*决定$/.test(document) && !LOCAL.test(document))
    return { document, level: 'law', article };
  if (/^国务院.*决定$/.test(document)) return { document, level: 'state-council-decision', article };
  return document.endsWith('条例') && !LOCAL.test(document)
    ? { document, level: 'administrative-regulation', article }
    : undefined;
}

/** The five bases and the themes named for Shenyang (rules.md): what a classification can be. */
const BASES = ['人口', '法人', '自然资源和空间地理', '社会信用', '电子证照'];

export function classificationOf(text: string): { base?: string; theme?: string } {
  const sorted: { base?: string; theme?: string } = {};
  for (const word of text.split(/[、；，;,/\\>\n]+/)) {
    const name = bare(word)
      .replace(/^(?:基础|主题|部门)(?:信息资源)?类?[:：-]?/, '')
      .replace(/(?:类|信息)$/, '');
    if (name === '') continue;
    if (BASES.includes(name)) sorted.base = name;
    else sorted.theme = name;
  }
  return sorted;
}

/** Several in one cell, separated by 、；，; or a line break, but not within brackets: `金额（万元、亿元）` is one. */
export function listOf(text: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const character of text) {
    if ('（(【[《'.includes(character)) depth += 1;
    if ('）)】]》'.includes(character)) depth = Math.max(0, depth - 1);
    if (depth === 0 && '、；，;,\n\r'.includes(character)) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}
