import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../../config.ts';
import { connectorTests } from '../support/connector-tests.ts';
import { postgresConnector } from '../support/connectors.ts';
import { kingbaseSource } from './examples/kingbase.ts';

test('adding-a-connector.md shows the example as it is tested here', async () => {
  const [page, code, table] = await Promise.all([
    readFile(join(projectRoot, 'docs/adding-a-connector.md'), 'utf8'),
    readFile(join(import.meta.dirname, 'examples/kingbase.ts'), 'utf8'),
    readFile(join(import.meta.dirname, 'connector.test.ts'), 'utf8'),
  ]);
  // The page leaves the imports out.
  expect(page).toContain(code.slice(code.search(/^(?!import)\S/m)).trim());
  expect(page).toContain(table.slice(table.lastIndexOf('const kingbase =')).trim());
});

const kingbase = postgresConnector('KingbaseES', kingbaseSource);

connectorTests([[kingbase, postgresConnector()]]);
