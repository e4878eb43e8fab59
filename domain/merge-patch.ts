/** What a JSON merge patch (RFC 7396) makes of a document: null removes a member, lists are replaced as a whole. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name];
    else if (value !== undefined) merged[name] = mergePatch(merged[name], value);
  }
  return merged;
}

/**
 * The document with a value at a JSON pointer (RFC 6901); objects on the way come to be, `-` adds to a list. Undefined
 * where the pointer leads nowhere.
 */
export function withValueAt(document: unknown, pointer: string, value: unknown): unknown {
  const [empty, ...parts] = pointer.split('/').map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  return empty === '' ? placed(document ?? {}, parts, value) : undefined;
}

function placed(document: unknown, [part, ...rest]: readonly string[], value: unknown): unknown {
  if (part === undefined) return value;
  if (Array.isArray(document)) {
    const index = part === '-' ? document.length : /^\d+$/.test(part) ? Number(part) : -1;
    if (index < 0 || index > document.length) return undefined;
    const inner = placed(document[index] ?? {}, rest, value);
    return inner === undefined ? undefined : [...document.slice(0, index), inner, ...document.slice(index + 1)];
  }
  if (!isObject(document) || part === '__proto__') return undefined;
  const inner = placed(document[part] ?? {}, rest, value);
  return inner === undefined ? undefined : { ...document, [part]: inner };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a JSON pointer (RFC 6901); undefined where it leads nowhere. */
export function valueAt(document: unknown, pointer: string): unknown {
  const [empty, ...parts] = pointer.split('/').map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (empty !== '') return undefined;
  return parts.reduce<unknown>((at, part) => {
    if (Array.isArray(at)) return /^\d+$/.test(part) ? (at[Number(part)] as unknown) : undefined;
    return isObject(at) && Object.hasOwn(at, part) ? at[part] : undefined;
  }, document);
}
