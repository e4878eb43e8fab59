import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { databaseSource } from '../../activities/transfer/databases.ts';
import { deliver } from '../../activities/transfer/deliver.ts';
import { deliverFile } from '../../activities/transfer/file/deliver.ts';
import { fileOrder, filesIn } from '../support/files.ts';
import { startMariaDb } from '../support/mariadb.ts';
import { ENTRY, transferBench } from '../support/transfer.ts';

test('files are made from MariaDB in every format, with the digest of the same rows in PostgreSQL', async () => {
  const [server, bench, root] = await Promise.all([
    startMariaDb(),
    transferBench(200),
    mkdtemp(join(tmpdir(), 'santong-files-')),
  ]);
  try {
    const database = await server.database();
    // As it is delivered there, but for the phone, which is masked already: masked again it is the same.
    const into = databaseSource('target', 'public-security-main', database.url);
    const { target, sha256 } = await deliver(bench.order('d1', {}, { target: into }));
    const { table } = target;
    const mount = { sourceId: ENTRY.mount.sourceId, schema: database.name, table };
    const source = databaseSource('source', ENTRY.mount.sourceId, database.url);
    for (const format of ['csv', 'xlsx', 'jsonl', 'parquet'] as const) {
      const more = { entry: { ...ENTRY, mount }, source };
      const manifest = await deliverFile(fileOrder(bench, `f-${format}`, { root, ask: { format }, more }));
      expect(manifest).toMatchObject({ rows: 200, sha256, file: { format } });
    }
    const lines = [...(await filesIn(root))].find(([name]) => name.endsWith('.jsonl'))?.[1].toString('utf8') ?? '';
    expect(JSON.parse(lines.split('\n')[0] ?? '')).toMatchObject({ id: 1, phone: '138****0001', active: false });
  } finally {
    await Promise.all([server.stop(), bench.drop(), rm(root, { recursive: true })]);
  }
}, 60_000);
