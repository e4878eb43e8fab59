import type { Knex } from 'knex';
import type { ServiceTerms } from '../domain/service.ts';
import { insertService } from '../store/services.ts';

const USUAL: Omit<ServiceTerms, 'name' | 'filters'> = {
  parameters: [],
  pageLimit: 1_000,
  timeoutMs: 5_000,
  maxBytes: 8 * 1024 * 1024,
  status: 'open',
};

/** What can be called in the demonstration: real divisions, and synthetic companies with masked items. */
const SERVICES = [
  {
    id: 'divisions',
    provider: 'civil-affairs',
    entryId: 'divisions-2026',
    terms: {
      ...USUAL,
      name: '行政区划查询',
      filters: [
        { item: 'code', kinds: ['equal', 'in'] },
        { item: 'parent_code', kinds: ['equal'] },
        { item: 'level', kinds: ['equal', 'range'] },
      ],
    },
  },
  {
    id: 'companies',
    provider: 'market-regulation',
    entryId: 'companies',
    terms: {
      ...USUAL,
      name: '企业登记信息查询',
      filters: [
        { item: 'credit_code', kinds: ['equal', 'in'] },
        { item: 'district_code', kinds: ['equal', 'in'] },
        { item: 'established_on', kinds: ['range'] },
      ],
    },
  },
] as const satisfies readonly {
  readonly id: string;
  readonly provider: string;
  readonly entryId: string;
  readonly terms: ServiceTerms;
}[];

/** Those that are not there yet; one that was changed stays as it is. */
export async function seedServices(transaction: Knex): Promise<void> {
  for (const service of SERVICES) {
    await insertService(transaction, { ...service, changedBy: `${service.provider}.reviewer` });
  }
}
