type Words = Readonly<Record<string, readonly [zh: string, en: string]>>;

/** What is wrong with a route, by the codes of domain/route-check.ts, and with what it is made from. */
export const ROUTE_WORDS = {
  DuplicateId: ['环节编号重复', 'The id of the block is taken by another'],
  IdReserved: ['“{id}”是保留的编号', 'The id “{id}” is reserved'],
  SeatTwice: [
    '同一角色不能既按人设席又设共用席位',
    'A role has a seat for each holder or one that any may take, not both',
  ],
  IdUnreadable: [
    '编号只能由小写字母、数字、点和连字符组成，不超过60个字符',
    'An id is of small letters, digits, dots and hyphens, at most 60',
  ],
  EmptySequence: ['顺序块中没有环节', 'The sequence is empty'],
  EmptyGroup: ['块中没有环节', 'The block is empty'],
  NestedForEach: ['按提供部门展开的块不能嵌套', 'A for-each over providers cannot stand inside another'],
  NoOtherwise: ['条件分支缺少“否则”分支，可能无路可走', 'The choice has no branch for what no condition holds of'],
  ConditionUnsound: ['条件不能使用：{why}', 'The condition cannot be used: {why}'],
  LimitNotPositive: ['期限应为正整数工作日', 'A limit is a whole number of working days above 0'],
  PromiseNotPositive: ['承诺时限应为正整数工作日', 'A promise is a whole number of working days above 0'],
  PromiseBeyondLaw: ['承诺时限不得长于法定期限', 'A promise is no longer than the limit of the law'],
  ExtensionNotPositive: ['延期天数应为正整数工作日', 'An extension is a whole number of working days above 0'],
  ReminderOutside: [
    '提醒应在期限之内：不小于0且小于期限',
    'A reminder falls within the limit: at least 0 and less than it',
  ],
  RestartsFromDay: [
    '从表单日期起算的期限不能因补正重新起算',
    'A limit that counts from a day of the form does not start again after a supplement',
  ],
  DayUnknown: ['表单中没有日期“{from}”', 'The form has no date “{from}”'],
  RefileNotPositive: ['再次提交的天数应为正整数', 'The days to file again are a whole number above 0'],
  NoBasis: ['环节缺少签署依据', 'Signatures of the stage rest on nothing'],
  NoSeat: ['环节没有席位', 'The stage has no seat'],
  VoteNotAFraction: ['票签比例应为不大于1的正分数', 'A vote passes at a fraction above 0 and at most 1'],
  NoAssignee: ['没有人担任“{role}”（{department}）', 'Nobody holds the role “{role}” ({department})'],
  TooFewHolders: [
    '“{role}”（{department}）只有{holders}人，不足以分别签署',
    'Only {holders} hold the role “{role}” ({department}): too few, as nobody signs twice',
  ],
  DepartmentUnknown: ['没有部门“{department}”', 'No such department: “{department}”'],
  DepartmentNotAParty: [
    '部门“{department}”不是该事项的当事方',
    'The department “{department}” is not a party to the case',
  ],
  OneSource: ['须在“from”和“route”中任选其一', 'Give either “from” or “route”'],
  VersionUnknown: ['没有这个版本', 'No such version'],
} as const satisfies Words;

/** What is wrong with a subscription to the catalogue, or with a need. */
export const CATALOGUE_WORDS = {
  WantedInPast: ['需要日期早于今天', 'The day by which it is wanted is before today'],
  NotOneWord: ['每个同义词只能是一个词，不含空格和标点', 'Each synonym is one word, without spaces and commas'],
  SynonymsKnown: ['这些词已经是同义词', 'These words are synonyms already'],
  OneTarget: ['只能在目录、提供部门和检索条件中任选其一', 'Give one of entry, provider and search'],
} as const satisfies Words;

/** What is wrong with an absence that is to be entered. */
/** What can be wrong with people and departments as administrators keep them. */
export const DIRECTORY_WORDS = {
  AccountTaken: ['该账号已被使用', 'The account is taken'],
  DepartmentUnknown: ['没有这个部门', 'There is no such department'],
  DepartmentOver: ['该部门已停用，不能再加人', 'The department has ended: nobody can be added to it'],
  DepartmentPeopled: [
    '该部门还有 {n} 个在用账号，先把他们调走或停用',
    'The department still has {n} active accounts: move or deactivate them first',
  ],
  DepartmentTaken: ['该部门标识已被使用', 'The id is taken by another department'],
  CreditCodeTaken: ['该统一社会信用代码属于另一个部门', 'The credit code is that of another department'],
  RoleElsewhere: [
    '主管、审计、管理三种角色只在数据局有效，不能给其他部门的人员',
    'Authority, auditor and administrator count in the data bureau only: they cannot be given elsewhere',
  ],
  RoleBesideWatch: ['审计和管理不能与其他角色同时持有', 'Auditing and administering go with no other role'],
  SettingOutside: ['须在 {least} 到 {most} 之间', 'It must be from {least} to {most}'],
  LastAdministrator: ['这是最后一个管理账号，先另设一个', 'It is the last administrator: appoint another first'],
  OwnAccount: ['不能停用或改动自己的角色和部门', 'Nobody changes their own roles or department'],
  PasswordWrong: ['现在的密码不正确', 'The present password is wrong'],
  PasswordSame: ['新密码不能与现在的相同', 'The new password must be another one'],
  PasswordLikeAccount: ['新密码不能包含账号', 'The new password must not hold the account'],
} as const satisfies Words;

export const ABSENCE_WORDS = {
  DayPast: ['起始日早于今天', 'The first day is before today'],
  DaysReversed: ['末日早于起始日', 'The last day is before the first'],
  StandInIsAbsent: ['代理人不能是本人', 'Nobody stands in for themselves'],
  StandInElsewhere: ['代理人须为同一部门的人员', 'The stand-in must be of the same department'],
  StandInBarred: [
    '审计员和管理员不办理事项，不能代理',
    'Auditors and administrators decide nothing, also not for somebody else',
  ],
  AbsenceOverlaps: ['与该人员已有的代理日期重叠', 'The person has another absence on some of these days'],
  StandInCycle: [
    '代理人在此期间又由本人代理，形成循环',
    'On some of these days the stand-in is stood in for by this very person',
  ],
} as const satisfies Words;
