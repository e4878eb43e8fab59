import type { Entry } from './catalogue.ts';
import type { FileManifest } from './grant.ts';
import type { Grant } from './grant.ts';
import { maskOf } from './sharing.ts';

/** What lies beside a delivered file and says what its columns mean, under which grant it came, and for how long it may be used. */
export interface DataDictionary {
  readonly entry: Pick<Entry, 'id' | 'version' | 'code' | 'name' | 'nameEn' | 'summary' | 'provider'>;
  readonly grant: Pick<Grant, 'id' | 'caseId' | 'requester' | 'purpose' | 'validFrom' | 'validTo' | 'rowScope'>;
  readonly delivery: { readonly id: string; readonly rows: number; readonly endedAt: string };
  readonly file: { readonly name: string; readonly format: string; readonly bytes: number; readonly sha256: string };
  /** In the order of the file's columns. `type` is the guide's letter (发改高技〔2017〕1272号), `column` the source's own type. */
  readonly items: readonly {
    readonly id: string;
    readonly name: string;
    readonly nameEn: string;
    readonly type: string;
    readonly column: string;
    readonly length: number | null;
    readonly mask: string;
    readonly grade: number;
    readonly personal: boolean;
  }[];
}

export function dictionaryOf(
  grant: Grant,
  entry: Entry,
  { manifest, columnTypes }: { readonly manifest: FileManifest; readonly columnTypes: ReadonlyMap<string, string> },
): DataDictionary {
  const { id, version, code, name, nameEn, summary, provider } = entry;
  const { caseId, requester, purpose, validFrom, validTo, rowScope } = grant;
  const { file } = manifest;
  return {
    entry: { id, version, code, name, nameEn, summary, provider },
    grant: { id: grant.id, caseId, requester, purpose, validFrom, validTo, rowScope },
    delivery: { id: manifest.deliveryId, rows: manifest.rows, endedAt: manifest.endedAt },
    file: { name: file.name, format: file.format, bytes: file.bytes, sha256: file.sha256 },
    items: grant.items.map((itemId) => {
      const item = entry.items.find((one) => one.id === itemId);
      if (!item) throw new Error(`Entry ${entry.id} has no item ${itemId}`);
      const mask = maskOf(grant, entry, itemId);
      return {
        id: itemId,
        name: item.name,
        nameEn: item.nameEn,
        type: item.type,
        column: columnTypes.get(itemId) ?? 'text',
        length: item.length ?? null,
        mask,
        grade: item.grade,
        personal: item.personal,
      };
    }),
  };
}

/** The dictionary as a table, one line for each item, for those who read no JSON. */
export function dictionaryRows({ entry, grant, items }: DataDictionary): string[][] {
  const headings = [
    '信息项 item',
    '名称 name',
    '英文名 English name',
    '类型 type',
    '字段类型 column',
    '长度 length',
    '脱敏 mask',
    '分级 grade',
    '个人信息 personal',
    '目录 entry',
    '版本 version',
    '授权 grant',
    '期限自 from',
    '期限至 to',
  ];
  const rows = items.map((item) => [
    item.id,
    item.name,
    item.nameEn,
    item.type,
    item.column,
    item.length === null ? '' : String(item.length),
    item.mask,
    String(item.grade),
    item.personal ? '是 yes' : '否 no',
    `${entry.code} ${entry.name}`,
    String(entry.version),
    grant.id,
    grant.validFrom,
    grant.validTo,
  ]);
  return [headings, ...rows];
}
