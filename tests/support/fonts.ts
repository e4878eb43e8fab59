import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { projectRoot } from '../../config.ts';

const FONT = join(projectRoot, 'node_modules', '@fontsource', 'noto-sans-sc', 'files');

const INSTALLED = join(projectRoot, '.cache', 'fonts');

/**
 * The machine may have no Chinese glyphs: a folder with the portal's own font as if it were installed, and the settings by
 * which a browser finds it (for FONTCONFIG_FILE). As fonts of the page they are half of what opening a page takes.
 */
export function installedFonts(): string {
  const settings = join(INSTALLED, 'fonts.conf');
  if (!existsSync(settings)) install();
  return settings;
}

/** Another file of tests may do the same meanwhile: it is there whole, or not at all. */
function install(): void {
  mkdirSync(join(INSTALLED, '..'), { recursive: true });
  const folder = mkdtempSync(`${INSTALLED}-`);
  for (const part of ['chinese-simplified', 'latin']) {
    for (const weight of ['400', '700']) {
      const font = readFileSync(join(FONT, `noto-sans-sc-${part}-${weight}-normal.woff`));
      writeFileSync(join(folder, `${part}-${weight}.ttf`), sfntOf(font));
    }
  }
  const places = `<dir>${INSTALLED}</dir><dir>/usr/share/fonts</dir><cachedir>${join(INSTALLED, 'cache')}</cachedir>`;
  const family = '<alias><family>sans-serif</family><prefer><family>Noto Sans SC</family></prefer></alias>';
  writeFileSync(join(folder, 'fonts.conf'), `<?xml version="1.0"?><fontconfig>${places}${family}</fontconfig>`);
  try {
    renameSync(folder, INSTALLED);
  } catch (error) {
    rmSync(folder, { recursive: true });
    if (!existsSync(join(INSTALLED, 'fonts.conf'))) throw error;
  }
}

/** A WOFF file unpacked, as the system wants it: the same tables, not compressed, in a directory of their own. */
function sfntOf(woff: Buffer): Uint8Array {
  if (woff.toString('latin1', 0, 4) !== 'wOFF') throw new Error('The font for Chinese is not as it was');
  const count = woff.readUInt16BE(12);
  const power = 2 ** Math.floor(Math.log2(count));
  const head = Buffer.alloc(12 + 16 * count);
  woff.copy(head, 0, 4, 8);
  head.writeUInt16BE(count, 4);
  head.writeUInt16BE(16 * power, 6);
  head.writeUInt16BE(Math.log2(power), 8);
  head.writeUInt16BE(16 * (count - power), 10);
  const parts: Uint8Array[] = [head];
  let offset = head.length;
  for (let at = 0; at < count; at += 1) {
    const entry = 44 + 20 * at;
    const [start, packed, length] = [4, 8, 12].map((field) => woff.readUInt32BE(entry + field)) as [
      number,
      number,
      number,
    ];
    const bytes = woff.subarray(start, start + packed);
    const table = packed < length ? inflateSync(bytes) : bytes;
    const record = 12 + 16 * at;
    woff.copy(head, record, entry, entry + 4);
    woff.copy(head, record + 4, entry + 16, entry + 20);
    head.writeUInt32BE(offset, record + 8);
    head.writeUInt32BE(length, record + 12);
    parts.push(table, Buffer.alloc(-length & 3));
    offset += (length + 3) & ~3;
  }
  return Buffer.concat(parts);
}
