import type { Knex } from 'knex';

/** What the catalogue is searched by. The rows are made by store/catalogue-search.ts, of current versions only. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    drop index catalogue_entries_search;
    alter table catalogue_entries drop column search;

    create table catalogue_search (
      entry_id text primary key,
      version integer not null,
      code text not null,
      provider_id text not null,
      share_type text not null,
      openness text,
      base text,
      theme text,
      format text not null,
      update_cycle text not null,
      published_at timestamptz not null,
      -- All of these normalised. Name and English name, a line each; the same of the items, with their ids; the rest.
      name text not null,
      items text not null,
      rest text not null,
      -- Initials and full pinyin of the name.
      pinyin text not null,
      -- Names, English names and ids of items as numbers of catalogue_terms.
      terms integer[] not null,
      -- Characters and pairs, each behind a letter that says where it stands: n(ame), i(tems), s(ummary and rest).
      grams text[] not null,
      foreign key (entry_id, version) references catalogue_entries (id, version)
    );
    -- Kept out of line as it is: counting reads many rows and looks into no grams.
    alter table catalogue_search alter column grams set storage external, alter column grams set statistics 500;
    create index catalogue_search_grams on catalogue_search using gin (grams) with (fastupdate = off);
    create index catalogue_search_terms on catalogue_search using gin (terms) with (fastupdate = off);
    create index catalogue_search_name on catalogue_search using gin (name gin_trgm_ops) with (fastupdate = off);
    create index catalogue_search_rest on catalogue_search using gin (rest gin_trgm_ops) with (fastupdate = off);
    create index catalogue_search_pinyin on catalogue_search using gin (pinyin gin_trgm_ops) with (fastupdate = off);
    create index catalogue_search_code on catalogue_search (code text_pattern_ops, entry_id);
    create index catalogue_search_beginning on catalogue_search (name text_pattern_ops);
    create index catalogue_search_order on catalogue_search (code, entry_id);
    create index catalogue_search_published on catalogue_search (published_at, entry_id);
    create index catalogue_search_provider on catalogue_search (provider_id, code, entry_id);
    create index catalogue_search_theme on catalogue_search (theme, code, entry_id);
    create index catalogue_search_base on catalogue_search (base, code, entry_id);
    create index catalogue_search_facets on catalogue_search (provider_id, share_type, theme, base, format);

    -- The same few thousand names of items stand in all entries: words are looked up here once, not in each entry.
    create table catalogue_terms (
      id integer generated always as identity primary key,
      text text not null unique,
      pinyin text not null
    );
    create index catalogue_terms_text on catalogue_terms using gin (text gin_trgm_ops);
    create index catalogue_terms_pinyin on catalogue_terms using gin (pinyin gin_trgm_ops);

    -- Words that mean the same. The authority may change them at any time: they are read at every search.
    create table catalogue_synonyms (
      id integer generated always as identity primary key,
      words text[] not null check (cardinality(words) >= 2)
    );
    create index catalogue_synonyms_words on catalogue_synonyms using gin (words);
  `);
  await knex('catalogue_synonyms').insert(SYNONYMS.map((words) => ({ words: [...words] })));
}

const SYNONYMS = [
  ['身份证', '身份证号', '身份证号码', '公民身份号码', '居民身份证号码'],
  ['统一社会信用代码', '信用代码', '社会信用代码'],
  ['手机', '手机号', '手机号码', '移动电话'],
  ['电话', '联系电话', '电话号码'],
  ['住址', '地址', '居住地址'],
  ['户籍', '户口'],
  ['企业', '公司', '市场主体', '经营主体'],
  ['法人', '法人单位'],
  ['法定代表人', '法人代表'],
  ['低保', '最低生活保障'],
  ['社保', '社会保险'],
  ['医保', '医疗保险', '基本医疗保险'],
  ['公积金', '住房公积金'],
  ['不动产', '房产', '房屋'],
  ['驾照', '驾驶证', '机动车驾驶证'],
  ['车牌', '车牌号', '号牌', '机动车号牌'],
  ['营业执照', '工商登记', '企业登记'],
  ['区划', '行政区划'],
  ['经济普查', '普查'],
  ['出生日期', '出生年月', '生日'],
  ['学历', '文化程度'],
  ['邮箱', '电子邮箱', '电子邮件'],
  ['gdp', '地区生产总值', '国内生产总值'],
] as const;
