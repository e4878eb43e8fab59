import type { SeedArticle } from './parts.ts';

/** The regulations that the platform's rules come from, each in sentences of our own; the text itself is at its source. */
export const policies: readonly SeedArticle[] = [
  {
    id: '80900000-0000-4000-8000-000000000001',
    kind: 'policy',
    content: {
      title: '政务数据共享条例',
      titleEn: 'Regulations on the Sharing of Government Data',
      summary: '政府部门之间共享数据的基本规则：目录、共享类型、申请与答复的期限、授权之后的责任和争议怎样处理。',
      summaryEn:
        'The basic rules for sharing data between departments: catalogue, share types, limits for requests and answers, duties after a grant, disputes.',
      number: '国务院令第809号',
      issuedBy: '国务院',
      issuedOn: '2025-05-28',
      inForceFrom: '2025-08-01',
      source: { name: '中国政府网', url: 'https://www.gov.cn/zhengce/content/202506/content_7026294.htm' },
      attachments: [],
      body: `## 和日常办理有关的几条

| 事项 | 规定 | 条款 |
|---|---|---|
| 共享类型 | 无条件、有条件、不予共享三类；不予共享须有法律、行政法规或者国务院决定作依据 | 第十二条 |
| 目录 | 写明名称、信息项、提供单位、更新频率、共享类型和方式、使用条件、分类分级等 | 第十三条 |
| 不得设障 | 提供部门不能自己增设条件妨碍共享 | 第十五条 |
| 目录更新 | 法律或者职责变化后 10 个工作日内更新，经主管部门同意可延长 5 个工作日 | 第十七条 |
| 无条件共享 | 收到申请后 1 个工作日内答复 | 第二十至二十二条 |
| 有条件共享 | 收到申请后 10 个工作日内答复，经主管部门同意可延长 10 个工作日 | 第二十至二十二条 |
| 交付 | 答复同意后 20 个工作日内提供 | 第二十至二十二条 |

## 申请前要知道

- 申请先由本部门共享工作机构负责人同意，再提交给提供部门（第二十条）。
- 材料不全时，提供部门应当一次告知全部缺项，不能以此为由不同意。
- 换用途、扩大范围、交给第三方，都要另行申请（第二十五条）。

## 发现数据有误

使用部门可以提出校核，提供部门在 10 个工作日内答复。协商不成的，先报本级主管部门，再报本级政府。

本页是学习摘要，以来源链接的正式文本为准。`,
    },
  },
  {
    id: '80900000-0000-4000-8000-000000000002',
    kind: 'policy',
    content: {
      title: '政务信息资源共享管理暂行办法',
      titleEn: 'Interim Measures for the Sharing of Government Information Resources',
      summary: '较早的共享办法，提出“以共享为原则、不共享为例外”；与政务数据共享条例不一致的，以条例为准。',
      summaryEn:
        'The earlier measures: sharing is the rule and withholding the exception. Where they differ, the Regulations of 2025 come first.',
      number: '国发〔2016〕51号',
      issuedBy: '国务院',
      issuedOn: '2016-09-05',
      source: { name: '中国政府网', url: 'https://www.gov.cn/zhengce/content/2016-09/19/content_5109486.htm' },
      attachments: [],
      body: `## 和条例的关系

这份办法先于《政务数据共享条例》。条例有不同规定的，平台按条例办理；条例没有写到、办法写到的，仍可参考。

## 留下来的做法

- 信息资源按共享类型分为无条件共享、有条件共享、不予共享。
- 基础信息和主题信息由牵头部门会同有关部门建设。
- 谁提供谁负责，谁使用谁负责。

本页是学习摘要，以来源链接的正式文本为准。`,
    },
  },
  {
    id: '80900000-0000-4000-8000-000000000003',
    kind: 'policy',
    content: {
      title: '政务信息资源目录编制指南（试行）',
      titleEn: 'Guide to Compiling the Catalogue of Government Information Resources (trial)',
      summary: '目录代码、元数据和信息项怎么写。平台的目录字段、信息项类型和代码按这份指南设置。',
      summaryEn:
        'How codes, metadata and data items of the catalogue are written. The fields of the platform’s catalogue follow it.',
      number: '发改高技〔2017〕1272号',
      issuedBy: '国家发展改革委、中央网信办',
      issuedOn: '2017-06-30',
      attachments: [],
      body: `## 目录代码

代码由分类代码和顺序号组成，中间用 \`/\` 隔开。分类代码依次是类（1 位）、项（2 位）、目（3 位）和细目（长度不定）。

## 资源分类

1. 基础信息资源：人口、法人、自然资源和空间地理、社会信用、电子证照。
2. 主题信息资源：围绕同一主题由多个部门共建。
3. 部门信息资源：本部门履职产生或获取。

## 信息项类型

| 代码 | 类型 |
|---|---|
| C | 字符 |
| N | 数值 |
| Y | 货币 |
| D | 日期 |
| T | 日期时间 |
| L | 逻辑 |

每个信息项写明名称、类型和长度。更新周期写实际能做到的，平台会拿承诺和实际对照。`,
    },
  },
  {
    id: '80900000-0000-4000-8000-000000000004',
    kind: 'policy',
    content: {
      title: '中华人民共和国数据安全法',
      titleEn: 'Data Security Law of the People’s Republic of China',
      summary: '数据分类分级保护和政务数据的安全与开放；除依法不予公开的外，政务数据应当及时、准确公开。',
      summaryEn:
        'Protection of data by class and grade, and security and openness of government data, which is made public promptly and accurately unless the law forbids it.',
      number: '主席令第八十四号',
      issuedBy: '全国人民代表大会常务委员会',
      issuedOn: '2021-06-10',
      inForceFrom: '2021-09-01',
      source: {
        name: '中国人大网',
        url: 'http://www.npc.gov.cn/npc/c30834/202106/7c9af12f51334a73b56d7938f99a788a.shtml',
      },
      attachments: [],
      body: `## 和平台有关的内容

- 数据按重要程度分类分级保护。目录的每个信息项都标明分级，审批时看得到。
- 第四十一条：国家机关应当按规定及时、准确地公开政务数据，依法不予公开的除外。
- 第四十二条：国家制定政务数据开放目录，推动政务数据开放利用。

本页是学习摘要，以来源链接的正式文本为准。`,
    },
  },
  {
    id: '80900000-0000-4000-8000-000000000005',
    kind: 'policy',
    content: {
      title: '中华人民共和国个人信息保护法',
      titleEn: 'Personal Information Protection Law of the People’s Republic of China',
      summary: '处理个人信息要有明确、合理的目的，限于实现目的的最小范围；去标识化不等于匿名化。',
      summaryEn:
        'Personal information is processed for a clear purpose and in the smallest scope that serves it; de-identified is not anonymous.',
      number: '主席令第九十一号',
      issuedBy: '全国人民代表大会常务委员会',
      issuedOn: '2021-08-20',
      inForceFrom: '2021-11-01',
      source: {
        name: '中国人大网',
        url: 'http://www.npc.gov.cn/npc/c30834/202108/a8c4e3672c74491a80b53a172bb753fe.shtml',
      },
      attachments: [],
      body: `## 和平台有关的内容

- 申请按最小范围选信息项。比同类申请多选的每一项，都要写明为什么要。
- 平台在提供部门一侧脱敏：姓名留姓，证件号留首尾，手机号留前三后四。
- 第七十三条区分去标识化和匿名化。脱敏属于去标识化，所以含个人信息的数据不会因为脱敏就向社会开放。

本页是学习摘要，以来源链接的正式文本为准。`,
    },
  },
];
