/** A browser and what it runs on, by name; null where it is none that we know. */
export interface Agent {
  /** With its major version: `Edge 140`. */
  readonly browser: string | null;
  readonly system: string | null;
}

/** Browsers name others as well, to be let in: those that nobody else names come first. */
const BROWSERS: readonly (readonly [name: string, mark: RegExp])[] = [
  ['WeChat', /MicroMessenger\/(\d+)/],
  ['QQ', /QQBrowser\/(\d+)/],
  ['Edge', /Edg(?:e|A|iOS)?\/(\d+)/],
  ['Opera', /OPR\/(\d+)/],
  ['Firefox', /(?:Firefox|FxiOS)\/(\d+)/],
  ['Chrome', /(?:HeadlessChrome|Chrome|CriOS)\/(\d+)/],
  ['Safari', /Version\/(\d+)[\d.]* (?:Mobile\/\S+ )?Safari/],
];

const SYSTEMS: readonly (readonly [name: string, mark: RegExp])[] = [
  ['HarmonyOS', /HarmonyOS|OpenHarmony/],
  ['Android', /Android/],
  ['iPhone', /iPhone/],
  ['iPad', /iPad/],
  ['Windows', /Windows/],
  ['macOS', /Mac OS X|Macintosh/],
  ['UOS', /\bUOS\b/],
  ['Kylin', /Kylin/i],
  ['Linux', /Linux/],
];

/** What a User-Agent header says to people. */
export function agentOf(header: string): Agent {
  const browser = BROWSERS.flatMap(([name, mark]) => {
    const version = mark.exec(header)?.[1];
    return version === undefined ? [] : [`${name} ${version}`];
  })[0];
  return { browser: browser ?? null, system: SYSTEMS.find(([, mark]) => mark.test(header))?.[0] ?? null };
}
