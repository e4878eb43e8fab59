export function programPath(name: string): string | undefined;
export function installPrograms(): string[];
