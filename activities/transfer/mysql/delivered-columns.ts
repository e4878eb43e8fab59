import type { Column, TableName } from '../../../sources/columns.ts';
import type { Session } from '../connector.ts';
import type { DeliveredColumn } from '../target-table.ts';
import { columnsOf as physicalColumns } from './columns.ts';
import { canonicalTypes } from './ledger.ts';
import { targetTypes } from './target-types.ts';

/**
 * The columns of a delivered table with the types that they had in the source, as the list of deliveries keeps them: a table
 * of MySQL's does not tell all of them. A column that its department has altered since is what it is now.
 */
export async function columnsOf(session: Session, { schema, table }: TableName): Promise<Map<string, Column>> {
  const physical = await physicalColumns(session, { schema, table });
  const canonical = await canonicalTypes(session, table);
  return new Map(
    [...physical].map(([name, column]) => {
      const given = canonical[name];
      return [
        name,
        given && isMadeFor({ name, about: '', ...given }, column)
          ? { ...column, ...given, category: categoryOf(column, given) }
          : column,
      ];
    }),
  );
}

/** Whether a column is of the type that is made for a canonical one. Texts of any length are alike. */
function isMadeFor(given: DeliveredColumn, { own = '' }: Column): boolean {
  const bare = (type: string): string =>
    type.replace(/^(?:varchar|longtext).*/, 'text').replace(/^(smallint|int|bigint)\(\d+\)$/, '$1');
  return bare(own) === bare(targetTypes([given], [])[0] ?? '');
}

function categoryOf(column: Column, { baseType }: Pick<Column, 'baseType'>): string {
  if (baseType === 'numeric') return 'N';
  return baseType === 'uuid' ? 'U' : column.category;
}
