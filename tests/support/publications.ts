import type { Answer, Api } from './api.ts';
import { draftBy, entryBody } from './drafts.ts';
import { until } from './until.ts';

export const REVIEWER = 'public-security.reviewer';
export const LEAD = 'public-security.lead';
export const AUTHORITY = 'data-bureau.authority';

type Members = Record<string, unknown>;

/** Cases of publication of public security, filed and decided over HTTP. The workers run. */
export interface Publications {
  /** The assessments that come with what is published. */
  assessed(): Members;
  file(about: Record<string, string>, form: Members, account?: string): Promise<Answer>;
  decide(account: string, caseId: string, stage: string, action?: object): Promise<void>;
  comesTo(caseId: string, status: string): Promise<void>;
  /** Files, and has both the lead and the authority agree. */
  carried(about: Record<string, string>, form: Members): Promise<string>;
  /** The id of a new entry. */
  published(changes?: Members): Promise<string>;
  changed(entryId: string, changes: Members): Promise<void>;
}

export async function publicationsOf(api: Api): Promise<Publications> {
  const upload = { raw: '评估', headers: { 'Content-Type': 'application/octet-stream' } };
  const { body: attachment } = await api.ask(REVIEWER, 'POST', '/api/attachments?name=a.txt', upload);
  const assessed = (): Members => ({ secrecy: [attachment.id], personalInformation: [attachment.id] });

  const publications: Publications = {
    assessed,
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
      const filed = await publications.file(about, form);
      expect(filed.body).toMatchObject({ kind: 'publication' });
      const { id } = filed.body;
      await publications.decide(LEAD, id, 'lead');
      await publications.decide(AUTHORITY, id, 'authority');
      await publications.comesTo(id, 'completed');
      return id;
    },

    async published(changes = {}) {
      const { id, entryId } = (await draftBy(api, REVIEWER, entryBody(changes))).body;
      await publications.carried({ draftId: id }, { kind: 'publish', ...assessed() });
      return entryId;
    },

    async changed(entryId, changes) {
      const { id } = (await api.ask(REVIEWER, 'POST', '/api/catalogue/drafts', { body: { entryId } })).body;
      const edit = { body: changes, headers: { 'If-Match': '*' } };
      await api.ask(REVIEWER, 'PATCH', `/api/catalogue/drafts/${id}`, edit);
      await publications.carried({ draftId: id }, { kind: 'change', ...assessed() });
    },
  };
  return publications;
}
