/** What is said of reconciliations: why two entries cannot be reconciled, and why a run did not come to its end. */
export const RECONCILIATION_WORDS = {
  NotOnTable: [
    '目录没有挂接数据表，不能参与对账；请先由提供部门挂接',
    'The entry is not mounted on a table, so there are no rows to compare: its provider mounts it first',
  ],
  EntryWithheld: ['不予共享的目录不能参与对账', 'What a law withholds takes part in no reconciliation'],
  ItemSensitive: [
    '信息项“{item}”属于敏感数据，不能作为对账的键或条件，也不能展示',
    'The item “{item}” is sensitive: it can be compared, but neither be a key or condition nor be shown',
  ],
  TypesDiffer: [
    '两个信息项的类型不同（{left}、{right}），不能比较',
    'Items of the types {left} and {right} cannot be compared',
  ],
  NotComparable: ['该信息项的类型不能这样比较', 'An item of this type cannot be compared so'],
  WidthUnfit: ['只有文本代码可以补足位数', 'Only codes that are texts are filled to a width'],
  ExplanationNotOpen: [
    '用于说明差异的目录须为无条件共享',
    'The entry that explains differences must be shared unconditionally',
  ],
  UnknownReconciliation: ['该目录没有这项对账', 'There is no such reconciliation of the entry'],
  NoLongerSound: [
    '对账所用的目录已变更，不能再按原设定对账',
    'The entries have changed: they cannot be reconciled in this way any more',
  ],
  SourceChanged: [
    '数据源中已没有目录所载的表或字段',
    'The source no longer has the table or columns that the entry names',
  ],
  SourceSlow: ['数据源在60秒内没有答复', 'The source did not answer within 60 seconds'],
  SourceFailing: ['数据源读取出错', 'The source cannot be read: its database reports an error'],
  SourceOutOfOrder: ['数据源没有按键的顺序返回数据', 'A source did not give its rows in the order of their keys'],
  KindNotReconciled: ['对账目前只支持 PostgreSQL 数据源', 'Only entries on PostgreSQL sources can be reconciled'],
  RunTooLong: ['对账超过10分钟，已停止', 'The run took longer than ten minutes and was stopped'],
  MostRows: ['一方超过500万行，已停止', 'One side has more than five million rows'],
} satisfies Readonly<Record<string, readonly [zh: string, en: string]>>;
