type Json = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The JSON merge patch (RFC 7396) that makes one document of another; undefined where they are the same. */
export function patchOf(before: Json, after: Json): Record<string, unknown> | undefined {
  const patch: Record<string, unknown> = {};
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, now] = [before[name], after[name]];
    if (isSame(old, now)) continue;
    if (now === undefined) patch[name] = null;
    else patch[name] = isObject(old) && isObject(now) ? patchOf(old, now) : now;
  }
  return Object.keys(patch).length > 0 ? patch : undefined;
}

/** What a merge patch makes of a document: null removes a member, lists are replaced as a whole. */
export function patched(document: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged: Record<string, unknown> = isObject(document) ? { ...document } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name];
    else merged[name] = patched(merged[name], value);
  }
  return merged;
}

/** A copy without what is undefined, which is as good as absent. */
export function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
