import { computed, type MaybeRefOrGetter, toValue, watchEffect } from 'vue';
import { i18n, localeNow } from '../../i18n.ts';
import { useRoute } from 'vue-router';

/** A title in the reader's language; in Chinese where nobody has written an English one. */
export function titleOf({ title, titleEn }: { readonly title: string; readonly titleEn: string }): string {
  return localeNow() === 'en' && titleEn !== '' ? titleEn : title;
}

export function summaryOf({ summary, summaryEn }: { readonly summary: string; readonly summaryEn: string }): string {
  return localeNow() === 'en' && summaryEn !== '' ? summaryEn : summary;
}

/** The name of a page of the public site in the browser's tab, as search engines read it. */
export function useOpenTitle(title: MaybeRefOrGetter<string>): void {
  watchEffect(() => {
    const given = toValue(title);
    const site = i18n.global.t('open.site');
    document.title = given === '' ? site : `${given} · ${site}`;
  });
}

/** One value of the address. */
export function useAddress(names: readonly string[]) {
  const route = useRoute();
  return computed(() =>
    Object.fromEntries(
      names.map((name) => {
        const value = route.query[name];
        return [name, typeof value === 'string' && value !== '' ? value : undefined];
      }),
    ),
  );
}

/** Full dates: what stands here is read for years. */
export function dayWords(time: string): string {
  return time.slice(0, 10);
}
