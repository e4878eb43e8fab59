import type { DiagramWords } from '../domain/diagram/shape.ts';
import type { Role } from '../domain/language.ts';
import type { Words } from '../domain/process.ts';
import type { Department } from '../store/departments.ts';
import type { Locale } from './problem.ts';
import { presentDepartment } from './routes/departments/present.ts';

const ROLE_NAMES: Readonly<Record<Role, Words>> = {
  requester: { zh: '申请岗', en: 'requester' },
  'sharing-lead': { zh: '共享负责人', en: 'sharing lead' },
  reviewer: { zh: '审核岗', en: 'reviewer' },
  authority: { zh: '主管岗', en: 'authority' },
  auditor: { zh: '审计岗', en: 'auditor' },
  administrator: { zh: '管理岗', en: 'administrator' },
  integrator: { zh: '集成账号', en: 'integrator' },
};

/** Departments that are not known before there is a case. */
const PARTIES: Readonly<Record<string, Words>> = {
  requester: { zh: '申请部门', en: 'Requester' },
  provider: { zh: '提供部门', en: 'Provider' },
};

const LOOPS = {
  provider: { zh: '每个提供部门', en: 'Each provider' },
  subject: { zh: '每项资源', en: 'Each resource' },
} as const;

/** What is written in a diagram of a route, in the reader's language. */
export function diagramWords(departments: readonly Department[], locale: Locale): DiagramWords {
  const say = (words: Words): string => words[locale];
  return {
    seat({ role, department: side }, department) {
      const party = department === undefined ? PARTIES[side] : undefined;
      const { name, nameEn } = presentDepartment(department ?? side, departments);
      return `${party ? say(party) : say({ zh: name, en: nameEn })} · ${say(ROLE_NAMES[role])}`;
    },
    loop: (over) => say(LOOPS[over]),
    filed: say({ zh: '提交', en: 'Filed' }),
    granted: say({ zh: '生成授权', en: 'Grant' }),
    ended: say({ zh: '办结', en: 'Closed' }),
    otherwise: say({ zh: '其他情形', en: 'Otherwise' }),
    agreed: say({ zh: '同意', en: 'Agreed' }),
  };
}
