import type { SettingName } from './config.ts';
import { Expected } from './config-values.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Names every setting that is missing or malformed, all at once. Values are not repeated: some are secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(
      `These settings are missing or malformed:\n${faults.map((fault) => `  - ${fault}`).join('\n')}\nSee docs/operations.md.`,
    );
    this.faults = faults;
  }
}

export type Reader = ReturnType<typeof reader>;

/** Collects the faults of all settings before anything is refused. An empty value counts as not given, as compose files produce it. */
export function reader(env: Environment) {
  const faults: string[] = [];
  const value = (name: SettingName): string | undefined => env[name]?.trim() || undefined;
  const optional = <T>(name: SettingName, parse: (text: string) => T): T | undefined => {
    const text = value(name);
    if (text === undefined) return undefined;
    try {
      return parse(text);
    } catch (error) {
      faults.push(`${name} must be ${error instanceof Expected ? error.message : 'well formed'}`);
      return undefined;
    }
  };
  return {
    given: (name: SettingName): boolean => value(name) !== undefined,
    optional,
    required: <T>(name: SettingName, parse: (text: string) => T): T | undefined => {
      if (value(name) === undefined) faults.push(`${name} is missing`);
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
