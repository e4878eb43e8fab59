import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileBaseOf, fileNamesOf } from '../../../domain/file-delivery.ts';
import type { FileManifest, Grant } from '../../../domain/grant.ts';
import type { FilePlace, Writing } from './place.ts';

const PARTIAL = '.partial_';
/** Longer than any delivery is let run, so that what is older belongs to none. */
const STALE_MS = 13 * 3_600_000;

/**
 * A folder of the requester's below the root, with a folder of its own for each delivery. Written under another name and
 * renamed when all of it is on the disk: one step of the file system, after which everything is there.
 */
export function folderPlace(root: string, { grant, deliveryId }: { grant: Grant; deliveryId: string }): FilePlace {
  const names = fileNamesOf(grant.entryId, deliveryId, grant.file?.format ?? 'csv');
  const base = fileBaseOf(grant.entryId, deliveryId);
  const department = join(root, fileBaseOf('', grant.requester).slice(1));
  const final = join(department, base);
  const mark = `${PARTIAL}${base}_`;
  return {
    name: `${grant.requester}/${base}`,
    async find() {
      const text = await readFile(join(final, names.manifest), 'utf8').catch(undefinedIfGone);
      return text === undefined ? undefined : (JSON.parse(text) as FileManifest);
    },
    async read(part) {
      const file = await open(join(final, names[part]), 'r').catch(undefinedIfGone);
      return file?.createReadStream();
    },
    async begin() {
      await mkdir(department, { recursive: true });
      await sweep(department, (name) => name.startsWith(mark));
      const partial = join(department, `${mark}${randomUUID()}`);
      await mkdir(partial);
      return writingTo(partial, { final, department, names });
    },
  };
}

function writingTo(
  partial: string,
  {
    final,
    department,
    names,
  }: { readonly final: string; readonly department: string; readonly names: ReturnType<typeof fileNamesOf> },
): Writing {
  return {
    async write(part, content) {
      const file = await open(join(partial, names[part]), 'wx');
      try {
        for await (const chunk of content) await writeAll(file, chunk);
        await file.sync();
      } finally {
        await file.close();
      }
    },
    async commit() {
      await syncFolder(partial);
      await rename(partial, final);
      await syncFolder(department);
    },
    async discard() {
      await rm(partial, { recursive: true, force: true }).catch(() => undefined);
    },
  };
}

/** Removes what deliveries that broke off have left in the folders of all departments. Says how many. */
export async function sweepFolders(root: string): Promise<number> {
  const departments = await readdir(root, { withFileTypes: true }).catch(() => []);
  let removed = 0;
  for (const department of departments) {
    if (department.isDirectory()) removed += await sweep(join(root, department.name), () => false);
  }
  return removed;
}

async function sweep(folder: string, isOwn: (name: string) => boolean): Promise<number> {
  let removed = 0;
  for (const name of await readdir(folder)) {
    if (!name.startsWith(PARTIAL)) continue;
    const path = join(folder, name);
    if (!isOwn(name) && !(await isStale(path))) continue;
    await rm(path, { recursive: true, force: true });
    removed += 1;
  }
  return removed;
}

async function isStale(path: string): Promise<boolean> {
  const found = await stat(path).catch(undefinedIfGone);
  return found !== undefined && Date.now() - found.mtimeMs > STALE_MS;
}

/** A write may take only a part of what it is given. */
async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.byteLength;) at += (await file.write(chunk, at)).bytesWritten;
}

/** A name is on the disk only once its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function undefinedIfGone(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}
