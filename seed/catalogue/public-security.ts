import type { TableEntry } from '../../domain/catalogue.ts';
import { entry, items } from './parts.ts';

const SYNTHETIC = '合成数据（seed/synthetic.ts）';

export const publicSecurityEntries: readonly TableEntry[] = [
  entry({
    id: 'persons',
    code: '101001/000001',
    name: '户籍人口基本信息',
    nameEn: 'Register of persons',
    summary: '本市户籍人口的身份、住址与联系方式（演示用合成数据），提供时按最低脱敏要求处理。',
    provider: 'public-security',
    classification: { base: '人口', theme: '城市大脑' },
    updateCycle: 'daily',
    shareType: 'conditional',
    shareModes: ['batch', 'service'],
    conditions: {
      departments: ['civil-affairs', 'statistics', 'market-regulation', 'transport', 'government-office'],
      scope: '限本部门业务对象所在区县的户籍人口，按最小必要原则选取信息项。',
      purposes: ['社会救助资格核验', '公共服务对象核验', '人口统计分析', '驾驶与运输从业资格核验'],
    },
    items: items(
      ['record_no', '人口记录号', 'Record number', 'C', 10, { grade: 2 }],
      ['id_card', '公民身份号码', 'Citizen identity number', 'C', 18, { grade: 4, personal: true, mask: 'id-card' }],
      ['name', '姓名', 'Name', 'C', 40, { grade: 3, personal: true, mask: 'name' }],
      ['sex', '性别', 'Sex', 'C', 1, { grade: 2, personal: true }],
      ['birth_date', '出生日期', 'Date of birth', 'D', 0, { grade: 3, personal: true }],
      ['ethnicity', '民族', 'Ethnicity', 'C', 20, { grade: 3, personal: true }],
      ['district_code', '户籍区县代码', 'District code', 'C', 6, { grade: 2, personal: true }],
      ['street_code', '户籍街道代码', 'Street code', 'C', 12, { grade: 2, personal: true }],
      ['address', '户籍地址', 'Registered address', 'C', 200, { grade: 4, personal: true, mask: 'address' }],
      ['mobile', '手机号码', 'Mobile', 'C', 11, { grade: 3, personal: true, mask: 'mobile' }],
      ['email', '电子邮箱', 'E-mail', 'C', 60, { grade: 3, personal: true, mask: 'email' }],
      ['plate', '机动车号牌', 'Vehicle plate', 'C', 10, { grade: 3, personal: true, mask: 'plate' }],
      ['updated_at', '更新时间', 'Updated at', 'T', 0],
    ),
    key: ['record_no'],
    table: 'persons',
    provenance: `${SYNTHETIC}，公民身份号码按 GB 11643 编校验码，不对应真实个人；区划取自真实行政区划`,
  }),
  entry({
    id: 'sealed-juvenile-records',
    code: '301006/000001',
    name: '未成年人犯罪记录封存索引',
    nameEn: 'Index of sealed records of juvenile offences',
    summary: '依法封存的未成年人犯罪记录索引，仅登记封存文书，不予共享。',
    provider: 'public-security',
    classification: { theme: '民主法治建设' },
    updateCycle: 'irregular',
    shareType: 'withheld',
    shareModes: [],
    withheldBasis: { document: '中华人民共和国刑事诉讼法', level: 'law', article: '第二百八十六条' },
    items: items(
      ['seal_no', '封存决定书编号', 'Number of the sealing decision', 'C', 20, { grade: 4 }],
      ['sealed_on', '封存日期', 'Sealed on', 'D', 0, { grade: 4 }],
      ['sealing_unit', '封存单位', 'Sealing unit', 'C', 60, { grade: 4 }],
    ),
    key: ['seal_no'],
    table: 'sealed_juvenile_records',
    provenance: `${SYNTHETIC}，不含任何个人信息`,
  }),
];
