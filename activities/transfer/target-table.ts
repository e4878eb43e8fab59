import { digestOf } from '../../domain/digest.ts';
import type { Grant } from '../../domain/grant.ts';
import { maskOf } from '../../domain/sharing.ts';
import type { Staging } from './dialect.ts';

/**
 * The table that holds what is delivered under a grant: the entry's id, readable, and a short digest of the grant's, so
 * that two grants of one entry never share a table. 53 characters at most, so that beginnings and endings find room.
 */
export function targetTableOf(grant: Grant): string {
  const entry = grant.entryId
    .toLowerCase()
    .replace(/[^a-z0-9_]/g, '_')
    .slice(0, 42);
  return `${entry}_${digestOf(grant.id).slice(0, 10)}`;
}

export interface DeliveredColumn {
  readonly name: string;
  /** As in the source; text where it is masked or where the type exists in the source's database only. */
  readonly type: string;
  readonly baseType: string;
  /** For the department that receives it, in Chinese and English. */
  readonly about: string;
}

/** The columns of a table that is delivered, in the order of the grant. */
export function deliveredColumns({ grant, entry, columns }: Omit<Staging, 'deliveryId'>): DeliveredColumn[] {
  return grant.items.map((name) => {
    const column = columns.get(name);
    const isKept = maskOf(grant, entry, name) === 'none' && column?.builtIn === true;
    const item = entry.items.find(({ id }) => id === name);
    return {
      name,
      type: isKept ? column.type : 'text',
      baseType: isKept ? column.baseType : 'text',
      about: `${item?.name} · ${item?.nameEn}`,
    };
  });
}

/** What a table says of itself: which entry, grant and delivery it is of. The delivery comes last. */
export function aboutTable({ grant, entry, deliveryId }: Omit<Staging, 'columns'>): string {
  return `${entry.name} · ${entry.nameEn} · ${grant.id} · ${deliveryId}`;
}
