import { reactive } from 'vue';
import type { Uploaded } from '../../lib/upload.ts';
import type { Article, ArticleContent, ArticleKind } from './queries.ts';

/** An article as it stands in the form: every field a text. */
export interface Written {
  kind: ArticleKind;
  title: string;
  titleEn: string;
  summary: string;
  summaryEn: string;
  body: string;
  number: string;
  issuedBy: string;
  issuedOn: string;
  inForceFrom: string;
  sourceName: string;
  sourceUrl: string;
  files: Uploaded[];
}

export function emptyArticle(): Written {
  return reactive({
    kind: 'news',
    title: '',
    titleEn: '',
    summary: '',
    summaryEn: '',
    body: '',
    number: '',
    issuedBy: '',
    issuedOn: '',
    inForceFrom: '',
    sourceName: '',
    sourceUrl: '',
    files: [],
  });
}

export function writtenOf({ kind, content, files }: Article): Written {
  const { title, titleEn, summary, summaryEn, body, number, issuedBy, issuedOn, inForceFrom, source } = content;
  return {
    kind,
    title,
    titleEn,
    summary,
    summaryEn,
    body,
    number: number ?? '',
    issuedBy: issuedBy ?? '',
    issuedOn: issuedOn ?? '',
    inForceFrom: inForceFrom ?? '',
    sourceName: source?.name ?? '',
    sourceUrl: source?.url ?? '',
    files: files.map(({ id, name, size }) => ({ id, name, size })),
  };
}

/** As the API takes it: what is empty is left out. */
export function contentOf(written: Written): ArticleContent {
  const { title, titleEn, summary, summaryEn, body, sourceName, sourceUrl, files } = written;
  const facts = (['number', 'issuedBy', 'issuedOn', 'inForceFrom'] as const).flatMap((name) =>
    written[name].trim() === '' ? [] : [[name, written[name].trim()] as const],
  );
  const hasSource = sourceName.trim() !== '' || sourceUrl.trim() !== '';
  return {
    title,
    titleEn,
    summary,
    summaryEn,
    body,
    attachments: files.map(({ id }) => id),
    ...Object.fromEntries(facts),
    ...(hasSource ? { source: { name: sourceName.trim(), url: sourceUrl.trim() } } : {}),
  };
}
