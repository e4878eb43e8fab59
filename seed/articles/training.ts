import type { SeedArticle } from './parts.ts';

/** How to work with the platform, for people of departments; and what this site shows, for everybody. */
export const training: readonly SeedArticle[] = [
  {
    id: '80900000-0000-4000-8000-000000000011',
    kind: 'training',
    content: {
      title: '怎样提出共享申请',
      titleEn: 'How to file a share request',
      summary: '从找目录到提交，五步填完；缺什么页面会一项项指出来。',
      summaryEn: 'From the catalogue to filing in five steps; the page names everything that is missing.',
      attachments: [],
      body: `## 先找目录

在**目录检索**里写资源名、信息项或拼音首字母。要几个部门的数据，就一起放进申请篮，提交一份申请。

没有想要的数据时，用**提需求**写清缺什么，主管部门会来对接。

## 五步填写

1. **依据**：写到某法第几条。
2. **场景和用途**：在办什么事的哪一步用。
3. **信息项**：逐项勾选；比别人多要的那一项，要写为什么。
4. **范围**：按条件限定数据行，页面会读成一句话，并在提供部门一侧估算条数。
5. **方式和期限**：接口、批量交换或文件下载，从哪天到哪天。

写的内容每秒自动保存，换一台电脑也能接着写。

## 提交之后

- 先到本部门共享负责人，他同意后才交给提供部门。
- 有条件共享的法定答复期限是 10 个工作日，无条件共享是 1 个工作日。
- 收到补正通知，只改通知里写的内容；补齐后计时重新开始。`,
    },
  },
  {
    id: '80900000-0000-4000-8000-000000000012',
    kind: 'training',
    content: {
      title: '怎样审核与答复',
      titleEn: 'How to review and answer a request',
      summary: '一页看清谁要、要什么、以前给过什么；逐项决定，签署后不能偷改。',
      summaryEn: 'One page says who wants what and what was given before; decide item by item and sign.',
      attachments: [],
      body: `## 打开办件先看四处

1. 标题下的一句话：谁、为什么、要什么、到哪天。
2. 两个期限：承诺和法定，都按工作日算。
3. 信息项和上次授权的差别，以及每项的脱敏方式。
4. 数据行范围和估算条数。

## 可以怎样答复

- **同意**、**部分同意**、**不同意**。不同意要写理由和依据。
- **要求补正**：只能一次，列明全部缺项。材料不全不能作为不同意的理由。
- **转办**：交给别人，以后不再由你办。**委派**：别人给意见，最后仍由你决定。

审核之后由本部门共享负责人复核，复核同意才生效。谁也不能办自己的申请。`,
    },
  },
  {
    id: '80900000-0000-4000-8000-000000000013',
    kind: 'training',
    content: {
      title: '怎样编制和发布目录',
      titleEn: 'How to compile and publish a catalogue entry',
      summary: '从库表、文件或手工开始，按建议补齐字段，评估、审核之后发布。',
      summaryEn:
        'Begin from a database, a file or by hand, complete the fields, and publish after assessment and review.',
      attachments: [],
      body: `## 三种开头

- **从数据库**：选数据源和表，平台读结构并给出建议，每条建议都有依据。
- **从文件**：用模板导入，逐行报告哪里不对。
- **手工**：一项项填。

## 发布前

先做保密风险评估和个人信息影响评估，由部门负责人同意，再交主管部门审核（条例第十三条、第十六条）。主管部门在 2 个工作日内审核。

定为不予共享的，要写明文件名称、层级和条款，层级只能是法律、行政法规或者国务院决定。`,
    },
  },
  {
    id: '80900000-0000-4000-8000-000000000014',
    kind: 'training',
    content: {
      title: '拿到授权以后',
      titleEn: 'After a grant is given',
      summary: '交付、续期、变更、发现问题和到期处置，各去哪里办。',
      summaryEn: 'Delivery, renewal, changes, errors in the data, and disposal at the end.',
      attachments: [],
      body: `## 交付

在**我的授权**里看每次交付。每次交付都有清单和摘要值，可以核对收到的和批准的是否一致。

## 续期和变更

- 到期前会提醒，用途和范围不变的两步续期。
- 换用途或者扩大范围，要提新的申请，平台会把两份申请连起来。

## 发现数据有误

提出**校核**，提供部门在 10 个工作日内答复。

## 到期

授权到期后不能再读取。使用部门确认数据怎样处置：销毁、归档或者依法留存。使用记录至少保存三年。`,
    },
  },
  {
    id: '80900000-0000-4000-8000-000000000021',
    kind: 'news',
    content: {
      title: '公开站能看到什么',
      titleEn: 'What this public site shows',
      summary: '不登录也能查目录、看统计、读政策和培训资料；数据本身仍按申请和授权提供。',
      summaryEn:
        'Without logging in anybody can search the catalogue, read figures, policies and training material. The data itself is shared on request.',
      attachments: [],
      body: `## 不登录可以

- 查有哪些目录：名称、提供部门、共享类型、更新周期，以及可以公开的信息项名称。
- 看不予共享的目录依据哪部法律的第几条。
- 看共享的总体情况：多少部门提供、多少授权在用、答复一般要几个工作日。

## 不登录看不到

信息项的脱敏方式、使用条件、谁在用、任何一行数据，都只对有职责的部门人员显示。`,
    },
  },
];
