import { computed, type Ref, type WritableComputedRef } from 'vue';

/** A member of something that may lack it, for a control: what is empty there is absent here. */
export function member<T extends object, K extends keyof T>(of: Ref<T>, name: K): WritableComputedRef<string> {
  return computed({
    get: () => String(of.value[name] ?? ''),
    set: (value) => put(of.value, name, value === '' ? undefined : (value as T[K])),
  });
}

/** Sets a member, or takes it away. */
export function put<T extends object, K extends keyof T>(of: T, name: K, value: T[K] | undefined): void {
  if (value === undefined) delete of[name];
  else of[name] = value;
}

/** A member of a member that may not be there: it comes to be with its first part, and goes with its last. */
export function inner<T extends object, K extends keyof T>(
  of: Ref<T>,
  name: K,
  part: keyof NonNullable<T[K]>,
): WritableComputedRef<string> {
  return computed({
    get: () => String((of.value[name] as NonNullable<T[K]> | undefined)?.[part] ?? ''),
    set: (value) => {
      const whole = { ...(of.value[name] as object | undefined) } as NonNullable<T[K]>;
      put(whole as object, part as never, (value === '' ? undefined : value) as never);
      put(of.value, name, Object.keys(whole).length > 0 ? whole : undefined);
    },
  });
}
