import type { Answer, Api } from './api.ts';

/** A sound draft of an entry of public security, as its reviewer would state it. */
export function entryBody(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name: '居住证持有人',
    nameEn: 'Holders of residence permits',
    summary: '本市有效居住证持有人。',
    classification: { base: '人口', theme: '全民社会保障' },
    format: 'database/postgresql',
    updateCycle: 'daily',
    shareType: 'conditional',
    shareModes: ['batch'],
    conditions: { scope: '本市常住人口', purposes: ['社会救助资格核验'] },
    items: [
      {
        id: 'id_card',
        name: '证件号码',
        nameEn: 'Number',
        type: 'C',
        length: 18,
        grade: 3,
        personal: true,
        mask: 'id-card',
      },
      { id: 'name', name: '姓名', nameEn: 'Name', type: 'C', length: 60, grade: 3, personal: true, mask: 'name' },
      {
        id: 'record_no',
        name: '记录号',
        nameEn: 'Record',
        type: 'C',
        length: 10,
        grade: 2,
        personal: false,
        mask: 'none',
      },
    ],
    key: ['record_no'],
    mount: { sourceId: 'public-security-main', schema: 'public', table: 'persons' },
    provenance: '人口信息系统',
    ...changes,
  };
}

/** Makes a draft by hand. */
export async function draftBy(api: Api, account: string, body: Record<string, unknown> = entryBody()): Promise<Answer> {
  const answer = await api.ask(account, 'POST', '/api/catalogue/drafts', { body: { body } });
  if (answer.status !== 201) throw new Error(`No draft: ${JSON.stringify(answer.body)}`);
  return answer;
}
