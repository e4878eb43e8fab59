import type { TableEntry } from '../../domain/catalogue.ts';
import { entry, items } from './parts.ts';

export const transportEntries: readonly TableEntry[] = [
  entry({
    id: 'district-coordinates',
    code: '223001/000001',
    name: '区县中心坐标与邮政编码',
    nameEn: 'Coordinates and post codes of districts',
    summary: '辽宁省各市、区县的中心经纬度与邮政编码，供运输线路规划使用。',
    provider: 'transport',
    classification: { base: '自然资源和空间地理', theme: '交通' },
    updateCycle: 'irregular',
    shareType: 'unconditional',
    shareModes: ['batch', 'file', 'service'],
    items: items(
      ['line_no', '原始行号', 'Line in the source', 'N', 6],
      ['province', '省', 'Province', 'C', 20],
      ['city', '市', 'City', 'C', 20],
      ['district', '区县', 'District', 'C', 40],
      ['longitude', '经度', 'Longitude', 'N', 0],
      ['latitude', '纬度', 'Latitude', 'N', 0],
      ['post_code', '邮政编码', 'Post code', 'C', 6],
    ),
    key: ['line_no'],
    table: 'district_coordinates',
    provenance: 'PyPI china-region 0.0.11，MIT；区划名称为旧称',
  }),
];
