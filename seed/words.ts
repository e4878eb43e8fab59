/** Words that synthetic names and addresses are put together from; common ones appear more often. */
export const SURNAMES = [
  ...Array.from(
    '王王王李李李张张张刘刘陈陈杨赵赵黄周吴徐孙孙朱马胡郭林何高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙贺陶顾毛郝龚邵万钱严关佟那',
  ),
  '欧阳',
  '上官',
  '司马',
  '诸葛',
  '夏侯',
];

export const GIVEN = Array.from(
  '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰红梅建国志文海波鑫宇浩然子涵雨轩欣怡佳琪梓晨思远博雅天佑若曦',
);

export const ETHNICITIES = [
  ...Array.from({ length: 46 }, () => '汉族'),
  ...Array.from({ length: 5 }, () => '满族'),
  '朝鲜族',
  '回族',
  '蒙古族',
  '锡伯族',
];

export const ROADS = [
  '中山路',
  '青年大街',
  '文化路',
  '崇山东路',
  '建设中路',
  '南京北街',
  '长江街',
  '黄河南大街',
  '北陵大街',
  '惠工街',
  '兴华南街',
  '浑河西路',
  '正良三路',
  '桃花源路',
  '育才街',
  '迎宾路',
];

export const INDUSTRIES = [
  '批发业',
  '零售业',
  '软件和信息技术服务业',
  '通用设备制造业',
  '汽车制造业',
  '餐饮业',
  '道路运输业',
  '房屋建筑业',
  '商务服务业',
  '医药制造业',
  '居民服务业',
  '农、林、牧、渔专业及辅助性活动',
];

export const TRADES = [
  '商贸',
  '科技',
  '机械',
  '餐饮',
  '物流',
  '建筑',
  '信息技术',
  '医药',
  '农业',
  '装备制造',
  '文化传媒',
];

export const BRANDS = Array.from('盛华鑫源恒达瑞丰兴隆泰和嘉业宏远东方北辰金桥浑南');

export const COMPANY_TYPES = [
  ['有限责任公司', '有限公司'],
  ['有限责任公司（自然人独资）', '有限公司'],
  ['股份有限公司（非上市）', '股份有限公司'],
  ['有限合伙企业', '合伙企业（有限合伙）'],
] as const;

export const COMPANY_STATES = ['存续', '存续', '存续', '存续', '存续', '存续', '注销', '吊销'];

/** Domains that are reserved for examples (RFC 2606): no mail can reach anybody. */
export const MAIL_DOMAINS = ['example.com', 'example.net', 'example.org'];

export const MOBILE_PREFIXES = [
  '130',
  '131',
  '135',
  '136',
  '138',
  '139',
  '150',
  '151',
  '158',
  '159',
  '177',
  '186',
  '188',
];
