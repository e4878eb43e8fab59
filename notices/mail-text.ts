import { type NoticeParams, wordsOf } from '../domain/notices/words.ts';

export interface MailText {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

interface Told {
  readonly kind: string;
  readonly caseId: string | null;
  /** Of the API, where it is not about a case. */
  readonly href: string | null;
  readonly params: NoticeParams;
  readonly at: Date;
}

interface Line {
  readonly zh: string;
  readonly en: string;
  readonly link: string | undefined;
}

const CLOSING = {
  zh: '此邮件由三通平台自动发出，请勿回复。可在平台的通知设置中更改接收方式。',
  en: 'Sent by Santong; please do not reply. How you are told can be changed in your notice settings.',
} as const;

/** What a mail says, Chinese first and English second, as plain text and as HTML. `publicUrl`: where the platform is seen. */
export function mailText(
  { notices, isDaily }: { readonly notices: readonly Told[]; readonly isDaily: boolean },
  publicUrl: string | undefined,
): MailText {
  const lines = notices.map(({ kind, params, caseId, href }): Line => {
    const [zh, en] = [wordsOf(kind, params, 'zh'), wordsOf(kind, params, 'en')];
    const path = caseId === null ? href?.replace(/^\/api/, '') : `/cases/${encodeURIComponent(caseId)}`;
    const link = publicUrl === undefined || path === undefined ? undefined : `${publicUrl}${path}`;
    return { zh: `${zh.subject}：${zh.text}`, en: `${en.subject}: ${en.text}`, link };
  });
  return { subject: subjectOf(notices, isDaily), text: plain(lines), html: html(lines) };
}

function subjectOf(notices: readonly Told[], isDaily: boolean): string {
  const [first] = notices;
  if (isDaily || !first) return `[三通] 今日${notices.length}条通知 · ${notices.length} notices today`;
  const { number = '' } = first.params;
  const [zh, en] = [wordsOf(first.kind, first.params, 'zh'), wordsOf(first.kind, first.params, 'en')];
  return oneLine(`[三通] ${zh.subject} ${number} · ${en.subject}`);
}

function plain(lines: readonly Line[]): string {
  const parts = lines.map(({ zh, en, link }) =>
    [zh, en, ...(link === undefined ? [] : [link])].map(oneLine).join('\n'),
  );
  return `${parts.join('\n\n')}\n\n-- \n${CLOSING.zh}\n${CLOSING.en}\n`;
}

function html(lines: readonly Line[]): string {
  const items = lines.map(({ zh, en, link }) => {
    const where = link === undefined ? '' : `<br><a href="${escape(link)}">查看 · Open</a>`;
    return `<p>${escape(zh)}<br><span lang="en">${escape(en)}</span>${where}</p>`;
  });
  return `<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"></head><body>${items.join('')}<hr><p><small>${CLOSING.zh}<br><span lang="en">${CLOSING.en}</span></small></p></body></html>`;
}

/** What comes from catalogue and forms is text, never markup. */
function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** Whatever breaks lines would let text become a header or a line of its own. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}
