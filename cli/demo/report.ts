import type { Manifest } from '../../domain/grant.ts';

/** One thing that was held against another. */
export interface Checked {
  readonly check: 'rows' | 'content' | 'masks' | 'digest' | 'manifest' | 'replay';
  readonly ok: boolean;
  readonly expected: string;
  readonly found: string;
}

export interface Step {
  readonly at: string;
  readonly account: string;
  readonly action: string;
}

export interface RequestReport {
  readonly scenario: string;
  readonly title: string;
  readonly case: { readonly id: string; readonly number: string; readonly status: string };
  readonly requester: string;
  readonly provider: string;
  readonly steps: readonly Step[];
  readonly grant: { readonly id: string; readonly number: string };
  readonly delivery: { readonly id: string; readonly seconds: number; readonly manifest: Manifest };
  readonly replay: { readonly verdict: string; readonly events: number; readonly decisions: number };
  readonly checks: readonly Checked[];
}

export interface DemoReport {
  readonly ok: boolean;
  readonly platform: { readonly url: string; readonly startedHere: boolean };
  readonly requests: readonly RequestReport[];
  readonly seconds: number;
}
