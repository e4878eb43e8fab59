import type { Knex } from 'knex';
import type { Entry, Item } from '../../domain/catalogue.ts';
import { SHARE_TYPES } from '../../domain/language.ts';
import { indexEntries } from '../../store/catalogue-search.ts';
import { DEPARTMENTS } from './projection-fill.ts';

/** As many as the goal is set for. */
export const ENTRIES = 100_000;
const PORTION = 2_000;

const words = (text: string): readonly string[] => text.split(/\s+/).filter(Boolean);

const AREAS = words(
  '沈阳市 和平区 沈河区 大东区 皇姑区 铁西区 苏家屯区 浑南区 沈北新区 于洪区 辽中区 新民市 康平县 法库县',
);
const SUBJECTS =
  words(`户籍人口 流动人口 常住人口 出生医学证明 死亡医学证明 婚姻登记 收养登记 低保对象 特困人员 临时救助 残疾人证
  养老机构 养老服务补贴 高龄津贴 社会组织 殡葬服务 地名地址 行政区划 企业登记 个体工商户 食品经营许可 药品经营许可 特种设备 计量器具
  广告监测 商标注册 知识产权质押 消费投诉 产品质量抽查 机动车登记 机动车驾驶证 交通违法 道路运输经营 网约车许可 出租汽车 公交线路
  公交站点 地铁客流 公路桥梁 停车场 航班动态 港口吞吐 不动产登记 房屋产权 商品房预售 房屋租赁备案 住房公积金 公租房保障 建设用地规划
  建设工程规划 建筑施工许可 建筑业企业资质 燃气经营 供热用户 供水水质 城市管理案件 排水许可 园林绿化 污染源监测 排污许可 空气质量
  地表水质 危险废物 噪声监测 辐射安全 社会保险参保 养老保险 失业保险 工伤保险 医疗保险 就业登记 职业资格 技能培训 劳动合同 欠薪线索
  教师资格 学籍 学校名录 幼儿园 校外培训 高考报名 科技项目 高新技术企业 专利授权 医疗机构 医师执业 护士执业 疫苗接种 传染病报告
  献血 文化场馆 文物保护单位 旅行社 导游 星级饭店 体育场地 农作物种植 畜禽养殖 农药经营 农机购置补贴 水库 河道 防汛 气象观测 地震台网
  消防安全 危险化学品 安全生产许可 应急物资 避难场所 税务登记 纳税信用 财政预算 政府采购 公共资源交易 招标投标 国有资产 审计 统计
  投资项目 价格监测 粮食储备 电力负荷 信用红名单 信用黑名单 行政处罚 行政许可 行政强制 法律援助 律师执业 公证 司法鉴定 人民调解 档案`);
const KINDS = words('基本信息 登记信息 名录 年度统计 变更记录 注销记录 审批结果 检查结果 证照 明细 台账 办件信息');
const VARIANTS = ['', '（含历史）', '（按街道）', '（按季度）'];
const ITEMS =
  words(`姓名 公民身份号码 性别 民族 出生日期 联系电话 手机号码 户籍地址 居住地址 所属区县 街道代码 社区名称 统一社会信用代码 企业名称
  法定代表人 注册资本 成立日期 经营范围 经营状态 登记机关 许可证编号 发证日期 有效期起 有效期止 审批部门 审批结果 办理时间 申请人 申请日期
  数据更新时间 备注 金额 数量 单位 状态 等级 类别 编号 名称 经度 纬度 面积 车牌号码 车辆类型 驾驶证号 学校 班级 医院 科室 监测点 监测值
  监测时间 项目编号 项目名称 建设单位 负责人 检查日期 检查结论 处罚决定书文号 处罚事由`);
const THEMES =
  words(`监督治理 城市大脑 疫情防控 营商环境 全民住房保障 全民社会保障 全民健康保障 药品安全监管 安全生产监督 市场价格监管 金融监管
  能源安全保障 信用体系建设 生态环境保护 应急维稳保障 行政执法监督 民主法治建设 执政能力建设 食品安全监管 公共资源交易 投资审批 教育科技 交通 旅游`);
const BASES = words('人口 法人 自然资源和空间地理 社会信用 电子证照');
const SUMMARIES = [
  '各部门在履职中形成的…，由业务系统每日归集，供核验与统计使用。',
  '…由承办窗口录入，经复核后入库，按月更新。',
  '汇总全市上报的…，含历史数据，涉及个人的按最低要求脱敏。',
  '…来自自建业务系统，与上级平台的数据每周比对。',
  '依据职责采集的…，供社会救助、补贴发放等场景核验。',
  '…的电子化结果，已与纸质材料核对。',
];
const FORMATS = ['database/postgresql', 'database/mysql', 'spreadsheet/xlsx', 'service/http', 'document/pdf'];
const CYCLES = ['realtime', 'daily', 'weekly', 'monthly', 'quarterly', 'yearly', 'irregular'];

/** One of a list, by a number and what it is drawn for; always the same. */
function drawn<T>(list: readonly T[], n: number, salt: number): T {
  const mixed = Math.imul(((n + 1) * 2_654_435_761) ^ (salt * 40_503), 2_246_822_519) >>> 0;
  return list[((mixed >>> 8) ^ (mixed >>> 19)) % list.length] as T;
}

/** The nth entry of the city: an area, a subject, a kind of record; every one has a name of its own. */
export function syntheticEntry(n: number): Entry {
  const area = AREAS[n % AREAS.length] as string;
  const subjectAt = Math.floor(n / AREAS.length) % SUBJECTS.length;
  const subject = SUBJECTS[subjectAt] as string;
  const rest = Math.floor(n / AREAS.length / SUBJECTS.length);
  const kind = KINDS[rest % KINDS.length] as string;
  const name = `${area}${subject}${kind}${VARIANTS[Math.floor(rest / KINDS.length) % VARIANTS.length]}`;
  const own = [`${subject}编号`, `${subject}${kind}说明`, `${subject}主管单位`];
  const names = [...new Set([...own, ...Array.from({ length: 9 }, (_, at) => drawn(ITEMS, n, at + 10))])];
  const number = String(Math.floor(n / 600) + 1).padStart(6, '0');
  return {
    id: `e-${n.toString(16).padStart(16, '0')}`,
    version: 1,
    code: `30${String(1_000 + (n % 600))}/${number}`,
    name,
    nameEn: `Catalogue entry ${n}`,
    summary: drawn(SUMMARIES, n, 5).replace('…', `${area}${subject}${kind}`),
    provider: `dept-${(subjectAt % (DEPARTMENTS - 7)) + 1}`,
    classification: {
      theme: THEMES[subjectAt % THEMES.length] as string,
      ...(n % 3 === 0 ? { base: drawn(BASES, n, 1) } : {}),
    },
    format: drawn(FORMATS, n, 2),
    updateCycle: drawn(CYCLES, n, 3),
    shareType: drawn(SHARE_TYPES, n, 4),
    shareModes: ['batch'],
    items: names.map(itemOf),
    key: ['c0'],
    mount: { sourceId: 'x', schema: 'public', table: `t${n}` },
    provenance: '合成',
    publishedAt: new Date(Date.UTC(2025, 0, 1) + n * 60_000).toISOString(),
  };
}

function itemOf(name: string, at: number): Item {
  return { id: `c${at}`, name, nameEn: `Item ${at}`, type: 'C', length: 60, grade: 1, personal: false, mask: 'none' };
}

/** Entries as they are after they were published. The departments are those of `projection-fill`. */
export async function fillCatalogue(knex: Knex, say: (line: string) => void): Promise<void> {
  await knex.raw(
    `insert into departments (id, name, name_en, credit_code, sort)
     select 'dept-' || n, '第' || n || '局', 'Bureau ' || n, 'bench-' || n, 100 + n from generate_series(1, ?) n`,
    [DEPARTMENTS - 7],
  );
  // Indexes built at the end are those that grew with the rows, made in a tenth of the time.
  const { rows: indexes } = await knex.raw<{ rows: { name: string; definition: string }[] }>(
    `select indexname as name, indexdef as definition from pg_indexes
      where tablename = 'catalogue_search' and indexdef like '% USING gin %'`,
  );
  for (const { name } of indexes) await knex.raw('drop index ??', [name]);
  for (let from = 0; from < ENTRIES; from += PORTION) {
    const entries = Array.from({ length: Math.min(PORTION, ENTRIES - from) }, (_, at) => syntheticEntry(from + at));
    await knex.raw(
      `insert into catalogue_entries (id, version, code, name, provider_id, share_type, body, published_at)
       select e->>'id', 1, e->>'code', e->>'name', e->>'provider', e->>'shareType', e, (e->>'publishedAt')::timestamptz
         from jsonb_array_elements(?::jsonb) e`,
      [JSON.stringify(entries)],
    );
    await indexEntries(knex, entries);
  }
  for (const { definition } of indexes) await knex.raw(definition);
  await knex.raw('vacuum analyze catalogue_entries, catalogue_search, catalogue_terms');
  const { rows } = await knex.raw<{ rows: { names: number; size: string }[] }>(
    `select count(distinct name)::integer as names, pg_size_pretty(pg_total_relation_size('catalogue_search')) as size
       from catalogue_search`,
  );
  if (rows[0]?.names !== ENTRIES) throw new Error(`Only ${rows[0]?.names} names are different`);
  say(`${ENTRIES} entries, searched by ${rows[0]?.size}`);
}
