/** A piece of a line. */
export type Inline =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'em'; readonly parts: readonly Inline[] }
  | { readonly kind: 'link'; readonly href: string; readonly parts: readonly Inline[] };

export type Block =
  | { readonly kind: 'heading'; readonly level: 2 | 3 | 4; readonly parts: readonly Inline[] }
  | { readonly kind: 'paragraph' | 'quote'; readonly parts: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'list'; readonly isOrdered: boolean; readonly items: readonly (readonly Inline[])[] }
  | {
      readonly kind: 'table';
      readonly head: readonly (readonly Inline[])[];
      readonly rows: readonly (readonly (readonly Inline[])[])[];
    };

/**
 * What Markdown says: headings, paragraphs, lists, tables, quotes, code, emphasis and links. HTML means nothing in it and
 * stays text. The page's own heading is the first level, so that those of the text begin with the second.
 */
export function markdown(source: string): Block[] {
  const lines = source.replaceAll('\r\n', '\n').split('\n');
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length;) {
    const [block, next] = blockAt(lines, at);
    if (block) blocks.push(block);
    at = next;
  }
  return blocks;
}

const HEADING = /^(#{1,6})\s+(.+?)\s*#*$/;
const BULLET = /^\s*[-*+]\s+(.*)$/;
const NUMBER = /^\s*\d{1,3}[.)]\s+(.*)$/;
const QUOTE = /^>\s?(.*)$/;
const FENCE = /^```/;
const RULE = /^\s*\|?\s*:?-{3,}/;

function blockAt(lines: readonly string[], at: number): [Block | undefined, number] {
  const line = lines[at] ?? '';
  if (line.trim() === '') return [undefined, at + 1];
  const heading = HEADING.exec(line);
  if (heading) {
    const level = Math.min(4, Math.max(2, heading[1]?.length ?? 2)) as 2 | 3 | 4;
    return [{ kind: 'heading', level, parts: inline(heading[2] ?? '') }, at + 1];
  }
  if (FENCE.test(line)) {
    const end = lines.findIndex((one, nth) => nth > at && FENCE.test(one));
    const last = end === -1 ? lines.length : end;
    return [{ kind: 'code', text: lines.slice(at + 1, last).join('\n') }, last + 1];
  }
  for (const [pattern, isOrdered] of [
    [BULLET, false],
    [NUMBER, true],
  ] as const) {
    if (!pattern.test(line)) continue;
    const end = endOf(lines, at, (one) => pattern.test(one));
    const items = lines.slice(at, end).map((one) => inline(pattern.exec(one)?.[1] ?? ''));
    return [{ kind: 'list', isOrdered, items }, end];
  }
  if (QUOTE.test(line)) {
    const end = endOf(lines, at, (one) => QUOTE.test(one));
    const text = lines.slice(at, end).map((one) => QUOTE.exec(one)?.[1] ?? '');
    return [{ kind: 'quote', parts: inline(text.join('\n')) }, end];
  }
  if (line.includes('|') && RULE.test(lines[at + 1] ?? '')) {
    const end = endOf(lines, at + 2, (one) => one.includes('|'));
    return [{ kind: 'table', head: cellsOf(line), rows: lines.slice(at + 2, end).map(cellsOf) }, end];
  }
  const end = endOf(lines, at + 1, (one) => one.trim() !== '' && !BEGINS.some((pattern) => pattern.test(one)));
  return [{ kind: 'paragraph', parts: inline(lines.slice(at, end).join('\n')) }, end];
}

/** What ends a paragraph without an empty line. */
const BEGINS = [HEADING, FENCE, BULLET, NUMBER, QUOTE];

function endOf(lines: readonly string[], from: number, fits: (line: string) => boolean): number {
  const end = lines.findIndex((line, at) => at >= from && !fits(line));
  return end === -1 ? lines.length : end;
}

function cellsOf(line: string): Inline[][] {
  const cells = line.trim().replace(/^\|/, '').replace(/\|$/, '').split('|');
  return cells.map((cell) => inline(cell.trim()));
}

const TOKEN = /`([^`\n]+)`|\*\*([^*\n]+)\*\*|\*([^*\s][^*\n]*)\*|\[([^\]\n]+)\]\(([^)\s]+)\)/g;
/** Where a link may lead: to the web, or to a page of this site. */
const SAFE = /^(https?:\/\/|\/(?![/\\]))/i;

function inline(text: string): Inline[] {
  const parts: Inline[] = [];
  let done = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [whole, code, strong, em, label, href] = match;
    if (match.index > done) parts.push({ kind: 'text', text: text.slice(done, match.index) });
    done = match.index + whole.length;
    if (code !== undefined) parts.push({ kind: 'code', text: code });
    else if (strong !== undefined) parts.push({ kind: 'strong', parts: inline(strong) });
    else if (em !== undefined) parts.push({ kind: 'em', parts: inline(em) });
    else if (label !== undefined && href !== undefined && SAFE.test(href))
      parts.push({ kind: 'link', href, parts: inline(label) });
    else parts.push({ kind: 'text', text: whole });
  }
  if (done < text.length) parts.push({ kind: 'text', text: text.slice(done) });
  return parts;
}
