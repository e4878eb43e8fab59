import { createI18n } from 'vue-i18n';
import en from './messages/en.json';
import zh from './messages/zh-CN.json';

export const LOCALES = ['zh-CN', 'en'] as const;
export type Locale = (typeof LOCALES)[number];

const KEPT = 'santong.locale';

/** Chinese unless the reader has chosen English here before. */
function chosen(): Locale {
  return localStorage.getItem(KEPT) === 'en' ? 'en' : 'zh-CN';
}

export const i18n = createI18n({
  legacy: false,
  locale: chosen(),
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': zh, en },
});

const areaWords = import.meta.glob<object>('./areas/*/{zh-CN,en}.json', { import: 'default' });
const loaded = new Map<string, Promise<unknown>>();

/** Brings the words of an area of the portal in, under the area's own name: `areas/audit/en.json` says what `audit.…` is. */
export function loadWords(area: string): Promise<unknown> {
  const loading =
    loaded.get(area) ??
    Promise.all(
      LOCALES.map(async (locale) => {
        const words = await areaWords[`./areas/${area}/${locale}.json`]?.();
        i18n.global.mergeLocaleMessage(locale, { [area]: words });
      }),
    );
  loaded.set(area, loading);
  // What could not be fetched is asked for again by the next page that needs it.
  loading.catch(() => loaded.delete(area));
  return loading;
}

export function localeNow(): Locale {
  return i18n.global.locale.value as Locale;
}

export function setLocale(locale: Locale): void {
  i18n.global.locale.value = locale;
  localStorage.setItem(KEPT, locale);
  document.documentElement.lang = locale;
}

document.documentElement.lang = chosen();
