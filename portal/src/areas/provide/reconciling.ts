import type { paths } from '../../api/schema.ts';
import type { RowScope } from '../../api/types.ts';

export type NewReconciliation = paths['/api/reconciliations']['post']['requestBody']['content']['application/json'];

/** A pair as it is typed; the width as a text. */
export interface ItemPair {
  readonly left: string;
  readonly right: string;
  readonly width: string;
}

/** A reconciliation as it is written. */
export interface Written {
  name: string;
  left: { entryId: string; scope: RowScope };
  right: { entryId: string; scope: RowScope };
  key: readonly ItemPair[];
  compare: readonly ItemPair[];
  explainedBy: { entryId: string; before: string; after: string; on: string; digits: string };
}

export const BLANK: Written = {
  name: '',
  left: { entryId: '', scope: { all: [] } },
  right: { entryId: '', scope: { all: [] } },
  key: [{ left: '', right: '', width: '' }],
  compare: [],
  explainedBy: { entryId: '', before: '', after: '', on: '', digits: '' },
};

/** As the API takes it, without what was left empty; what is not a number goes out as it was typed: the API says what is wrong. */
export function bodyOf({ name, left, right, key, compare, explainedBy }: Written): NewReconciliation {
  const number = (text: string): number => (Number.isNaN(Number(text)) ? (text as never) : Number(text));
  const filled = <T extends object>(of: T): T =>
    Object.fromEntries(Object.entries(of).filter(([, value]) => value !== '')) as T;
  const pair = ({ width, ...rest }: ItemPair) => ({
    ...filled(rest),
    ...(width === '' ? {} : { width: number(width) }),
  });
  const side = ({ entryId, scope }: Written['left']) => ({
    ...filled({ entryId }),
    ...(scope.all.length > 0 ? { scope } : {}),
  });
  const { digits, ...explaining } = explainedBy;
  return {
    ...filled({ name }),
    left: side(left),
    right: side(right),
    key: key.map(pair),
    compare: compare.map(pair),
    ...(explaining.entryId === ''
      ? {}
      : { explainedBy: { ...filled(explaining), ...(digits === '' ? {} : { digits: number(digits) }) } }),
  };
}
