import type { components } from './schema.ts';

type Schemas = components['schemas'];

export type Me = Schemas['Me'];
export type Task = Schemas['Task'];
export type CaseSummary = Schemas['CaseSummary'];
export type CaseDetail = Schemas['Case'];
export type Deadline = Schemas['Deadline'];
export type Offered = Schemas['OfferedAction'];
export type RecordedEvent = Schemas['RecordedEvent'];
export type EntrySummary = Schemas['EntrySummary'];
export type EntryFound = Schemas['EntryFound'];
export type Entry = Schemas['Entry'];
export type EntryUse = Schemas['EntryUse'];
export type Need = Schemas['Need'];
export type NeedAction = Schemas['NeedAction'];
export type Delivery = Schemas['Delivery'];
export type Item = Schemas['Item'];
export type Grant = Schemas['Grant'];
export type Notice = Schemas['Notice'];
export type Counts = Schemas['Counts'];
export type RowScope = Schemas['RowScope'];
export type Condition = RowScope['all'][number];
export type CaseAction = Schemas['CaseAction'];
export type Application = Schemas['Application'];
export type DepartmentRef = { readonly id: string; readonly name: string; readonly nameEn: string };
export type Role = Me['roles'][number];
