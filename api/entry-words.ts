import type { DriftCode } from '../domain/drift.ts';
import type { EntryFaultCode } from '../domain/catalogue-faults.ts';

/** What the API itself finds wrong with a draft's filing or suggestions. */
type FilingCode =
  | DriftCode
  | 'DraftUnknown'
  | 'KindUnfit'
  | 'AssessmentMissing'
  | 'DraftOutdated'
  | 'SuggestionUnknown'
  | 'SuggestionOutdated';

type Shared = 'Duplicate' | 'DuplicateItem' | 'DepartmentUnknown';

/** What is wrong with an entry or its draft, and with filing it for publication. */
export const ENTRY_WORDS = {
  Missing: ['此项必填', 'This is required'],
  MalformedCode: ['目录代码格式不正确', 'The code is malformed'],
  MalformedId: [
    '标识只能由小写字母、数字和下划线组成，以字母开头，不超过63个字符',
    'An id is of small letters, digits and underscores, begins with a letter, and has at most 63',
  ],
  KeyUnknown: ['主键“{item}”不是信息项', 'The key “{item}” is no item'],
  LengthMissing: ['字符型信息项须写明长度', 'An item of text states its length'],
  LengthNotPositive: ['长度应为正整数', 'A length is a whole number above 0'],
  PersonalGradeTooLow: ['个人信息不得定为1级', 'Personal information is never of grade 1'],
  MaskNeedsText: ['只有文本可以脱敏', 'Only text can be masked'],
  ConditionsMissing: ['有条件共享须写明使用范围和用途', 'A conditional entry states its scope and purposes'],
  ConditionsNotAllowed: ['只有有条件共享的目录可以设条件', 'Only a conditional entry states conditions'],
  BasisMissing: [
    '不予共享须写明依据文件、层级和条款（《政务数据共享条例》第十二条）',
    'What is withheld names document, level and article (R809 Art.12)',
  ],
  BasisNotAllowed: ['予以共享的目录不写不予共享依据', 'What is shared names no basis for withholding'],
  LevelUnknown: [
    '依据须为法律、行政法规或国务院决定',
    'Only a law, an administrative regulation or a State Council decision may withhold',
  ],
  ModeMissing: ['须写明共享方式', 'At least one share mode is stated'],
  ModeNotAllowed: ['不予共享的目录没有共享方式', 'What is withheld has no share mode'],
  ShareTypeWider: ['信息项的共享类型不得宽于目录', 'An item is not shared more widely than its entry'],
  ShareTypeMixed: [
    '信息项只能与目录同类型或不予共享，请另编目录',
    'An item is shared as its entry is, or withheld: put it into another entry',
  ],
  ClassificationUnknown: ['没有分类“{name}”', 'No such classification: “{name}”'],
  OpennessNotAllowed: ['不予共享的数据不向社会开放', 'What is withheld is not opened'],
  OpennessWider: ['信息项的开放不得宽于目录', 'An item is not opened more widely than its entry'],
  OpennessConditionsMissing: ['有条件开放须写明条件', 'Conditional openness states its conditions'],
  OpennessConditionsNotAllowed: ['只有有条件开放可以设条件', 'Only conditional openness states conditions'],
  PersonalNotOpened: [
    '个人信息脱敏后也不得开放（脱敏不等于匿名化）',
    'Personal information is not opened, also when masked: masking does not anonymise',
  ],
  RelatedUnknown: ['没有目录“{entry}”', 'No such entry: “{entry}”'],
  SourceUnknown: ['“{source}”不是本部门的数据源', '“{source}” is no data source of the department'],
  ColumnMissing: ['所挂接的数据中没有字段“{item}”', 'What it is mounted on has no column “{item}”'],
  TypeUnfit: ['类型{type}与所挂接字段的类型{column}不符', 'The type {type} does not fit the column, which is {column}'],
  LengthShorter: [
    '长度{length}小于所挂接字段的长度{column}',
    'The length {length} is shorter than the column’s, {column}',
  ],
  KeyNullable: ['主键“{item}”所挂接的字段可以为空', 'The column of the key “{item}” may be null'],
  MountKindUnfit: ['挂接方式与数据源的类型不符', 'What is mounted does not fit the kind of the data source'],
  MountGone: [
    '数据源中没有所挂接的库表、文件或服务，或无权读取',
    'The source has no such table, file or service, or it may not be read',
  ],
  ColumnGone: ['字段“{item}”（{name}）已不存在', 'The column “{item}” ({name}) is gone'],
  ColumnRetyped: [
    '字段“{item}”（{name}）的类型由{before}变为{after}',
    'The type of the column “{item}” ({name}) was {before} and is {after}',
  ],
  ColumnShortened: [
    '字段“{item}”（{name}）的长度由{before}缩短为{after}',
    'The column “{item}” ({name}) was {before} long and is {after}',
  ],
  ColumnLengthened: [
    '字段“{item}”（{name}）的长度由{before}加长为{after}',
    'The column “{item}” ({name}) was {before} long and has grown to {after}',
  ],
  FileKindUnknown: ['只能挂接 CSV、XLSX 或 JSON Lines 文件', 'Only files of CSV, XLSX or JSON Lines can be mounted'],
  DraftUnknown: ['没有这个草稿', 'No such draft of the department'],
  KindUnfit: ['此事项不适用于该目录', 'This does not fit the entry as it stands'],
  AssessmentMissing: [
    '含个人信息的目录须附个人信息保护影响评估（《政务数据共享条例》第十三条）',
    'An entry with personal information comes with the assessment of its impact (R809 Art.13)',
  ],
  DraftOutdated: ['该目录已有新版本，请从当前版本重新起草', 'The entry has another version since: begin from that one'],
  SuggestionUnknown: ['没有这条建议', 'No such suggestion'],
  SuggestionOutdated: ['草稿已变更，该建议不再适用', 'The draft has changed: the suggestion fits no longer'],
} as const satisfies Readonly<Record<Exclude<EntryFaultCode, Shared> | FilingCode, readonly [zh: string, en: string]>>;
