import { isCreditCode, isIdCard } from './check-digits.ts';

/** What the values of a column can turn out to be. */
export const KINDS = [
  'id-card',
  'credit-code',
  'bank-card',
  'mobile',
  'landline',
  'email',
  'plate',
  'address',
  'name',
  'longitude',
  'latitude',
] as const;
export type Kind = (typeof KINDS)[number];

/**
 * The surnames that about 99% of the people bear (the 300 most common of the census, and those of Manchu and Sibe families
 * in Liaoning), one character each.
 */
const SINGLE = new Set(
  '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜' +
    '范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍' +
    '韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单' +
    '包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭' +
    '佟那肖闫付代覃仇佘佐初卓原双台后国夏储冷都麻敖楚鞠宗宓鄂富赫英衣修战矫艾丰巩逄由慕仲',
);
const COMPOUND = new Set([
  '欧阳',
  '上官',
  '司马',
  '诸葛',
  '夏侯',
  '司徒',
  '皇甫',
  '尉迟',
  '公孙',
  '慕容',
  '令狐',
  '宇文',
  '长孙',
  '东方',
  '叶赫',
  '爱新',
]);

/** Provinces as plates write them (GA 36), and the letters of the registering office: all but I and O. */
const PLATE =
  /^[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·. ]?(?:[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳]|[A-HJ-NP-Z0-9]{6})$/;
/** Segments that have been allotted to mobile networks (电信网编号计划), data-only ones left out. */
const MOBILE = /^(?:\+?86[- ]?)?(1(?:3\d|4[5-9]|5[0-35-9]|6[2567]|7[0-8]|8\d|9[0-35-9]))\d{8}$/;
const LANDLINE = /^(?:\(0\d{2,3}\)|0\d{2,3}-?)[2-8]\d{6,7}(?:(?:-|转)\d{1,6})?$/;
const EMAIL = /^[\w.+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,24}$/;
const ADDRESS =
  /(?:省|市|区|县|旗|盟|镇|乡|街道|村|屯).{0,40}(?:路|街|巷|道|胡同|弄|号|栋|幢|座|楼|单元|室|组|屯)|(?:路|街|巷|道|胡同).{0,12}\d+(?:-\d+)*号?/;
const HAN_NAME = /^\p{Script=Han}{2,4}$/u;
/** Names of minorities, written with a middle dot. */
const DOTTED_NAME = /^\p{Script=Han}{1,12}(?:[·•．]\p{Script=Han}{1,12}){1,3}$/u;

/** Nothing that is looked for is longer; what is counts as not matching. */
const LONGEST = 200;

/** Width and surroundings do not change what a value is. Full-width digits are digits. */
export function normalised(value: string): string {
  return value
    .slice(0, LONGEST + 1)
    .normalize('NFKC')
    .trim();
}

/** Luhn's check (ISO/IEC 7812-1): the last digit is for all before it. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let place = 1; place <= digits.length; place += 1) {
    const digit = Number(digits.charAt(digits.length - place));
    const weighted = place % 2 === 0 ? digit * 2 : digit;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0;
}

/** Whether a text could be a person's name: a surname, and one or two characters after it; or a name with a middle dot. */
export function isPersonName(text: string): boolean {
  if (DOTTED_NAME.test(text)) return true;
  if (!HAN_NAME.test(text)) return false;
  if (COMPOUND.has(text.slice(0, 2)) && text.length > 2) return true;
  return text.length < 4 && SINGLE.has(text.charAt(0));
}

/** The segment of a mobile number, `138`; undefined for anything else. */
export function mobileSegment(text: string): string | undefined {
  return MOBILE.exec(text)?.[1];
}

/** Degrees within China, islands included, with at least three decimals: less is a count or a price rather than a place. */
function isDegrees(text: string, least: number, most: number): boolean {
  if (!/^\d{1,3}\.\d{3,17}$/.test(text)) return false;
  const degrees = Number(text);
  return degrees >= least && degrees <= most;
}

/** What one normalised value could be by itself. */
export const RECOGNISERS: Readonly<Record<Kind, (text: string) => boolean>> = {
  'id-card': (text) => isIdCard(text.toUpperCase()),
  'credit-code': (text) => isCreditCode(text.toUpperCase()),
  'bank-card': (text) => /^(?:[3-6]\d|9[0-9])\d{13,17}$/.test(text) && passesLuhn(text),
  mobile: (text) => mobileSegment(text) !== undefined,
  landline: (text) => LANDLINE.test(text),
  email: (text) => EMAIL.test(text),
  plate: (text) => PLATE.test(text.toUpperCase()),
  address: (text) => text.length >= 6 && text.length <= LONGEST && ADDRESS.test(text),
  name: isPersonName,
  longitude: (text) => isDegrees(text, 73, 136),
  latitude: (text) => isDegrees(text, 3, 54),
};

interface Words {
  readonly speaksFor: RegExp;
  readonly speaksAgainst?: RegExp;
}

/** What a column's name or comment says about it. Never enough by itself. */
export const WORDS: Readonly<Record<Kind, Words>> = {
  'id-card': { speaksFor: /身份证|身份号码|公民身份|证件号|id_?card|id_?no|idcard|sfz|zjhm/i },
  'credit-code': { speaksFor: /信用代码|credit_?code|uscc|tyshxydm/i },
  'bank-card': { speaksFor: /银行卡|银行账|账号|帐号|账户|卡号|bank|card_?no/i },
  mobile: {
    speaksFor: /手机|电话|联系方式|mobile|phone|\btel|sjh|lxdh/i,
    speaksAgainst: /单号|订单|编号|流水|序号|记录号|order|serial|(?:^|_)(?:no|id|num|seq)$/i,
  },
  landline: { speaksFor: /电话|座机|固话|传真|phone|\btel|fax|lxdh/i },
  email: { speaksFor: /邮箱|邮件|e-?mail/i },
  plate: { speaksFor: /号牌|车牌|plate|hphm/i },
  address: { speaksFor: /地址|住址|住所|地点|address|addr|dz$/i },
  name: {
    speaksFor:
      /姓名|人名|法定代表人|法人代表|负责人|联系人|联络员|经办人|监护人|户主|申请人|当事人|person_?name|full_?name|^name$|^xm$|legal_rep|contact(?:_name)?$/i,
    speaksAgainst:
      /企业|单位|公司|机构|区县|区划|街道|地名|品名|商品|项目|路线|站名|company|district|product|station|民族|ethnic/i,
  },
  longitude: { speaksFor: /经度|longitude|\blon\b|\blng\b|_lng$|_lon$|^jd$/i },
  latitude: { speaksFor: /纬度|latitude|\blat\b|_lat$|^wd$/i },
};
