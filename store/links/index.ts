import type { Knex } from 'knex';
import { LINK_KINDS, type LinkKind, type LinkState, readLinkId } from '../../domain/links.ts';
import type { Viewer } from '../cases.ts';
import { type Page, pageOf, type PageRequest } from '../keyset.ts';
import { GRANT_STATE, grantLinks, IS_LIVE, LIVE_GRANTS } from './grants.ts';
import { platformLinks, webhookLinks } from './messages.ts';
import type { LinkAsk, LinkRow } from './row.ts';
import { SOURCE_STATE, sourceLinks } from './sources.ts';

export { type LinkRun, runsOf } from './grants.ts';
export type { LinkReason, LinkRow } from './row.ts';

const READ: Readonly<Record<LinkKind, (db: Knex, ask: LinkAsk) => Promise<LinkRow[]>>> = {
  grant: grantLinks,
  platform: platformLinks,
  source: sourceLinks,
  webhook: webhookLinks,
};

export interface LinkFilter {
  readonly kind?: LinkKind | undefined;
  readonly state?: LinkState | undefined;
  /** At either end. */
  readonly department?: string | undefined;
}

/** Kind after kind, each in the order of the ids. */
export async function listLinks(
  db: Knex,
  { viewer, filter, page }: { readonly viewer: Viewer; readonly filter: LinkFilter; readonly page: PageRequest },
): Promise<Page<LinkRow>> {
  const { kind: only, state, department } = filter;
  const [fromKind = '', fromRef = ''] = page.after ?? [];
  const rows: LinkRow[] = [];
  for (const kind of LINK_KINDS) {
    const left = page.limit + 1 - rows.length;
    if (left === 0 || kind < fromKind || (only !== undefined && kind !== only)) continue;
    const after = kind === fromKind ? fromRef : '';
    rows.push(...(await READ[kind](db, { viewer, state, department, after, limit: left })));
  }
  return pageOf(rows, page.limit, { placeOf: ({ kind, ref }) => [kind, ref], read: (row) => row });
}

/** A link by its id; undefined also where the viewer may not know of it. */
export async function findLink(db: Knex, id: string, viewer: Viewer): Promise<LinkRow | undefined> {
  const asked = readLinkId(id);
  if (!asked) return undefined;
  const [row] = await READ[asked.kind](db, { viewer, after: '', limit: 1, ref: asked.ref });
  return row;
}

/** How many links there are in each state: of grants, and of sources. */
export const COUNT_LINKS = `select 'grant' as kind, ${GRANT_STATE} as state, count(*) as value
    from ${LIVE_GRANTS} where ${IS_LIVE} group by 2
  union all
  select 'source', ${SOURCE_STATE}, count(*) from data_sources s group by 2`;
