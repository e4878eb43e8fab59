import { writeFileSync } from 'node:fs';
import { openApiDocument, documentEndpoints } from './openapi.ts';
import type { RouteDeps } from './routes/deps.ts';
import { endpoints } from './routes/index.ts';

/**
 * Writes the OpenAPI document without a platform, for the build of the portal, whose types are made from it.
 * Nothing that endpoints rely on is looked at before they are asked.
 */
const [target] = process.argv.slice(2);
if (target === undefined) throw new Error('The file to write is missing');
const own = endpoints(absent('a platform') as RouteDeps);
writeFileSync(target, JSON.stringify(openApiDocument([...own, ...documentEndpoints(own)])));

/** Stands in for whatever endpoints are handed when they are described. */
function absent(name: string): unknown {
  return new Proxy(() => undefined, {
    get: (_, member) => absent(`${name}.${String(member)}`),
    apply: () => absent(name),
  });
}
