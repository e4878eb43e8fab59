import { creditCode } from '../domain/check-digits.ts';
import type { Role } from '../domain/language.ts';

/** A department of the city. Its credit code is well formed (kind 11, organ of state; region 210100) but made up. */
export interface SeedDepartment {
  readonly id: string;
  readonly name: string;
  readonly nameEn: string;
  readonly creditCode: string;
  readonly sort: number;
}

export const AUTHORITY = 'data-bureau';

const NAMES = [
  [AUTHORITY, '沈阳市数据局', 'Data Bureau'],
  ['civil-affairs', '沈阳市民政局', 'Civil Affairs Bureau'],
  ['statistics', '沈阳市统计局', 'Bureau of Statistics'],
  ['government-office', '沈阳市人民政府办公室', 'General Office of the Government'],
  ['market-regulation', '沈阳市市场监督管理局', 'Market Regulation Bureau'],
  ['public-security', '沈阳市公安局', 'Public Security Bureau'],
  ['transport', '沈阳市交通运输局', 'Transport Bureau'],
] as const;

export const departments: readonly SeedDepartment[] = NAMES.map(([id, name, nameEn], index) => ({
  id,
  name,
  nameEn,
  creditCode: creditCode('11', '210100', `X00000${String(index + 1).padStart(2, '0')}`),
  sort: index + 1,
}));

/** The name of a department's database, which is also its login role's. */
export function databaseOf(departmentId: string): string {
  return `dept_${departmentId.replaceAll('-', '_')}`;
}

export function sourceOf(departmentId: string): string {
  return `${departmentId}-main`;
}

export interface SeedAccount {
  readonly account: string;
  /** A made-up name: nobody real holds an account of the demonstration. */
  readonly name: string;
  readonly department: string;
  readonly roles: readonly Role[];
}

const SEATS = [
  ['requester', 'requester'],
  ['lead', 'sharing-lead'],
  ['reviewer', 'reviewer'],
] as const;

const CITY_ACCOUNTS = [
  ['data-bureau.authority', 'authority'],
  ['auditor', 'auditor'],
  ['admin', 'administrator'],
  ['integrator', 'integrator'],
] as const;

const SURNAMES = ['王', '李', '张', '刘', '陈', '杨', '赵', '黄', '周', '吴', '徐', '孙', '马'] as const;
const GIVEN = ['志远', '雅琴', '建国', '丽华', '晓东', '静怡', '文博', '海燕', '思源', '春梅', '立新'] as const;

/** One account for each role in each department, and the four of the whole city. */
export const accounts: readonly SeedAccount[] = [
  ...departments.flatMap(({ id }) =>
    SEATS.map(([seat, role]) => ({ account: `${id}.${seat}`, department: id, roles: [role] })),
  ),
  ...CITY_ACCOUNTS.map(([account, role]) => ({ account, department: AUTHORITY, roles: [role] })),
].map((account, index) => ({
  ...account,
  name: `${SURNAMES[index % SURNAMES.length]}${GIVEN[index % GIVEN.length]}`,
}));
