import type { TableMount } from './catalogue.ts';
import type { DraftItem, EntryDraft } from './catalogue-draft.ts';
import type { DatabaseKind } from './data-source.ts';
import type { ItemType } from './catalogue.ts';

/** A table or view as it was found in a department's database. */
export interface FoundTable {
  readonly kind: 'table' | 'view';
  readonly comment?: string;
  readonly columns: readonly {
    readonly name: string;
    readonly type: ItemType;
    readonly length?: number;
    readonly comment?: string;
  }[];
  readonly key: readonly string[];
  readonly rows?: { readonly count: number; readonly exact: boolean };
  readonly lastUpdate?: { readonly at: string };
}

const LONGEST_NAME = 100;

/** Where it was found. */
interface Found {
  readonly mount: TableMount;
  /** The source's name. */
  readonly source: string;
  readonly kind: DatabaseKind;
  readonly provider: string;
}

/**
 * The draft entry for a table: what the database itself says of it. Share type, classification and whatever else only a
 * person can say stay open.
 */
export function draftOf(table: FoundTable, { mount, source, kind, provider }: Found): EntryDraft {
  const name = nameIn(table.comment) ?? mount.table;
  return {
    name,
    nameEn: wordsOf(mount.table),
    summary: summaryOf(table, mount, source),
    provider,
    format: `database/${kind}`,
    items: table.columns.map(itemOf),
    key: table.key,
    mount,
    provenance: `${source} ${mount.schema}.${mount.table}`,
  };
}

function itemOf({ name, type, length, comment }: FoundTable['columns'][number]): DraftItem {
  return {
    id: name,
    name: nameIn(comment) ?? name,
    nameEn: wordsOf(name),
    type,
    ...(length === undefined ? {} : { length }),
  };
}

/** The first line of a comment, up to what follows a middle dot or a semicolon: `企业登记信息 · 合成数据` is `企业登记信息`. */
function nameIn(comment = ''): string | undefined {
  const [first = ''] = comment.trim().split(/\s+[·|]\s+|[;；\n\r]/u);
  return first === '' ? undefined : first.trim().slice(0, LONGEST_NAME);
}

/** `legal_representative` as `Legal representative`. */
function wordsOf(id: string): string {
  const words = id.replaceAll('_', ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function summaryOf(
  { kind, comment, columns, rows, lastUpdate }: FoundTable,
  mount: TableMount,
  source: string,
): string {
  const what = `${source}的${kind === 'view' ? '视图' : '库表'} ${mount.schema}.${mount.table}`;
  const size = rows === undefined ? [] : [`${rows.exact ? '' : '约'}${rows.count}行`];
  const latest = lastUpdate === undefined ? [] : [`数据最近更新于${lastUpdate.at}`];
  const facts = [what, ...size, `${columns.length}个信息项`, ...latest].join('，');
  const said = comment?.trim() ?? '';
  return said === '' ? `${facts}。` : `${said}。${facts}。`;
}
