import { findGrant, type GrantRow } from '../store/grants.ts';
import type { CallerCall } from './endpoint.ts';
import { Problem } from './problem.ts';
import { viewerOf } from './reach.ts';
import { type GrantContext, presentGrant } from './routes/grants/present.ts';
import type { RouteDeps } from './routes/deps.ts';

type Deps = Pick<RouteDeps, 'db' | 'policies' | 'departments'>;
type Asked = Pick<CallerCall<unknown, unknown, unknown>, 'actor' | 'at'>;

/** A grant that the caller may see. @throws {Problem} NotFound, whether there is none or it is none of theirs */
export async function visibleGrant({ db, policies }: Deps, id: string, { actor }: Asked): Promise<GrantRow> {
  const row = await findGrant(db, id, viewerOf(policies, actor, 'grant'));
  if (!row) throw new Problem('NotFound');
  return row;
}

export async function grantContext(
  { policies, departments }: Pick<Deps, 'policies' | 'departments'>,
  { actor, at }: Asked,
): Promise<GrantContext> {
  return { actor, at, policies, departments: await departments() };
}

export async function grantFor(deps: Deps, row: GrantRow, asked: Asked) {
  return presentGrant(row, await grantContext(deps, asked));
}
