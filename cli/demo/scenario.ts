import type { MaskRule } from '../../domain/catalogue.ts';
import { COMPOUND_SURNAMES } from '../../domain/masking.ts';

/** What a demonstration asks for, who takes part, and how its outcome is checked without a line of the platform's SQL. */
export interface Scenario {
  readonly key: 'divisions' | 'persons';
  readonly requester: string;
  readonly provider: string;
  readonly entryId: string;
  readonly application: {
    readonly items: readonly string[];
    readonly rowScope: { readonly all: readonly { item: string; operator: string; value: unknown }[] };
    readonly legalBasis: string;
    readonly scenario: string;
    readonly purpose: string;
  };
  /** Who answers, in order: the account and its stage. */
  readonly answers: readonly { readonly account: string; readonly stage: string; readonly opinion: string }[];
  /** What the second to answer finds missing, and what the applicant hands in then. */
  readonly supplement?: { readonly by: string; readonly missing: string; readonly file: string; readonly note: string };
  readonly letter: string;
  readonly check: Check;
}

/**
 * The rows that must have arrived, as SQL over the provider's table written by hand: `select` gives each item as it must
 * look, `where` the rows.
 */
export interface Check {
  readonly table: string;
  readonly where: string;
  readonly select: Readonly<Record<string, string>>;
  readonly key: string;
  /** Items that must be masked, and the rule the application must carry for them. */
  readonly masked: Readonly<Record<string, MaskRule>>;
}

/** Unconditional: the requester's lead, then the provider's lead within one working day (R809 Art.22). */
export const DIVISIONS: Scenario = {
  key: 'divisions',
  requester: 'transport',
  provider: 'civil-affairs',
  entryId: 'divisions-2026',
  application: {
    items: ['code', 'name', 'level', 'parent_code', 'county'],
    rowScope: { all: [{ item: 'code', operator: 'startsWith', value: '2101' }] },
    legalBasis: '《政务数据共享条例》第二十条',
    scenario: '公路路段与客运站点按现行区划代码归集统计',
    purpose: '统一行政区划口径',
  },
  answers: [
    { account: 'transport.lead', stage: 'requester-lead', opinion: '属本局履职所需，同意提出申请' },
    { account: 'civil-affairs.lead', stage: 'provider-lead', opinion: '无条件共享资源，同意提供' },
  ],
  letter: '关于申请共享行政区划代码的函（演示）',
  check: {
    table: 'public.divisions_2026',
    where: `left(code, 4) = '2101'`,
    select: { code: 'code', name: 'name', level: 'level::text', parent_code: 'parent_code', county: 'county' },
    key: 'code',
    masked: {},
  },
};

const SURNAMES = COMPOUND_SURNAMES.join('|');

/** Conditional, with personal information: the provider's reviewer asks once for what is missing. */
export const PERSONS: Scenario = {
  key: 'persons',
  requester: 'civil-affairs',
  provider: 'public-security',
  entryId: 'persons',
  application: {
    items: ['record_no', 'id_card', 'name', 'district_code', 'address', 'mobile'],
    rowScope: { all: [{ item: 'district_code', operator: 'in', value: ['210102', '210106'] }] },
    legalBasis: '《社会救助暂行办法》第五十八条',
    scenario: '和平区、铁西区最低生活保障申请的户籍信息核验',
    purpose: '社会救助资格核验',
  },
  answers: [
    { account: 'civil-affairs.lead', stage: 'requester-lead', opinion: '属低保核验所需，同意提出申请' },
    { account: 'public-security.reviewer', stage: 'provider-reviewer', opinion: '材料齐全，范围与用途相符' },
    { account: 'public-security.lead', stage: 'provider-lead', opinion: '同意按最低脱敏要求提供' },
  ],
  supplement: {
    by: 'public-security.reviewer',
    missing: '缺少加盖公章的核验业务说明',
    file: '低保核验业务说明（演示）.txt',
    note: '已补交核验业务说明',
  },
  letter: '关于申请共享户籍人口基本信息的函（演示）',
  check: {
    table: 'public.persons',
    where: `district_code = '210102' or district_code = '210106'`,
    select: {
      record_no: 'record_no',
      id_card: `overlay(id_card placing repeat('*', length(id_card) - 8) from 5 for length(id_card) - 8)`,
      name: `case when name ~ '^(${SURNAMES}).'
        then overlay(name placing repeat('*', length(name) - 2) from 3)
        else overlay(name placing repeat('*', length(name) - 1) from 2) end`,
      district_code: 'district_code',
      address: `substring(address from '^辽宁省沈阳市[^区县市]+[区县市]') || '****'`,
      mobile: `overlay(mobile placing '****' from 4 for 4)`,
    },
    key: 'record_no',
    masked: { id_card: 'id-card', name: 'name', address: 'address', mobile: 'mobile' },
  },
};

export const SCENARIOS: readonly Scenario[] = [DIVISIONS, PERSONS];
