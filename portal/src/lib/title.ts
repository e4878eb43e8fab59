import { type MaybeRefOrGetter, toValue, watchEffect } from 'vue';
import { i18n } from '../i18n.ts';

/** The page's name in the browser's tab: a key of the messages, or a text of its own. */
export function usePageTitle(title: MaybeRefOrGetter<string>): void {
  watchEffect(() => {
    const given = toValue(title);
    const words = i18n.global.te(given) ? i18n.global.t(given) : given;
    document.title = words === '' ? i18n.global.t('shell.name') : `${words} · ${i18n.global.t('shell.name')}`;
  });
}
