import type { Entry } from '../../../domain/catalogue.ts';
import type { Side } from '../../../domain/reconciliation/spec.ts';
import { type DifferenceFilter, listDifferences } from '../../../store/reconciliation-differences.ts';
import type { Reconciliation } from '../../../store/reconciliations.ts';
import type { Place } from '../../../store/keyset.ts';
import { differencesShown, type ReconciliationDeps } from './context.ts';
import type { CurrentEntries } from './present.ts';

const PAGE = 200;

const KINDS = {
  'only-left': '仅左方有 only left',
  'only-right': '仅右方有 only right',
  differs: '内容不同 differs',
  repeated: '键重复 repeated key',
} as const;
const STATES = { open: '未处理 open', settled: '已处理 settled', gone: '已消失 gone' } as const;
const DECISIONS = {
  left: '左方正确 left is right',
  right: '右方正确 right is right',
  both: '双方均正确 both are right',
  mended: '数据源已更正 source mended',
} as const;
const HIDDEN = { sensitive: '〔敏感 sensitive〕', 'not-shared': '〔未共享 not shared〕' } as const;

interface Exported {
  readonly one: Reconciliation;
  readonly entries: CurrentEntries;
  readonly filter: DifferenceFilter;
}

/** What the caller may see of the differences, page by page, a row for each. */
export async function* differenceRows(
  deps: ReconciliationDeps,
  { one, entries, filter }: Exported,
  call: Parameters<typeof differencesShown>[2],
): AsyncGenerator<readonly string[]> {
  const { key, compare } = one.spec;
  const named = (pair: Readonly<Record<Side, string>>, side: Side) => nameOf(entries[side], pair[side]);
  yield [
    '差异 difference',
    '类型 kind',
    ...key.map((pair) => `${named(pair, 'left')} / ${named(pair, 'right')}`),
    ...compare.flatMap((pair) => [`左 left：${named(pair, 'left')}`, `右 right：${named(pair, 'right')}`]),
    '左方次数 times left',
    '右方次数 times right',
    '说明 explanation',
    '状态 state',
    '处理 settlement',
    '理由 reason',
    '处理人 by',
    '处理部门 department',
    '处理时间 at',
  ];
  let after: Place | undefined;
  do {
    const page = await listDifferences(deps.db, one.id, { filter, page: { limit: PAGE, ...(after ? { after } : {}) } });
    for (const row of await differencesShown(deps, { one, rows: page.items }, call)) {
      const { settlement } = row;
      yield [
        row.id,
        KINDS[row.kind],
        ...(row.key ?? key.map(() => HIDDEN['not-shared'])),
        ...compare.flatMap((_, index) => cellsOf(row.values[index])),
        String(row.times?.left ?? ''),
        String(row.times?.right ?? ''),
        row.explanations.map(sentenceOf).join('；'),
        STATES[row.state],
        settlement ? DECISIONS[settlement.decision] : '',
        settlement?.reason ?? '',
        settlement?.by.name ?? '',
        settlement?.department.name ?? '',
        settlement?.at ?? '',
      ];
    }
    after = page.next;
  } while (after);
}

type Shown = Awaited<ReturnType<typeof differencesShown>>[number];

function cellsOf(value: Shown['values'][number] | undefined): [string, string] {
  const cell = (side: Side): string => {
    const hidden = value?.hidden[side] ?? null;
    return hidden === null ? (value?.[side] ?? '') : HIDDEN[hidden];
  };
  return [cell('left'), cell('right')];
}

function sentenceOf({ before, after, on, shown }: Shown['explanations'][number]): string {
  return [on, `${before ?? '—'} → ${after ?? '—'}`, ...shown].filter((part) => part !== null && part !== '').join(' ');
}

function nameOf(entry: Entry | undefined, id: string): string {
  return entry?.items.find((item) => item.id === id)?.name ?? id;
}
