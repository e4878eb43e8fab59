import type { ReplayedDecision } from '../../../domain/replay.ts';
import type { CaseRow } from '../../../store/cases.ts';
import { escapeHtml as escape } from '../../html.ts';
import type { chainsOf } from './chains.ts';

/** How whoever holds the evidence can look into it without the platform. */
export const HOW_TO = `# 怎样核验 · How to verify

不需要服务器和网络。Neither the platform nor a network is needed.

1. \`sha256sum -c SHA256SUMS\`：每个文件是否完整。Whether every part is as it was exported.
2. \`events.jsonl\`：每行一个事件，digest = SHA-256(上一个事件的 digest + 换行 + 办件编号 id + 换行 + {commandId, event, seq} 的规范 JSON)，
   第一个事件之前为空字符串。规范 JSON：成员按名称排序，没有空白。
   One event a line. Its digest is SHA-256 over the digest before it (empty before the first), a line feed, the id of the case,
   a line feed, and the canonical JSON of {commandId, event, seq}: members sorted by name, no white space.
3. \`manifests/\`：每份交付清单的 previous 是同一授权上一份清单的摘要，第一份的是授权 body 的摘要。
   Each manifest holds in \`previous\` the digest (SHA-256 over canonical JSON) of the one before it under the same grant, the
   first that of the grant's \`body\`.
4. \`history/\`：Temporal 的原始历史，可以用 \`POST /api/cases/{id}/replay\` 交回平台重演。
   Temporal's own histories; hand one to \`POST /api/cases/{id}/replay\` to have it run again.
`;

const STYLE = `body{font:15px/1.6 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem;color:#16202e}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}table{border-collapse:collapse;width:100%}
th,td{padding:.35rem .6rem;border-bottom:1px solid #e3e7ed;text-align:left;vertical-align:top}code{font-size:.85em;overflow-wrap:anywhere}`;

interface Indexed {
  readonly row: CaseRow;
  readonly decisions: readonly ReplayedDecision[];
  readonly parts: readonly { readonly path: string; readonly bytes: number; readonly sha256: string }[];
  readonly chains: Awaited<ReturnType<typeof chainsOf>>;
  /** Whether the server still keeps the history. */
  readonly hasHistory: boolean;
  readonly names: ReadonlyMap<string, string>;
  readonly departments: ReadonlyMap<string, string>;
  /** Who exported it, and when. */
  readonly by: { readonly name: string; readonly at: string };
}

/** The evidence as a page that people read: what the case is, who decided what, and every part with its digest. */
export function evidenceIndex({ row, decisions, parts, chains, hasHistory, names, departments, by }: Indexed): string {
  const department = (id: string): string => departments.get(id) ?? id;
  const decided = decisions.map(({ seq, at, actor, capacity, type, verdict, reason }) => [
    String(seq),
    at,
    `${department(capacity.department)} · ${capacity.role} · ${names.get(actor) ?? actor}`,
    verdict === undefined ? type : `${type}: ${verdict}`,
    reason ?? '',
  ]);
  const listed = parts.map(({ path, bytes, sha256 }) => [path, String(bytes), sha256]);
  return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>${escape(row.number)}</title>
<style>${STYLE}</style></head><body>
<h1>证据包 · Evidence ${escape(row.number)}</h1>
<p><b>${escape(row.title)}</b> · ${escape(row.status)}</p>
<p>${escape(department(row.requester))} → ${escape(department(row.provider))} · ${escape(row.openedAt.toISOString())}</p>
<p>导出 · Exported: ${escape(by.name)}, ${escape(by.at)}</p>
<p>事件链 · Chain of events: ${chains.verdict}, ${chains.events}, <code>${escape(chains.digest)}</code></p>
<p>${hasHistory ? '历史在 history/ · The history is in history/' : '服务器已不保存历史 · The server keeps the history no longer'}</p>
<h2>办理 · Decisions</h2>${table(['#', '时间 · when', '谁 · who', '办了什么 · what', '理由 · why'], decided)}
<h2>文件 · Parts</h2>${table(['文件 · part', '字节 · bytes', 'SHA-256'], listed)}
</body></html>
`;
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (name: string, texts: readonly string[]): string =>
    `<tr>${texts.map((text) => `<${name}>${escape(text)}</${name}>`).join('')}</tr>`;
  return `<table><thead>${cells('th', heads)}</thead><tbody>${rows.map((row) => cells('td', row)).join('')}</tbody></table>`;
}
