import type { Command } from 'commander';
import { MASK_LABELS } from '../../domain/catalogue-labels.ts';
import type { EntryDetail, EntrySummary } from '../answers.ts';
import { type Adding, part } from '../context.ts';
import { limitOf, listed, moreLine, USUAL_LIMIT } from '../lists.ts';
import { fields, type Output, table } from '../output.ts';
import { addCatalogueFileCommands } from './catalogue-files.ts';

interface SearchOptions {
  readonly provider?: string;
  readonly shareType?: string;
  readonly classification?: string;
  readonly limit: string;
}

export function addCatalogueCommands(program: Command, adding: Adding): void {
  const { say, act } = adding;
  const group = program.command('catalogue').description(say('目录', 'the catalogue'));
  group
    .command('search')
    .argument('[text]', say('要找的文字', 'text to look for'))
    .description(say('检索目录', 'search the catalogue'))
    .option('--provider <department>', say('提供部门的 id', 'id of the providing department'))
    .option('--share-type <type>', 'unconditional | conditional | withheld')
    .option('--classification <text>', say('分类', 'classification'))
    .option('--limit <n>', say('最多条数', 'at most so many'), USUAL_LIMIT)
    .action(
      act<SearchOptions>(async ({ platform, output }, { limit, provider, shareType, classification }, q) => {
        const most = limitOf(limit, say);
        const query = { q, provider, shareType, classification };
        const list = await listed<EntrySummary>(await platform.connect(), '/api/catalogue', { query, limit: most });
        const headings = [
          'id',
          say('名称', 'name'),
          say('提供部门', 'provider'),
          say('共享类型', 'share type'),
          say('代码', 'code'),
        ];
        output.result(list, () => [
          ...table(
            headings,
            list.items.map((one) => [
              one.id,
              output.name(one),
              output.name(one.provider),
              output.word(one.shareType),
              one.code,
            ]),
          ),
          ...moreLine(list, say),
        ]);
      }),
    );
  group
    .command('show')
    .argument('<entry>', say('目录的 id', 'id of the entry'))
    .description(say('一条目录的全部内容', 'one entry in full'))
    .action(
      act(async ({ platform, output }, _, id = '') => {
        const entry = await (await platform.connect()).get<EntryDetail>(`/api/catalogue/${part(id)}`);
        output.result(entry, () => entryLines(entry, output));
      }),
    );
  addCatalogueFileCommands(group, adding);
}

function entryLines(entry: EntryDetail, { say, word, name }: Output): string[] {
  const { conditions, withheldBasis } = entry;
  return [
    `${name(entry)}  ${word(entry.shareType)}`,
    '',
    ...fields([
      ['id', `${entry.id} v${entry.version}`],
      [say('代码', 'code'), entry.code],
      [say('提供部门', 'provider'), name(entry.provider)],
      [say('摘要', 'summary'), entry.summary],
      [say('主键', 'key'), entry.key.join(', ')],
      [say('来源', 'provenance'), entry.provenance],
      ...(conditions
        ? ([
            [say('共享条件', 'conditions'), conditions.scope],
            [say('可用于', 'purposes'), conditions.purposes.join('、')],
          ] as const)
        : []),
      ...(withheldBasis
        ? ([[say('依据', 'basis'), `${withheldBasis.document}${withheldBasis.article}`]] as const)
        : []),
    ]),
    '',
    ...table(
      [say('信息项', 'item'), say('名称', 'name'), say('类型', 'type'), say('最低脱敏', 'least mask')],
      entry.items.map((item) => [
        item.id,
        name(item),
        `${item.type}${item.length ?? ''}`,
        item.mask === 'none' ? '–' : `${say(...MASK_LABELS[item.mask])} (${item.mask})`,
      ]),
    ),
  ];
}
