import { LINK_STATES, type LinkState } from '../domain/links.ts';
import { escapeHtml as escape } from './html.ts';
import { KIND_WORDS, PAGE_WORDS, type PageWord, STATE_WORDS } from './links-words.ts';
import type { Locale } from './problem.ts';
import type { LinkAnswer, LinkWithRunsAnswer } from './routes/links/schema.ts';

const STYLE = `body{font:16px/1.6 system-ui,sans-serif;max-width:90rem;margin:1.5rem auto;padding:0 1rem;color:#1b1f27}
h1,h2{color:#12459b}a{color:#12459b}table{border-collapse:collapse;width:100%}caption{text-align:left;color:#5c6370}
td,th{padding:.35rem .75rem .35rem 0;text-align:left;vertical-align:top;border-bottom:1px solid #d9dee8}
.state{font-weight:600;white-space:nowrap}.ok{color:#1f7a36}.late,.waiting{color:#7a4f00}.failing{color:#a3171f}
nav a{margin-right:.75rem}[aria-current]{font-weight:600;text-decoration:none}.wide{overflow-x:auto}
a:focus-visible{outline:3px solid #12459b;outline-offset:2px}`;

interface Shown {
  readonly locale: Locale;
  /** When it was read, RFC 3339. */
  readonly at: string;
}

interface Listed extends Shown {
  readonly query: Readonly<Record<string, string | number | undefined>>;
}

type Text = (word: PageWord) => string;
const textIn =
  (locale: Locale): Text =>
  (word) =>
    PAGE_WORDS[word][locale];

/** Links as one plain page: no script, nothing from elsewhere, every state in words and not by its colour alone. */
export function linksPage(
  { items, nextCursor }: { readonly items: readonly LinkAnswer[]; readonly nextCursor: string | null },
  { query, locale, at }: Listed,
): string {
  const t = textIn(locale);
  const href = (changes: Readonly<Record<string, string | undefined>>): string =>
    hrefOf('/api/links/page', { ...query, lang: locale, ...changes });
  const choices = [undefined, ...LINK_STATES].map((state) => {
    const current = query['state'] === state ? ' aria-current="page"' : '';
    const word = state === undefined ? t('all') : STATE_WORDS[state][locale];
    return `<a href="${href({ state, cursor: undefined })}"${current}>${word}</a>`;
  });
  const heads = (['link', 'states', 'from', 'to', 'success', 'failure', 'next', 'lag', 'runs'] as const).map(
    (word) => `<th scope="col">${t(word)}</th>`,
  );
  const table = `<div class="wide" tabindex="0" role="region" aria-label="${t('title')}"><table>
<caption>${t('asOf')} ${time(at)}</caption><thead><tr>${heads.join('')}</tr></thead>
<tbody>${items.map((link) => row(link, locale)).join('')}</tbody></table></div>`;
  const more = nextCursor === null ? '' : `<p><a href="${href({ cursor: nextCursor })}">${t('more')}</a></p>`;
  return page(t('title'), locale, href({ lang: other(locale) }), [
    `<nav aria-label="${t('states')}">${choices.join('')}</nav>`,
    items.length === 0 ? `<p>${t('none')}</p>` : table,
    more,
  ]);
}

function row(link: LinkAnswer, locale: Locale): string {
  const { id, name, kind, state, lastSuccessAt, nextRunAt } = link;
  const href = hrefOf(`/api/links/${encodeURIComponent(id)}/page`, { lang: locale });
  const cells = [
    stateOf(state, locale),
    place(link.provider, link.source?.name, locale),
    place(link.requester, link.target?.name ?? link.target?.place, locale),
    time(lastSuccessAt),
    failure(link.lastFailure),
    time(nextRunAt),
    lag(link, locale),
    runs(link, locale),
  ];
  return `<tr><th scope="row"><a href="${href}">${escape(name)}</a><br>${KIND_WORDS[kind][locale]}
${escape(link.grant?.number ?? '')}</th>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}

/** One link with its last runs, as a page. */
export function linkPage(link: LinkWithRunsAnswer, { locale, at }: Shown): string {
  const t = textIn(locale);
  const { messages, schedule } = link;
  const facts: readonly (readonly [PageWord, string | undefined])[] = [
    ['kind', `${KIND_WORDS[link.kind][locale]} ${escape(link.grant?.number ?? '')}`],
    ['states', stateOf(link.state, locale)],
    ['now', link.reason ? escape(link.reason.message) : undefined],
    ['from', place(link.provider, link.source?.name, locale)],
    ['to', place(link.requester, link.target?.name ?? link.target?.place, locale)],
    ['schedule', schedule ? escape(schedule.cron ?? schedule.cycle ?? t('onCall')) : undefined],
    ['success', time(link.lastSuccessAt)],
    ['failure', link.lastFailure ? failure(link.lastFailure) : undefined],
    ['next', link.nextRunAt ? time(link.nextRunAt) : undefined],
    ['lag', lag(link, locale)],
    ['dataUpTo', link.dataUpTo === null ? undefined : escape(link.dataUpTo)],
    ['runs', link.runs ? runs(link, locale) : undefined],
    ['messages', messages ? `${messages.waiting} / ${messages.dead}` : undefined],
    ['drifts', link.drifts === null ? undefined : String(link.drifts)],
  ];
  const shown = facts.flatMap(([word, value]) =>
    value === undefined ? [] : [`<tr><th scope="row">${t(word)}</th><td>${value}</td></tr>`],
  );
  const heads = (['began', 'ended', 'outcome', 'rows', 'bytes'] as const).map(
    (word) => `<th scope="col">${t(word)}</th>`,
  );
  const recent = link.recentRuns.map(({ startedAt, endedAt, status, rows, bytes, isIncrement, reason }) => {
    const how = status === 'delivered' ? `（${t(isIncrement ? 'increment' : 'whole')}）` : '';
    const outcome = `${t(status)}${how}${reason ? `<br>${escape(reason.message)}` : ''}`;
    const cells = [time(startedAt), time(endedAt), outcome, number(rows), number(bytes)];
    return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  const table = `<h2>${t('runs')}</h2><table><thead><tr>${heads.join('')}</tr></thead><tbody>${recent.join('')}</tbody></table>`;
  const self = `/api/links/${encodeURIComponent(link.id)}/page`;
  return page(escape(link.name), locale, hrefOf(self, { lang: other(locale) }), [
    `<p><a href="${hrefOf('/api/links/page', { lang: locale })}">${t('back')}</a></p>`,
    `<table><caption>${t('asOf')} ${time(at)}</caption><tbody>${shown.join('')}</tbody></table>`,
    recent.length === 0 ? '' : table,
  ]);
}

function page(title: string, locale: Locale, otherHref: string, parts: readonly string[]): string {
  const [lang, otherLang, name] = locale === 'zh' ? ['zh-CN', 'en', 'English'] : ['en', 'zh-CN', '中文'];
  return `<!doctype html><html lang="${lang}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>${title} · 三通</title><style>${STYLE}</style></head><body>
<header><a href="${otherHref}" lang="${otherLang}" hreflang="${otherLang}">${name}</a></header>
<main><h1>${title}</h1>${parts.join('\n')}</main></body></html>`;
}

const other = (locale: Locale): Locale => (locale === 'zh' ? 'en' : 'zh');

function hrefOf(path: string, query: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return escape(`${path}?${new URLSearchParams(given).toString()}`);
}

const stateOf = (state: LinkState, locale: Locale): string =>
  `<span class="state ${state}">${STATE_WORDS[state][locale]}</span>`;

function place(department: LinkAnswer['provider'], name: string | null | undefined, locale: Locale): string {
  const who = department && (locale === 'zh' ? department.name : department.nameEn);
  return [who, name].flatMap((part) => (part ? [escape(part)] : [])).join('<br>') || '—';
}

/** To the minute, as it is in Asia/Shanghai. */
function time(at: string | null): string {
  return at === null ? '—' : `<time datetime="${at}">${at.slice(0, 16).replace('T', ' ')}</time>`;
}

const failure = (last: LinkAnswer['lastFailure']): string =>
  last === null ? '—' : `${time(last.at)}<br>${escape(last.message)}`;

function lag({ lag: { schedule, source } }: LinkAnswer, locale: Locale): string {
  const t = textIn(locale);
  const parts = [
    schedule === null ? '' : `${t('bySchedule')} ${duration(schedule)}`,
    source === null ? '' : `${t('bySource')} ${duration(source)}`,
  ];
  return parts.filter((part) => part !== '').join('<br>') || '—';
}

function runs({ runs: last }: LinkAnswer, locale: Locale): string {
  if (last === null || last.count === 0) return '—';
  const t = textIn(locale);
  const rate = `${Math.round((last.errorRate ?? 0) * 100)}%`;
  return `${last.count} · ${t('rows')} ${number(last.rows)} · ${t('bytes')} ${number(last.bytes)} · ${t('errors')} ${rate}`;
}

const number = (value: number): string => value.toLocaleString('en-US');

/** `3 d 04:05`, `00:15`: hours and minutes. */
function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const [days, hours] = [Math.floor(minutes / 1_440), Math.floor(minutes / 60) % 24];
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${days > 0 ? `${days} d ` : ''}${two(hours)}:${two(minutes % 60)}`;
}
