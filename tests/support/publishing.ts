import { timeOf } from '../../api/time.ts';
import { dateIn } from '../../domain/civil-date.ts';
import type { Answer, Api } from './api.ts';
import { draftBy, entryBody } from './drafts.ts';
import { until } from './until.ts';

export const REVIEWER = 'public-security.reviewer';
export const LEAD = 'public-security.lead';
export const AUTHORITY = 'data-bureau.authority';
export const REJECTION = { action: 'reject', reason: { code: 'other', text: '摘要不清' } };
export const TODAY = dateIn(timeOf(new Date()));

/** Public security publishing entries over REST. Needs workers. */
export interface Publishing {
  /** The assessments that a publication comes with. */
  assessed(): { readonly secrecy: string[]; readonly personalInformation: string[] };
  file(about: Record<string, string>, form: Record<string, unknown>, account?: string): Promise<Answer>;
  decide(account: string, caseId: string, stage: string, action?: object): Promise<void>;
  comesTo(caseId: string, status: string): Promise<void>;
  /** Files, and has both the lead and the authority agree. */
  carried(about: Record<string, string>, form: Record<string, unknown>): Promise<string>;
  /** A new entry. */
  published(changes?: Record<string, unknown>): Promise<string>;
  changed(entryId: string, changes: Record<string, unknown>): Promise<void>;
  entryOf(id: string): Promise<Answer['body']>;
}

export async function publishing(api: Api): Promise<Publishing> {
  const upload = { raw: '评估', headers: { 'Content-Type': 'application/octet-stream' } };
  const secrecy = (await api.ask(REVIEWER, 'POST', '/api/attachments?name=a.txt', upload)).body.id;
  const self: Publishing = {
    assessed: () => ({ secrecy: [secrecy], personalInformation: [secrecy] }),
    file: (about, form, account = REVIEWER) =>
      api.ask(account, 'POST', '/api/cases', { body: { process: 'publication', about, form } }),
    async decide(account, caseId, stage, action = { action: 'approve' }) {
      const { body } = await api.ask(account, 'GET', `/api/cases/${caseId}`);
      const answer = await api.ask(account, 'POST', `/api/tasks/${caseId}.${stage}.1/actions`, {
        body: { ...action, seen: body.form.digest },
      });
      expect(answer.status).toBe(200);
    },
    async comesTo(caseId, status) {
      await until(async () => (await api.ask(REVIEWER, 'GET', `/api/cases/${caseId}`)).body.status === status);
    },
    async carried(about, form) {
      const filed = await self.file(about, form);
      expect(filed.body).toMatchObject({ kind: 'publication' });
      const { id } = filed.body;
      await self.decide(LEAD, id, 'lead');
      await self.decide(AUTHORITY, id, 'authority');
      await self.comesTo(id, 'completed');
      return id;
    },
    async published(changes = {}) {
      const { id, entryId } = (await draftBy(api, REVIEWER, entryBody(changes))).body;
      await self.carried({ draftId: id }, { kind: 'publish', ...self.assessed() });
      return entryId;
    },
    async changed(entryId, changes) {
      const { id } = (await api.ask(REVIEWER, 'POST', '/api/catalogue/drafts', { body: { entryId } })).body;
      const edit = { body: changes, headers: { 'If-Match': '*' } };
      await api.ask(REVIEWER, 'PATCH', `/api/catalogue/drafts/${id}`, edit);
      await self.carried({ draftId: id }, { kind: 'change', changedOn: TODAY, ...self.assessed() });
    },
    entryOf: async (id) => (await api.ask('civil-affairs.requester', 'GET', `/api/catalogue/${id}`)).body,
  };
  return self;
}
