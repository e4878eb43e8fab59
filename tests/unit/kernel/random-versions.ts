import { FORM_PARTS, type FormPart } from '../../../domain/case.ts';
import type { Block, Route, Stage } from '../../../domain/route.ts';

/** A newer version of a route, in which something is other than it was; `pick` says what. */
export function otherVersion(before: Route, pick: number): Route {
  const version = before.version + 1;
  const { root } = before;
  if (root.kind !== 'sequence') return { ...before, version };
  const { blocks } = root;
  const at = pick % blocks.length;
  const extra: Stage = {
    kind: 'stage',
    id: `new.${version}`,
    seat: { role: 'reviewer', department: 'provider' },
    rule: 'any',
    basis: ['items'],
    mayAskSupplement: true,
    clock: { kind: 'stage', legal: 5, onSupplement: 'restart', remind: [1] },
  };
  const basis: readonly FormPart[] = pick % 2 === 0 ? FORM_PARTS : ['purpose'];
  const change = (one: Block): Block => changedBlock(one, { pick, basis });
  const options: readonly (readonly Block[])[] = [
    blocks.filter((_, index) => index !== at),
    [...blocks, extra],
    [extra, ...blocks],
    blocks.toReversed(),
    blocks.map((one, index) => (index === at ? change(one) : one)),
    blocks.map(change),
  ];
  const chosen = options[Math.floor(pick / 7) % options.length] ?? blocks;
  return { ...before, version, root: { ...root, blocks: chosen.length > 0 ? chosen : blocks } };
}

function changedBlock(one: Block, how: { readonly pick: number; readonly basis: readonly FormPart[] }): Block {
  const { pick, basis } = how;
  if (one.kind === 'sequence' || one.kind === 'tiers' || one.kind === 'parallel') {
    const last = one.blocks.length > 1 && pick % 3 === 0 ? one.blocks.slice(1) : one.blocks;
    return { ...one, blocks: last.map((inner) => changedBlock(inner, how)) };
  }
  if (one.kind === 'for-each') return { ...one, block: changedBlock(one.block, how) };
  if (one.kind === 'choice') return one;
  const kinds: Stage[] = [
    { ...one, basis },
    { ...one, rule: one.rule === 'all' ? 'any' : 'all' },
    { ...one, seat: { role: 'sharing-lead', department: 'provider' } },
    { ...one, clock: { kind: 'stage', legal: 3, onSupplement: 'pause', extension: 2 } },
  ];
  return kinds[pick % kinds.length] ?? one;
}
