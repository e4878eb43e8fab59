import type { MaskRule } from './catalogue.ts';

/**
 * How a rule masks (rules.md, Masking), as data that both this pure function and the SQL of the data movers are made of.
 * `edges`: the first `head` and the last `tail` characters stay, the rest become stars one for one; shorter than `min`
 * and the whole value does, so that a value too short for its rule is never half shown. `min` is the length of the
 * shortest value the rule is meant for.
 * Characters are Unicode code points: what PostgreSQL counts in a UTF-8 database.
 */
export type MaskShape =
  | { readonly kind: 'none' }
  | { readonly kind: 'whole' }
  | { readonly kind: 'edges'; readonly head: number; readonly tail: number; readonly min: number }
  | { readonly kind: 'surname' }
  | { readonly kind: 'district' }
  | { readonly kind: 'mailbox' }
  | { readonly kind: 'pseudonym' };

export const MASK_SHAPES: Readonly<Record<MaskRule, MaskShape>> = {
  none: { kind: 'none' },
  whole: { kind: 'whole' },
  name: { kind: 'surname' },
  mobile: { kind: 'edges', head: 3, tail: 4, min: 11 },
  'id-card': { kind: 'edges', head: 4, tail: 4, min: 15 },
  'bank-card': { kind: 'edges', head: 0, tail: 4, min: 12 },
  plate: { kind: 'edges', head: 2, tail: 2, min: 7 },
  address: { kind: 'district' },
  email: { kind: 'mailbox' },
  pseudonym: { kind: 'pseudonym' },
};

/** Makes the pseudonym of a value that is not empty, under the salt of one grant (`pseudonymsOf` in sources/pseudonyms.ts). */
export type Pseudonymise = (value: string) => string;

/** Hexadecimal digits of a pseudonym: 128 bits of the HMAC, so that no two of billions of values meet in one. */
export const PSEUDONYM_LENGTH = 32;

/** Two-character surnames in use; a name that begins with one and goes on keeps both characters. */
export const COMPOUND_SURNAMES: readonly string[] =
  '欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 公户 公玉 公仪 梁丘 公仲 公上 公门 公山 公坚 左丘 公伯 西门 公祖 第五 公乘 贯丘 公皙 南荣 东里 东宫 仲长 子书 子桑 即墨 达奚 褚师 纳兰 叶赫'.split(
    ' ',
  );

/**
 * The part of an address that stays: province, city and district, as far as they are written in this order. Written so
 * that JavaScript's first match and PostgreSQL's longest match are the same text. A word such as 小区 or 园区 is a place
 * within a district and is not kept.
 */
export const DISTRICT_PATTERN =
  '^([^省市区县旗0-9A-Za-z ]{2,6}(省|自治区))?([^省市区县旗0-9A-Za-z ]{1,10}(市|自治州|地区|盟))?' +
  '[^省市区县旗0-9A-Za-z ](([^省市区县旗路街巷号弄0-9A-Za-z ]{0,13}[^省市区县旗路街巷号弄0-9A-Za-z 小社园校厂院景库])?区|' +
  '[^省市区县旗路街巷号弄0-9A-Za-z ]{0,14}[县旗市])';

const DISTRICT = new RegExp(DISTRICT_PATTERN, 'u');

/** What stands for the rest of an address that was cut: of fixed length, as the rest is gone, not covered. */
export const CUT = '****';

/** The rules that need nothing but the value. */
export type PlainRule = Exclude<MaskRule, 'pseudonym'>;

/** Masks one value. NULL stays NULL and empty stays empty: what is absent is not made to look present. */
export function mask(rule: PlainRule, value: string): string;
export function mask(rule: PlainRule, value: string | null): string | null;
export function mask(rule: MaskRule, value: string | null, pseudonymise: Pseudonymise): string | null;
export function mask(rule: MaskRule, value: string | null, pseudonymise?: Pseudonymise): string | null {
  if (value === null) return null;
  const shape = MASK_SHAPES[rule];
  switch (shape.kind) {
    case 'none':
      return value;
    case 'whole':
      return stars(count(value));
    case 'edges':
      return keepEdges(value, shape);
    case 'surname':
      return keepSurname(value);
    case 'district':
      return cutAtDistrict(value);
    case 'mailbox':
      return keepDomain(value);
    case 'pseudonym':
      if (pseudonymise === undefined) throw new Error('A pseudonym is made under the salt of a grant');
      return value === '' ? '' : pseudonymise(value);
  }
}

/**
 * Whether a grant's rule hides at least what the entry's least rule hides: the same rule, the whole, or nothing asked.
 * A pseudonym stands beside the rules that show a part, neither above nor below them: it shows no character of the value,
 * but tells whose rows belong together (个人信息保护法 Art.73: de-identified, not anonymous), which a part does not.
 */
export function masksAtLeast(rule: MaskRule, least: MaskRule): boolean {
  return least === 'none' || rule === least || rule === 'whole';
}

function keepEdges(value: string, { head, tail, min }: MaskShape & { kind: 'edges' }): string {
  const characters = Array.from(value);
  const length = characters.length;
  if (length < min) return stars(length);
  return characters.slice(0, head).join('') + stars(length - head - tail) + characters.slice(length - tail).join('');
}

/** A single character is masked: alone it would be the whole name. */
function keepSurname(value: string): string {
  const characters = Array.from(value);
  const compound = characters.length > 2 && COMPOUND_SURNAMES.includes(characters.slice(0, 2).join(''));
  const kept = compound ? 2 : characters.length > 1 ? 1 : 0;
  return characters.slice(0, kept).join('') + stars(characters.length - kept);
}

function cutAtDistrict(value: string): string {
  const kept = DISTRICT.exec(value)?.[0];
  if (kept === undefined) return stars(count(value));
  return kept === value ? value : kept + CUT;
}

/** The domain begins at the last `@`; a mailbox of one character, or none, is masked whole and so is what has no domain. */
function keepDomain(value: string): string {
  const at = value.lastIndexOf('@');
  if (at < 0) return stars(count(value));
  const mailbox = Array.from(value.slice(0, at));
  if (mailbox.length < 2) return stars(mailbox.length) + value.slice(at);
  return (mailbox[0] ?? '') + stars(mailbox.length - 1) + value.slice(at);
}

function count(value: string): number {
  return Array.from(value).length;
}

function stars(length: number): string {
  return '*'.repeat(length);
}
