/** What an entry may say, in the order of the 2017 guide (发改高技〔2017〕1272号); the API refuses anything else with a reason. */
export const BASES = ['人口', '法人', '自然资源和空间地理', '社会信用', '电子证照'] as const;

export const THEMES = [
  '监督治理',
  '城市大脑',
  '疫情防控',
  '营商环境',
  '全民住房保障',
  '全民社会保障',
  '全民健康保障',
  '药品安全监管',
  '安全生产监督',
  '市场价格监管',
  '金融监管',
  '能源安全保障',
  '信用体系建设',
  '生态环境保护',
  '应急维稳保障',
  '行政执法监督',
  '民主法治建设',
  '执政能力建设',
  '食品安全监管',
  '公共资源交易',
  '投资审批',
  '教育科技',
  '交通',
  '旅游',
] as const;

export const CYCLES = ['realtime', 'daily', 'weekly', 'monthly', 'quarterly', 'yearly', 'irregular'] as const;
export const FORMATS = [
  'database/postgresql',
  'database/mysql',
  'file/csv',
  'file/xlsx',
  'file/jsonl',
  'service/http',
] as const;
export const SHARE_TYPES = ['unconditional', 'conditional', 'withheld'] as const;
export const MODES = ['batch', 'service', 'file'] as const;
export const OPENNESS = ['closed', 'conditional', 'unconditional'] as const;
export const LEVELS = ['law', 'administrative-regulation', 'state-council-decision'] as const;
export const ITEM_TYPES = ['C', 'N', 'Y', 'D', 'T', 'L', 'M', 'G', 'B', 'I', 'F'] as const;
export const GRADES = [1, 2, 3, 4] as const;
export const MASKS = [
  'none',
  'name',
  'mobile',
  'id-card',
  'bank-card',
  'address',
  'email',
  'plate',
  'pseudonym',
  'whole',
] as const;
