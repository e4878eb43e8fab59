import type { Knex } from 'knex';
import { findPublished } from '../store/articles.ts';
import { findEntry } from '../store/catalogue.ts';
import { openEntry } from '../domain/open-entry.ts';

/** What a page of the public site is called before any script has run: for search engines and shared links. */
export interface PageTitle {
  readonly title: string;
  readonly description: string;
}

const SITE = '沈阳市政务数据共享';

const SECTIONS: Readonly<Record<string, PageTitle>> = {
  '': { title: SITE, description: '目录、统计、新闻、政策法规和培训资料，不用登录。' },
  data: { title: `数据 · ${SITE}`, description: '各部门共享的数据目录：名称、提供部门、共享类型和更新周期。' },
  statistics: { title: `统计 · ${SITE}`, description: '多少部门提供数据、多少授权在用、答复一般要几个工作日。' },
  news: { title: `新闻 · ${SITE}`, description: '政务数据共享的新闻和通知。' },
  policies: { title: `政策法规 · ${SITE}`, description: '政务数据共享依据的法律、行政法规和文件。' },
  training: { title: `培训资料 · ${SITE}`, description: '怎样申请、审核、编目和使用共享数据。' },
  search: { title: `综合检索 · ${SITE}`, description: '一次检索目录、政策、新闻和培训资料。' },
};

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
const ID = /^[\w.:~+=@-]{1,260}$/;

/** The title of an address of the public site; undefined for any other page and for what is not public. */
export function publicTitles(db: Knex): (path: string) => Promise<PageTitle | undefined> {
  return async function titleOf(path) {
    const [, site, section = '', id, ...more] = path.replace(/\/$/, '').split('/');
    if (site !== 'open' || more.length > 0) return undefined;
    if (id === undefined) return SECTIONS[section];
    if (section === 'data' && ID.test(id)) {
      const found = await findEntry(db, id);
      if (!found || found.status === 'withdrawn') return undefined;
      const { name, summary = '不予共享' } = openEntry(found);
      return { title: `${name} · ${SITE}`, description: summary };
    }
    const article = section === 'articles' && UUID.test(id) ? await findPublished(db, id) : undefined;
    return article && { title: `${article.content.title} · ${SITE}`, description: article.content.summary };
  };
}
