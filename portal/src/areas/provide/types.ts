import type { components } from '../../api/schema.ts';

type Schemas = components['schemas'];

export type DraftSummary = Schemas['EntryDraftSummary'];
export type Draft = Schemas['EntryDraftDetail'];
export type DraftBody = Schemas['EntryDraft'];
export type DraftItem = NonNullable<DraftBody['items']>[number];
export type Suggestion = Draft['suggestions'][number];
export type Fault = Draft['faults'][number];
export type Source = Schemas['DataSource'];
export type SourceTest = Schemas['DataSourceTest'];
export type Compilation = Schemas['Compilation'];
export type CatalogueImport = Schemas['CatalogueImport'];
export type Drift = Schemas['Drift'];
export type Service = Schemas['Service'];
export type Usage = Schemas['GatewayUsage'];
export type UsageRow = Usage['items'][number];
export type Delivery = Schemas['Delivery'];
export type ListedDelivery = Schemas['ListedDelivery'];
export type Verification = Schemas['DeliveryVerification'];
export type Reconciliation = Schemas['Reconciliation'];
export type Difference = Schemas['Difference'];
