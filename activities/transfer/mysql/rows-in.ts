import { Writable } from 'node:stream';
import type { CopyIn, Filling, Session } from '../connector.ts';
import { TransferFailure } from '../failures.ts';

/** Characters of one statement, well below what any server takes at once (`max_allowed_packet`, 4 MB at the least in use). */
const STATEMENT = 512 * 1024;
const NEWLINE = 10;

/**
 * Takes lines of the canonical form into a table, many rows to a statement. Into a new table as one transaction of its own,
 * so that of a stream that breaks off nothing stays.
 */
export function createRowsIn(session: Session, { table, columns, isNew }: Filling): CopyIn {
  const writers = columns.map(({ type }) => writerOf(type));
  const names = columns.map(({ name }) => `"${name.replaceAll('"', '""')}"`).join(', ');
  const beginning = `insert into ${table} (${names}) values `;
  let rest: Buffer = Buffer.alloc(0);
  let statement = '';
  let rowCount = 0;
  const flush = async (): Promise<void> => {
    if (statement === '') return;
    const text = beginning + statement;
    statement = '';
    await session.run(text);
  };
  const take = async (chunk: Buffer): Promise<void> => {
    const end = chunk.lastIndexOf(NEWLINE);
    if (end < 0) {
      rest = Buffer.concat([rest, chunk]);
      return;
    }
    const lines = Buffer.concat([rest, chunk.subarray(0, end)])
      .toString('utf8')
      .split('\n');
    rest = chunk.subarray(end + 1);
    for (const line of lines) {
      statement += `${statement === '' ? '' : ','}(${literals(line, writers)})`;
      rowCount += 1;
      if (statement.length >= STATEMENT) await flush();
    }
  };
  const into = new Writable({
    construct(done) {
      void settle(isNew ? session.run('start transaction') : Promise.resolve(), done);
    },
    write(chunk: Buffer, _encoding, done) {
      void settle(take(chunk), done);
    },
    final(done) {
      void settle(
        flush().then(() => (isNew ? session.run('commit') : undefined)),
        done,
      );
    },
  });
  return Object.defineProperty(into, 'rowCount', { get: () => rowCount }) as CopyIn;
}

async function settle(work: Promise<void>, done: (error?: Error) => void): Promise<void> {
  try {
    await work;
  } catch (error) {
    done(error as Error);
    return;
  }
  done();
}

type Writer = (field: string) => string;

function literals(line: string, writers: readonly Writer[]): string {
  const fields = line.split('\t');
  let text = '';
  for (const [at, field] of fields.entries()) {
    if (at > 0) text += ',';
    text += field === '\\N' ? 'null' : (writers[at] ?? textLiteral)(field);
  }
  return text;
}

function writerOf(type: string): Writer {
  switch (type) {
    case 'bool':
      return logical;
    case 'bytea':
      // Written `\\x6162`: the backslash is escaped.
      return (field) => `x'${field.slice(3)}'`;
    case 'bit':
      return (field) => `b'${field}'`;
    case 'timestamptz':
      return (field) => `'${field.replace(/\+00$/, '')}'`;
    default:
      return textLiteral;
  }
}

function logical(field: string): string {
  if (field !== 't' && field !== 'f') throw new TransferFailure('TypeMismatch', { side: 'target', detail: field });
  return field === 't' ? '1' : '0';
}

/** The canonical form escapes as MySQL does, but for two letters that MySQL does not know. */
function textLiteral(field: string): string {
  const text = field.includes('\\') ? field.replace(/\\[\s\S]/g, (pair) => CONTROLS[pair] ?? pair) : field;
  return `'${text.replaceAll("'", "''")}'`;
}

const CONTROLS: Readonly<Record<string, string>> = { '\\f': '\f', '\\v': '\v' };
