import { ref, watch } from 'vue';
import type { EntrySummary } from '../api/types.ts';
import { session } from '../session.ts';

/** What somebody means to ask for, over several providers, in one case. */
export type Basketed = Pick<EntrySummary, 'id' | 'name' | 'nameEn' | 'provider' | 'shareType'>;

/** As many further resources as an application may name, and the first one. */
export const MOST = 21;

const key = (): string => `santong.basket:${session.me?.person.id ?? ''}`;

function read(): Basketed[] {
  return JSON.parse(localStorage.getItem(key()) ?? '[]') as Basketed[];
}

export const basket = ref<Basketed[]>([]);

watch(
  () => session.me?.person.id,
  () => (basket.value = read()),
  { immediate: true },
);

function keep(entries: Basketed[]): void {
  basket.value = entries;
  localStorage.setItem(key(), JSON.stringify(entries));
}

export function isIn(id: string): boolean {
  return basket.value.some((one) => one.id === id);
}

/** Resources of one request are of one share type, so that one limit holds for all of it. */
export function mayAdd({ id, shareType }: EntrySummary): boolean {
  const [first] = basket.value;
  return !isIn(id) && basket.value.length < MOST && (!first || first.shareType === shareType);
}

export function add({ id, name, nameEn, provider, shareType }: EntrySummary): void {
  if (!isIn(id)) keep([...basket.value, { id, name, nameEn, provider, shareType }]);
}

export function remove(ids: readonly string[]): void {
  keep(basket.value.filter(({ id }) => !ids.includes(id)));
}
