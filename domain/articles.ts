import { isDate } from './civil-date.ts';
import type { Fault } from './language.ts';

/** What the public site says beside data: news, policies and regulations, training material. */
export const ARTICLE_KINDS = ['news', 'policy', 'training'] as const;
export type ArticleKind = (typeof ARTICLE_KINDS)[number];

export const ARTICLE_STATUSES = ['draft', 'published', 'withdrawn'] as const;
export type ArticleStatus = (typeof ARTICLE_STATUSES)[number];

export const ARTICLE_ACTIONS = ['publish', 'withdraw'] as const;
export type ArticleAction = (typeof ARTICLE_ACTIONS)[number];

export interface ArticleContent {
  readonly title: string;
  readonly titleEn: string;
  readonly summary: string;
  readonly summaryEn: string;
  /** Markdown; what looks like HTML in it is text. */
  readonly body: string;
  /** Of a policy: its number (国务院令第809号), who issued it, on which day, and since when it is in force. */
  readonly number?: string;
  readonly issuedBy?: string;
  readonly issuedOn?: string;
  readonly inForceFrom?: string;
  /** Where the whole text stands. */
  readonly source?: { readonly name: string; readonly url: string };
  /** Ids of files that go with it, in order. */
  readonly attachments: readonly string[];
}

/** An article as far as its steps depend on it: `isChanged` where what is written is not what was last published. */
export interface ArticleStanding {
  readonly status: ArticleStatus;
  readonly isChanged: boolean;
}

/** What may be done next: what the public does not see yet is published, what it sees is withdrawn. */
export function articleActions({ status, isChanged }: ArticleStanding): ArticleAction[] {
  const publish: ArticleAction[] = status !== 'published' || isChanged ? ['publish'] : [];
  return status === 'published' ? [...publish, 'withdraw'] : publish;
}

/** What is wrong with what is written, all at once; `isToPublish` asks for what the public needs to know as well. */
export function articleFaults(kind: ArticleKind, content: ArticleContent, isToPublish: boolean): Fault[] {
  const { body, summary, issuedBy, issuedOn, inForceFrom, attachments } = content;
  const dates = Object.entries({ issuedOn, inForceFrom }).flatMap(([name, date]): Fault[] =>
    date === undefined || isDate(date) ? [] : [{ pointer: `/${name}`, code: 'DateUnknown' }],
  );
  const twice = attachments.flatMap((id, at): Fault[] =>
    attachments.indexOf(id) < at ? [{ pointer: `/attachments/${at}`, code: 'Duplicate' }] : [],
  );
  if (!isToPublish) return [...dates, ...twice];
  const needed = { summary, body, ...(kind === 'policy' ? { issuedBy, issuedOn } : {}) };
  const missing = Object.entries(needed).flatMap(([name, value]): Fault[] =>
    value === undefined || value === '' ? [{ pointer: `/${name}`, code: 'Required' }] : [],
  );
  return [...dates, ...twice, ...missing];
}
