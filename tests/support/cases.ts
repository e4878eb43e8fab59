import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { slice } from '../../domain/calendar.ts';
import { type Command, type FileAction, FORM_PARTS, type FormPart, type FormRef } from '../../domain/case.ts';
import { digestOf } from '../../domain/digest.ts';
import type { Actor, Role } from '../../domain/language.ts';
import type { Route } from '../../domain/route.ts';
import { CONDITIONAL } from '../../domain/routes/share-request.ts';
import { scheduleOf } from '../../domain/schedule/schedule.ts';
import type { ShareRequestForm } from '../../domain/share-request.ts';
import { firstCalendar } from '../../seed/calendar.ts';

const calendar = slice(await firstCalendar('data'), 2025, 2029);

export function actor(department: string, role: Role, person = `${department}.${role}`): Actor {
  return { person, department, roles: [role] };
}

export const APPLICANT = actor('civil-affairs', 'requester', 'civil-affairs.requester');
export const REQUESTER_LEAD = actor('civil-affairs', 'sharing-lead', 'civil-affairs.lead');
export const REVIEWER = actor('public-security', 'reviewer', 'public-security.reviewer');
export const PROVIDER_LEAD = actor('public-security', 'sharing-lead', 'public-security.lead');

/** A form of civil affairs over the persons that public security holds. */
export function form(changes: Partial<ShareRequestForm> = {}): ShareRequestForm {
  return {
    entryId: 'persons',
    entryVersion: 1,
    items: ['name', 'id_card', 'mobile', 'address'],
    masks: { name: 'name', id_card: 'id-card', mobile: 'mobile', address: 'address' },
    rowScope: { all: [] },
    legalBasis: '《社会救助暂行办法》第五十八条',
    scenario: '最低生活保障审核确认',
    purpose: '社会救助资格核验',
    mode: 'batch',
    period: { from: '2026-11-01', to: '2027-10-31' },
    warranties: { true: true, lawful: true, necessary: true },
    attachments: [],
    ...changes,
  };
}

/** The reference to a form, as the API makes it. */
export function formRef(body: ShareRequestForm, { id = randomUUID() as string, version = 1 } = {}): FormRef {
  const { entryId, entryVersion, ...rest } = body;
  const values: Record<FormPart, unknown> = { ...rest, entry: { entryId, entryVersion } };
  const parts = Object.fromEntries(FORM_PARTS.map((part) => [part, digestOf(values[part])])) as FormRef['parts'];
  const schedule = body.schedule ? { schedule: scheduleOf(body.schedule, 'daily') } : {};
  return { id, version, digest: digestOf(body), parts, period: body.period, ...schedule };
}

/** The command that begins a case. */
export function filing(
  ref: FormRef,
  {
    route = CONDITIONAL,
    at = '2026-11-25T09:00:00+08:00',
    caseId = randomUUID() as string,
  }: { route?: Route; at?: string; caseId?: string } = {},
): Command<FileAction> & { do: FileAction } {
  return {
    id: `file:${caseId}`,
    at,
    actor: APPLICANT,
    do: {
      action: 'file',
      caseId,
      process: 'share-request',
      route,
      calendar,
      requester: 'civil-affairs',
      provider: 'public-security',
      form: ref,
    },
  };
}

/** Stores a form so that the projection finds it. */
export async function storeForm(knex: Knex, caseId: string, ref: FormRef, body: ShareRequestForm): Promise<void> {
  await knex('forms').insert({
    id: ref.id,
    version: ref.version,
    case_id: caseId,
    body: JSON.stringify(body),
    parts: JSON.stringify(ref.parts),
    digest: ref.digest,
    created_by: APPLICANT.person,
  });
}
