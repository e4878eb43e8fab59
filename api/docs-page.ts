import type { createDocument } from 'zod-openapi';
import { escapeHtml as escape } from './html.ts';

type Document = ReturnType<typeof createDocument>;

const STYLE = `body{font:16px/1.6 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f27}
h1,h2{color:#12459b}code,pre{font-family:ui-monospace,monospace;background:#f3f5f9}pre{padding:.75rem;overflow:auto}
summary{cursor:pointer;padding:.35rem 0}.method{display:inline-block;min-width:4.5rem;font-weight:600}
table{border-collapse:collapse}td,th{padding:.25rem .75rem .25rem 0;text-align:left;vertical-align:top}`;

/** The document as one plain page: no script, nothing from elsewhere. */
export function docsPage(document: Document): string {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    (['get', 'post', 'put', 'patch', 'delete'] as const).flatMap((method) => {
      const operation = item?.[method];
      return operation ? [{ path, method, operation }] : [];
    }),
  );
  const tags = [...new Set(operations.map(({ operation }) => operation.tags?.[0] ?? ''))];
  const sections = tags.map((tag) => {
    const own = operations.filter(({ operation }) => operation.tags?.[0] === tag);
    return `<h2 id="${escape(tag)}">${escape(tag)}</h2>${own.map(section).join('')}`;
  });
  const schemas = Object.entries(document.components?.schemas ?? {}).map(
    ([name, schema]) =>
      `<details id="schema-${escape(name)}"><summary><code>${escape(name)}</code></summary>${json(schema)}</details>`,
  );
  const links = tags.map((tag) => `<a href="#${escape(tag)}">${escape(tag)}</a>`).join(' · ');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(document.info.title)} API</title><style>${STYLE}</style></head><body><main>
<h1>${escape(document.info.title)} API</h1><p>${escape(document.info.description ?? '')}</p>
<p><a href="/api/openapi.json">openapi.json</a> · ${links}</p>
${sections.join('')}<h2 id="schemas">schemas</h2>${schemas.join('')}</main></body></html>`;
}

type Operation = NonNullable<NonNullable<NonNullable<Document['paths']>[string]>['get']>;

function section({ path, method, operation }: { path: string; method: string; operation: Operation }): string {
  const { parameters, requestBody, responses, summary = '' } = operation;
  const answers = Object.entries(responses ?? {}).map(
    ([status, response]) => `<tr><th>${status}</th><td>${json(response)}</td></tr>`,
  );
  return `<details><summary><span class="method">${method.toUpperCase()}</span><code>${escape(path)}</code>
${escape(summary)}</summary>${parameters ? `<h4>parameters</h4>${json(parameters)}` : ''}
${requestBody ? `<h4>body</h4>${json(requestBody)}` : ''}<h4>answers</h4><table>${answers.join('')}</table></details>`;
}

function json(value: unknown): string {
  return `<pre>${escape(JSON.stringify(value, undefined, 2))}</pre>`;
}
