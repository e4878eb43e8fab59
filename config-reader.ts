import type { SettingName } from './config.ts';
import { Expected } from './config-values.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What is wrong with a setting. */
type Fault = readonly [zh: string, en: string];

/**
 * Names every setting that is missing or malformed, all at once, in Chinese and then in English. Values are not repeated:
 * some are secret.
 */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** In English. */
  readonly faults: readonly string[];

  constructor(faults: readonly Fault[]) {
    super(
      [
        '以下设置缺失或格式不正确：',
        ...faults.map(([zh]) => `  - ${zh}`),
        '说明见 docs/operations.md。',
        'These settings are missing or malformed:',
        ...faults.map(([, en]) => `  - ${en}`),
        'See docs/operations.md.',
      ].join('\n'),
    );
    this.faults = faults.map(([, en]) => en);
  }
}

/** What a program that is started by itself reads its settings by: it ends with what is wrong with them, and no stack. */
export function settingsOrEnd<T>(load: () => T): T {
  try {
    return load();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

export type Reader = ReturnType<typeof reader>;

/** Collects the faults of all settings before anything is refused. An empty value counts as not given, as compose files produce it. */
export function reader(env: Environment) {
  const faults: Fault[] = [];
  const value = (name: SettingName): string | undefined => env[name]?.trim() || undefined;
  const optional = <T>(name: SettingName, parse: (text: string) => T): T | undefined => {
    const text = value(name);
    if (text === undefined) return undefined;
    try {
      return parse(text);
    } catch (error) {
      const expected = error instanceof Expected ? error : new Expected('格式正确的值', 'well formed');
      faults.push([`${name} 应为${expected.zh}`, `${name} must be ${expected.message}`]);
      return undefined;
    }
  };
  return {
    given: (name: SettingName): boolean => value(name) !== undefined,
    optional,
    required: <T>(name: SettingName, parse: (text: string) => T): T | undefined => {
      if (value(name) === undefined) faults.push([`${name} 没有设置`, `${name} is missing`]);
      return optional(name, parse);
    },
    finish(): void {
      if (faults.length > 0) throw new ConfigError(faults);
    },
  };
}

/** `{ [name]: value }`, or nothing: an optional setting is absent, never undefined. */
export function present<N extends string, T>(name: N, value: T | undefined): { readonly [K in N]?: T } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [K in N]?: T });
}
