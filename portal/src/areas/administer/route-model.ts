import type { components } from '../../api/schema.ts';
import { i18n } from '../../i18n.ts';
import type { DepartmentRef } from '../../api/types.ts';
import { departmentName, word } from '../../lib/names.ts';

type Schemas = components['schemas'];

export type RouteBody = Schemas['RouteBody'];
export type Block = Schemas['Block'];
export type Stage = Schemas['Stage'];
export type Seat = Schemas['SeatSpec'];
export type Limit = Schemas['Limit'];
export type RouteFault = Schemas['RouteValidation']['faults'][number];
export type Group = Exclude<Block, Stage>;
export type Kind = Block['kind'];

/** A block as a row: how deep it stands, where in the body, and what has to hold for it to be gone by. */
export interface Row {
  readonly block: Block;
  readonly depth: number;
  /** JSON pointer into the draft's body. */
  readonly pointer: string;
  /** CEL over the facts of the form; `otherwise` has none. */
  readonly branch?: { when: string } | 'otherwise';
}

/** What stands directly within a block. */
function childrenOf(block: Block): Omit<Row, 'depth'>[] {
  if (block.kind === 'stage') return [];
  if (block.kind === 'for-each') return [{ block: block.block, pointer: '/block' }];
  if (block.kind !== 'choice') return block.blocks.map((one, at) => ({ block: one, pointer: `/blocks/${at}` }));
  const { otherwise } = block;
  return [
    ...block.branches.map((branch, at) => ({ block: branch.block, pointer: `/branches/${at}/block`, branch })),
    ...(otherwise ? [{ block: otherwise, pointer: '/otherwise', branch: 'otherwise' as const }] : []),
  ];
}

/** All blocks in the order in which a case meets them, parents first. */
export function rowsOf({ root }: Pick<RouteBody, 'root'>): Row[] {
  const within = (row: Row): Row[] => [
    row,
    ...childrenOf(row.block).flatMap((child) =>
      within({ ...child, depth: row.depth + 1, pointer: row.pointer + child.pointer }),
    ),
  ];
  return within({ block: root, depth: 0, pointer: '/root' });
}

/** Where a row stands among its siblings: only those of a list can be moved or taken out. */
export function placeOf(body: RouteBody, { pointer }: Row): { siblings: Block[]; at: number } | undefined {
  const [, parent, at] = /^(.*)\/blocks\/(\d+)$/.exec(pointer) ?? [];
  if (parent === undefined) return undefined;
  const found = rowsOf(body).find((row) => row.pointer === parent)?.block;
  return found && 'blocks' in found ? { siblings: found.blocks, at: Number(at) } : undefined;
}

export function freshId(body: RouteBody, kind: Kind): string {
  const taken = new Set(rowsOf(body).map(({ block }) => block.id));
  for (let number = 1; ; number += 1) if (!taken.has(`${kind}-${number}`)) return `${kind}-${number}`;
}

/** A stage that is like its neighbour in what signatures rest on: what it has to rest on is seldom another. */
export function newStage(body: RouteBody): Stage {
  const like = rowsOf(body).find(({ block }) => block.kind === 'stage')?.block as Stage | undefined;
  return {
    kind: 'stage',
    id: freshId(body, 'stage'),
    seat: { role: 'reviewer', department: 'provider' },
    rule: 'any',
    basis: [...(like?.basis ?? [])],
    mayAskSupplement: true,
  };
}

export function newBlock(body: RouteBody, kind: Kind): Block {
  const stage = newStage(body);
  const id = freshId(body, kind);
  if (kind === 'stage') return stage;
  if (kind === 'for-each') return { kind, id, over: 'provider', block: stage };
  if (kind === 'choice') return { kind, id, branches: [{ when: 'personal', block: stage }] };
  return { kind, id, blocks: [stage] };
}

export function seatsOf({ seat }: Stage): Seat[] {
  return Array.isArray(seat) ? seat : [seat];
}

/** `提供部门 · 审核岗` */
export function seatWords({ role, department, each }: Seat, known: ReadonlyMap<string, DepartmentRef>): string {
  const { t } = i18n.global;
  const found = known.get(department);
  const isParty = department === 'requester' || department === 'provider';
  const side = isParty ? t(`administer.routes.party.${department}`) : found ? departmentName(found) : department;
  return `${side} · ${word('role', role)}${each ? ` · ${t('administer.routes.each')}` : ''}`;
}

export function ruleWords({ rule }: Stage): string {
  const { t } = i18n.global;
  return typeof rule === 'string'
    ? t(`administer.routes.rule.${rule}`)
    : t('administer.routes.rule.vote', { ...rule.vote });
}

export function limitWords(limit: Limit | undefined): string {
  if (!limit) return '—';
  const { t } = i18n.global;
  const { legal, promise, extension, remind, onOverdue } = limit;
  return [
    t('administer.routes.legal', { n: legal }),
    ...(promise === undefined ? [] : [t('administer.routes.promise', { n: promise })]),
    ...(extension === undefined ? [] : [t('administer.routes.extension', { n: extension })]),
    ...(remind && remind.length > 0 ? [t('administer.routes.remind', { n: remind.join('、') })] : []),
    ...(onOverdue ? [t('administer.routes.escalates')] : []),
  ].join(' · ');
}

/** The name of a route: what it is of, and which of several. */
export function routeName(id: string): string {
  const key = `administer.routes.name.${id.replaceAll('/', '-')}`;
  if (i18n.global.te(key) || i18n.global.te(key, 'zh-CN')) return i18n.global.t(key);
  return word('kind', id);
}

/** Everything a block says beside its children, line by line: what is compared between two versions. */
export function linesOf({ block, branch }: Row, known: ReadonlyMap<string, DepartmentRef>): string[] {
  const { t } = i18n.global;
  const parts = (names: readonly string[]): string => names.map((name) => word('part', name)).join('、');
  return [
    t('administer.routes.kindIs', { kind: t(`administer.routes.kind.${block.kind}`) }),
    ...(branch && branch !== 'otherwise' ? [t('administer.routes.when', { when: branch.when })] : []),
    ...(block.kind === 'stage'
      ? [
          ...seatsOf(block).map((seat) => seatWords(seat, known)),
          ruleWords(block),
          t('administer.routes.restsOn', { parts: parts(block.basis) }),
          t(block.mayAskSupplement ? 'administer.routes.maySupplement' : 'administer.routes.noSupplement'),
          ...(block.copies ?? []).map((seat) => t('administer.routes.copied', { seat: seatWords(seat, known) })),
        ]
      : []),
    ...(block.clock ? [limitWords(block.clock)] : []),
  ];
}

export interface Difference {
  readonly id: string;
  readonly what: 'added' | 'removed' | 'changed';
  readonly gone: readonly string[];
  readonly come: readonly string[];
}

/** What a later version of a route has and an earlier has not, block by block. */
export function differencesOf(
  before: RouteBody,
  after: RouteBody,
  known: ReadonlyMap<string, DepartmentRef>,
): Difference[] {
  const { t } = i18n.global;
  const linesIn = (body: RouteBody) =>
    new Map([
      ...rowsOf(body).map((row): [string, string[]] => [row.block.id, linesOf(row, known)]),
      [
        t('administer.routes.whole'),
        [
          ...(body.delivery ? [t('administer.routes.delivery', { limit: limitWords(body.delivery) })] : []),
          ...(body.refileWithin === undefined ? [] : [t('administer.routes.refile', { n: body.refileWithin })]),
        ],
      ],
    ]);
  const [was, is] = [linesIn(before), linesIn(after)];
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((id): Difference[] => {
    const [old, now] = [was.get(id), is.get(id)];
    const gone = (old ?? []).filter((line) => !now?.includes(line));
    const come = (now ?? []).filter((line) => !old?.includes(line));
    if (!old) return [{ id, what: 'added', gone, come }];
    if (!now) return [{ id, what: 'removed', gone, come }];
    return gone.length + come.length > 0 ? [{ id, what: 'changed', gone, come }] : [];
  });
}
