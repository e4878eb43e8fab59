import type { components } from '../../api/schema.ts';

type Schemas = components['schemas'];

export type Person = Schemas['Person'];
export type PersonDetail = Schemas['PersonDetail'];
export type PersonAction = Schemas['PersonAction']['action'];
export type DirectoryChange = Schemas['DirectoryChange'];
export type KeptDepartment = Schemas['KeptDepartment'];
export type Absence = Schemas['Absence'];
export type Role = Person['roles'][number];

/** Those of a department; the last three sit in the data bureau only. */
export const ROLES = [
  'requester',
  'sharing-lead',
  'reviewer',
  'integrator',
  'authority',
  'auditor',
  'administrator',
] as const satisfies readonly Role[];
export type Link = Schemas['Link'];
export type LinkWithRuns = Schemas['LinkWithRuns'];
export type Alert = Schemas['Alert'];
export type AlertRule = Schemas['AlertRule'];
export type NewAlertRule = Schemas['NewAlertRule'];
export type SourceTest = Schemas['DataSourceTest'];
export type Webhook = Schemas['Webhook'];
export type WebhookDelivery = Schemas['WebhookDelivery'];
