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

export function localeNow(): Locale {
  return i18n.global.locale.value as Locale;
}

export function setLocale(locale: Locale): void {
  i18n.global.locale.value = locale;
  localStorage.setItem(KEPT, locale);
  document.documentElement.lang = locale;
}

document.documentElement.lang = chosen();
