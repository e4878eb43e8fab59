/** What is said at the keyboard, in both languages. */
export type Words = readonly [zh: string, en: string];

/**
 * Something that the person at the keyboard can mend. It is printed without a stack, with the ways out, in Chinese and then
 * in English; what a program said of it comes last, as it is.
 */
export class SetUpError extends Error {
  override readonly name = 'SetUpError';
  readonly what: Words;

  constructor(what: Words, waysOut: readonly Words[], said = '') {
    const part = (language: 0 | 1, heading: string): string[] => [
      what[language],
      ...(waysOut.length > 0 ? [heading, ...waysOut.map((way) => `  - ${way[language]}`)] : []),
    ];
    super([...part(0, '可以这样处理：'), ...part(1, 'Ways out:'), ...(said === '' ? [] : [said])].join('\n'));
    this.what = what;
  }
}

/** A program that Santong starts has failed: the reason may lie outside of it. */
export class ProgramFailed extends SetUpError {}

/** The way out of whatever a log explains. */
export function readLog(file: string): Words {
  return [`查看日志 ${file}`, `read ${file}`];
}
