import { type Language, type Say, sayIn } from './language.ts';
import { wordFor } from './words.ts';

export interface Streams {
  out(text: string): void;
  err(text: string): void;
  readonly isTerminal: boolean;
}

/** Where commands put what they found: for a person as text, with `--json` as one document on standard output. */
export interface Output {
  readonly json: boolean;
  readonly language: Language;
  readonly say: Say;
  readonly isTerminal: boolean;
  word(word: string | null | undefined): string;
  /** A department or an entry by its name in the language. */
  name(named: { readonly name: string; readonly nameEn: string }): string;
  /** The result: `document` with `--json`, the lines otherwise. */
  result(document: unknown, lines: () => readonly string[]): void;
  /** Something on the way, for people only; with `--json` nothing. */
  note(line: string): void;
  /** To standard error, also with `--json`. */
  warn(line: string): void;
}

export function createOutput(
  streams: Streams,
  options: { readonly json: boolean; readonly language: Language },
): Output {
  const { json, language } = options;
  return {
    ...{ json, language },
    say: sayIn(language),
    isTerminal: streams.isTerminal && !json,
    word: (word) => wordFor(word, language),
    name: ({ name, nameEn }) => (language === 'zh' ? name : nameEn),
    result(document, lines) {
      if (json) streams.out(`${JSON.stringify(document, undefined, 2)}\n`);
      else
        streams.out(
          lines()
            .map((line) => `${line}\n`)
            .join(''),
        );
    },
    note(line) {
      if (!json) streams.out(`${line}\n`);
    },
    warn(line) {
      streams.err(`${line}\n`);
    },
  };
}

/** Rows under headings, columns as wide as their widest cell; Chinese characters take two places. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = headings.map((heading, at) =>
    Math.max(...[heading, ...rows.map((row) => row[at] ?? '')].map(widthOf)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => cell + ' '.repeat(Math.max(0, (widths[at] ?? 0) - widthOf(cell))))
      .join('  ')
      .trimEnd();
  return [line(headings), line(widths.map((width) => '─'.repeat(width))), ...rows.map(line)];
}

/** `label  value` lines, aligned. */
export function fields(pairs: readonly (readonly [label: string, value: string])[]): string[] {
  const width = Math.max(...pairs.map(([label]) => widthOf(label)));
  return pairs.map(([label, value]) => `${label}${' '.repeat(width - widthOf(label))}  ${value}`);
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;

export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += WIDE.test(character) || (character.codePointAt(0) ?? 0) > 0x1f2ff ? 2 : 1;
  return width;
}
