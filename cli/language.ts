export type Language = 'zh' | 'en';

/** Picks what to say in the language of the person: Chinese first. */
export type Say = (zh: string, en: string) => string;

export function sayIn(language: Language): Say {
  return (zh, en) => (language === 'zh' ? zh : en);
}

/** The language is needed before the arguments are parsed, as help and faults of usage are said in it. */
export function languageIn(args: readonly string[]): Language {
  const at = args.indexOf('--lang');
  const given = at >= 0 ? args[at + 1] : args.find((arg) => arg.startsWith('--lang='))?.slice('--lang='.length);
  return given === 'en' ? 'en' : 'zh';
}
