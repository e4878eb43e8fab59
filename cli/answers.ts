import type { MaskRule } from '../domain/catalogue.ts';
import type { AnyManifest } from '../domain/grant.ts';
import type { Route } from '../domain/route.ts';
import type { RowScope } from '../domain/row-scope.ts';
import type { ShareRequestForm } from '../domain/share-request.ts';

/** The answers of the REST API, as far as the command line reads them. `/api/openapi.json` describes them in full. */

export interface ListOf<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

export interface DepartmentRef {
  readonly id: string;
  readonly name: string;
  readonly nameEn: string;
}

export interface Offered {
  readonly action: string;
  readonly taskId?: string;
  /** The absent person for whom it may be done. */
  readonly onBehalf?: string;
}

export interface SessionAnswer {
  readonly token: string;
  readonly expiresAt: string;
  readonly person: { readonly id: string; readonly name: string };
  readonly department: DepartmentRef;
  readonly roles: readonly string[];
}

export interface CaseSummary {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly status: string;
  readonly stage: string | null;
  readonly requester: DepartmentRef;
  readonly provider: DepartmentRef;
  readonly applicant: { readonly id: string; readonly name: string };
  readonly form: { readonly id: string; readonly version: number; readonly digest: string; readonly seen: string };
  readonly grantId: string | null;
  readonly dueOn: string | null;
  readonly actions: readonly Offered[];
}

export interface StageAnswer {
  readonly id: string;
  readonly standing: string;
  readonly seat: { readonly role: string; readonly department: DepartmentRef };
  readonly taskId: string | null;
  readonly answer: {
    readonly verdict: string;
    readonly at: string;
    readonly by: { readonly id: string; readonly name: string };
  } | null;
}

export interface CaseDetail extends CaseSummary {
  readonly application: ShareRequestForm;
  readonly rowScopeText: string;
  readonly stages: readonly StageAnswer[];
  readonly refused: readonly Readonly<Record<'entryId' | 'itemId' | 'reason', string>>[];
  readonly supplement: {
    readonly stage: string;
    readonly missing: readonly { readonly part: string; readonly text: string }[];
  } | null;
  readonly delivery: { readonly deliveryId: string; readonly outcome: string; readonly code?: string } | null;
  readonly hindrance: { readonly status: string; readonly reason: { readonly message: string } } | null;
}

export interface TaskAnswer {
  readonly id: string;
  readonly stage: string;
  readonly status: string;
  readonly department: DepartmentRef;
  readonly role: string;
  readonly dueOn: string | null;
  readonly form: { readonly digest: string; readonly seen: string };
  readonly onBehalf: { readonly id: string; readonly name: string } | null;
  readonly case: CaseSummary;
  readonly actions: readonly Offered[];
}

export interface GrantAnswer {
  readonly id: string;
  readonly number: string;
  readonly caseId: string;
  readonly status: string;
  readonly requester: DepartmentRef;
  readonly provider: DepartmentRef;
  readonly entry: { readonly id: string; readonly version: number };
  readonly items: readonly string[];
  readonly masks: Readonly<Record<string, MaskRule>>;
  readonly rowScope: RowScope;
  readonly purpose: string;
  readonly validFrom: string;
  readonly validTo: string;
  readonly deliveries: number;
  readonly schedule: { readonly kind: string; readonly cron?: string };
  readonly nextRunAt: string | null;
  readonly actions: readonly Offered[];
}

export interface DeliveryAnswer {
  readonly id: string;
  readonly grantId: string;
  readonly status: string;
  readonly attempt: number;
  readonly progress: { readonly rowsDone: number; readonly rowsTotal: number | null };
  readonly reason: { readonly code?: string; readonly message?: string } | null;
  readonly manifest: AnyManifest | null;
  readonly createdAt: string;
  readonly endedAt: string | null;
}

export interface EntrySummary {
  readonly id: string;
  readonly version: number;
  readonly code: string;
  readonly name: string;
  readonly nameEn: string;
  readonly summary: string;
  readonly provider: DepartmentRef;
  readonly shareType: string;
  readonly updateCycle: string;
}

export interface EntryDetail extends EntrySummary {
  readonly items: readonly {
    readonly id: string;
    readonly name: string;
    readonly nameEn: string;
    readonly type: string;
    readonly length?: number;
    readonly mask: MaskRule;
  }[];
  readonly key: readonly string[];
  readonly conditions?: { readonly scope: string; readonly purposes: readonly string[] };
  readonly withheldBasis?: { readonly document: string; readonly article: string };
  readonly provenance: string;
}

export interface RouteAnswer {
  readonly id: string;
  readonly latest: { readonly version: number; readonly publishedAt: string };
  readonly drafts: readonly { readonly id: string; readonly updatedAt: string }[];
}

export interface RouteVersionAnswer {
  readonly id: string;
  readonly version: number;
  readonly publishedAt: string;
  readonly publishedBy: { readonly id: string; readonly name: string } | null;
  readonly note: string | null;
  readonly route: Route;
}

export interface MigrationAnswer {
  readonly id: string;
  readonly to: number;
  readonly dryRun: boolean;
  readonly status: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly href: string;
  readonly items: readonly MoveAnswer[];
  readonly nextCursor: string | null;
}

export interface MoveAnswer {
  readonly caseId: string;
  readonly number: string | null;
  readonly from: number | null;
  readonly outcome: string;
  readonly lapsed: readonly string[];
  readonly dropped: readonly string[];
  readonly problem: { readonly code: string; readonly title: string } | null;
}

export interface AbsenceAnswer {
  readonly id: string;
  readonly person: { readonly id: string; readonly name: string };
  readonly standIn: { readonly id: string; readonly name: string };
  readonly department: DepartmentRef;
  readonly from: string;
  readonly until: string;
  readonly standing: string;
}

export interface ReplayAnswer {
  readonly caseId: string;
  readonly verdict: string;
  readonly events: number;
  readonly decisions: readonly {
    readonly seq: number;
    readonly type: string;
    readonly at: string;
    readonly actor: string;
    readonly capacity: { readonly role: string; readonly department: string };
    readonly stage?: string;
    readonly verdict?: string;
    readonly reason?: string;
  }[];
  readonly difference?: {
    readonly seq?: number;
    readonly field: string;
    readonly replayed: string;
    readonly found: string;
  };
  readonly digest: string;
}

export interface CalendarSummaryAnswer {
  readonly version: number;
  readonly source: string;
  readonly official: readonly number[];
  readonly provisional: readonly number[];
  readonly noticeDigest: string | null;
  readonly importedBy: { readonly id: string; readonly name: string } | null;
  readonly createdAt: string;
}

export interface CalendarAnswer extends CalendarSummaryAnswer {
  readonly days: readonly { readonly date: string; readonly kind: string; readonly standing: string }[];
  readonly changes: readonly { readonly date: string; readonly works: boolean }[];
}

export interface CalendarPreviewAnswer {
  readonly year: number;
  readonly source: string;
  readonly standing: string;
  readonly isNew: boolean;
  readonly holidays: readonly { readonly name: string; readonly days: readonly string[] }[];
  readonly makeUpDays: readonly string[];
  readonly changes: CalendarAnswer['changes'];
  readonly remarks: readonly { readonly code: string; readonly message: string }[];
  readonly cases: number;
  readonly dueDates: {
    readonly moved: number;
    readonly first: readonly {
      readonly number: string;
      readonly clock: string;
      readonly from: string;
      readonly to: string;
    }[];
  };
}
