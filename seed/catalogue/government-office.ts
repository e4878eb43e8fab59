import type { TableEntry } from '../../domain/catalogue.ts';
import { entry, items } from './parts.ts';

export const governmentOfficeEntries: readonly TableEntry[] = [
  entry({
    id: 'holidays',
    code: '301004/000001',
    name: '法定节假日与调休安排',
    nameEn: 'Statutory holidays and make-up workdays',
    summary: '2004年以来国务院办公厅公布的节假日放假与调休上班日期，供工作日计算。',
    provider: 'government-office',
    classification: {},
    updateCycle: 'yearly',
    shareType: 'unconditional',
    shareModes: ['batch', 'file', 'service'],
    items: items(
      ['date', '日期', 'Date', 'D', 0],
      ['year', '年份', 'Year', 'N', 4],
      ['kind', '类别（holiday 放假，make-up 上班）', 'Kind: holiday or make-up workday', 'C', 10],
      ['name', '节日名称', 'Name', 'C', 60],
      ['name_en', '节日英文名称', 'English name', 'C', 60],
      ['in_lieu', '是否调休假', 'Whether taken in lieu', 'L', 0],
    ),
    key: ['date'],
    table: 'holidays',
    provenance: 'npm chinese-days 1.5.7，MIT；来源：国务院办公厅关于部分节假日安排的通知',
  }),
];
