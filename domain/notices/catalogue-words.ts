/** What is told of entries of the catalogue and of needs, in the shape of the table in words.ts. */
export const CATALOGUE_NOTICES = {
  entryPublished: [
    'catalogue',
    '目录新发布',
    '目录《{title}》（{number}）已发布',
    'Catalogue entry published',
    'The catalogue entry “{title}” ({number}) has been published',
  ],
  entryChanged: [
    'catalogue',
    '目录已更新',
    '目录《{title}》（{number}）有新版本',
    'Catalogue entry changed',
    'The catalogue entry “{title}” ({number}) has a new version',
  ],
  entrySuspended: [
    'catalogue',
    '目录已暂停',
    '目录《{title}》（{number}）已暂停共享',
    'Catalogue entry suspended',
    'The catalogue entry “{title}” ({number}) is suspended',
  ],
  entryResumed: [
    'catalogue',
    '目录已恢复',
    '目录《{title}》（{number}）已恢复共享',
    'Catalogue entry resumed',
    'The catalogue entry “{title}” ({number}) is shared again',
  ],
  needMatched: [
    'catalogue',
    '需求已匹配目录',
    '需求《{title}》（{number}）已匹配到目录，可以申请',
    'Need matched',
    'An entry of the catalogue meets the need “{title}” ({number}): it can be asked for',
  ],
  needAssigned: [
    'catalogue',
    '需求已确定数源部门',
    '需求《{title}》（{number}）已确定数源部门',
    'Need assigned',
    'A department was named to supply the need “{title}” ({number})',
  ],
  entryWithdrawn: [
    'catalogue',
    '目录已撤销',
    '目录《{title}》（{number}）已撤销',
    'Catalogue entry withdrawn',
    'The catalogue entry “{title}” ({number}) has been withdrawn',
  ],
} as const;
