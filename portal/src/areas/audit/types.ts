import type { components } from '../../api/schema.ts';

type Schemas = components['schemas'];

export type CaseState = Schemas['CaseState'];
export type Verification = Schemas['CaseVerification'];
export type Link = Schemas['AuditLink'];
export type Line = Schemas['SharingLine'];
export type Chains = Schemas['Chains'];
export type Handling = Schemas['HandlingFigures'];
export type CaseFigures = Schemas['CaseFigures'];
