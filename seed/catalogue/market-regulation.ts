import type { TableEntry } from '../../domain/catalogue.ts';
import { entry, items } from './parts.ts';

export const marketRegulationEntries: readonly TableEntry[] = [
  entry({
    id: 'companies',
    code: '102001/000001',
    name: '企业登记信息',
    nameEn: 'Register of companies',
    summary: '本市登记企业的基本信息、法定代表人与联络方式（演示用合成数据）。',
    provider: 'market-regulation',
    classification: { base: '法人', theme: '营商环境' },
    updateCycle: 'daily',
    shareType: 'conditional',
    shareModes: ['batch', 'file', 'service'],
    conditions: {
      scope: '限办理本部门法定职责所需的企业及信息项，不得向第三方提供。',
      purposes: ['行政审批核验', '行政执法与监督检查', '信用体系建设', '统计调查'],
    },
    items: items(
      ['credit_code', '统一社会信用代码', 'Unified social credit code', 'C', 18],
      ['name', '企业名称', 'Name', 'C', 100],
      ['company_type', '企业类型', 'Type of company', 'C', 40],
      ['industry', '所属行业', 'Industry', 'C', 40],
      ['district_code', '登记区县代码', 'District code', 'C', 6],
      ['address', '住所', 'Address', 'C', 200, { grade: 2 }],
      [
        'legal_representative',
        '法定代表人',
        'Legal representative',
        'C',
        40,
        { grade: 3, personal: true, mask: 'name' },
      ],
      ['registered_capital', '注册资本（万元）', 'Registered capital, 10,000 yuan', 'Y', 0],
      ['established_on', '成立日期', 'Established on', 'D', 0],
      ['status', '登记状态', 'Status', 'C', 10],
      ['contact_mobile', '联络员手机', 'Mobile of the contact', 'C', 11, { grade: 3, personal: true, mask: 'mobile' }],
      ['contact_email', '联络邮箱', 'E-mail of the contact', 'C', 60, { grade: 3, personal: true, mask: 'email' }],
      ['bank_account', '基本账户账号', 'Bank account', 'C', 19, { grade: 3, mask: 'bank-card' }],
      ['updated_at', '更新时间', 'Updated at', 'T', 0],
    ),
    key: ['credit_code'],
    table: 'companies',
    provenance:
      '合成数据（seed/synthetic.ts），统一社会信用代码按 GB 32100 编校验码，不对应真实企业；区划取自真实行政区划',
  }),
];
