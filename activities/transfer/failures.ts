import {
  DELIVERY_FAILURES,
  type DeliveryFailureCode,
  type FailureParams,
  type Side,
} from '../../domain/delivery-failure.ts';
import { mysqlFailure } from './mysql/failures.ts';

/** A delivery that failed, with a stable code and what fills its sentence. Nothing of it was left in the target. */
export class TransferFailure extends Error {
  readonly code: DeliveryFailureCode;
  readonly retryable: boolean;
  readonly params: FailureParams;

  constructor(code: DeliveryFailureCode, params: FailureParams = {}, cause?: unknown) {
    super(`${code} ${JSON.stringify(params)}`, cause === undefined ? undefined : { cause });
    this.name = 'TransferFailure';
    this.code = code;
    this.retryable = DELIVERY_FAILURES[code].retryable;
    this.params = params;
  }
}

/** What went wrong on one side, as a failure of the delivery. A failure that is one already stays as it is. */
export function failureOf(error: unknown, side: Side): TransferFailure {
  if (error instanceof TransferFailure) return error;
  const detail = error instanceof Error ? error.message : String(error);
  const code = isOutOfRoom(error) ? 'DiskFull' : codeOf(error, detail, side);
  const shown = detail.slice(0, 300);
  return new TransferFailure(
    code,
    code === 'SourceChanged' ? { side, columns: shown } : { side, detail: shown },
    error,
  );
}

/** What went wrong where a file was being written: the platform's database, a disk, a storage. */
export function placeFailure(error: unknown): TransferFailure {
  if (error instanceof TransferFailure) return error;
  const detail = (error instanceof Error ? error.message : String(error)).slice(0, 300);
  const isFull = isOutOfRoom(error) || ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(sqlStateOf(error));
  return new TransferFailure(isFull ? 'FilePlaceFull' : 'FilePlaceDown', { detail }, error);
}

function codeOf(error: unknown, detail: string, side: Side): DeliveryFailureCode {
  const state = sqlStateOf(error);
  const mysql = mysqlFailure(state, detail, side);
  if (mysql !== undefined) return mysql;
  const down = side === 'source' ? 'SourceDown' : 'TargetDown';
  if (isClosed(error)) return down;
  if (DOWN.test(state) || (state === '' && LOST.test(detail))) return down;
  if (/^(55P03|40001|40P01|55006)$/.test(state)) return side === 'source' ? 'SourceInUse' : 'TargetInUse';
  if (state === '57014') return 'Cancelled';
  if (/^(42703|42P01|3F000)$/.test(state)) return side === 'source' ? 'SourceChanged' : 'Unknown';
  if (/^(28...|42501|3D000|AddressForbidden)$/.test(state)) return 'AccessRefused';
  if (state === '22001') return 'TooLong';
  if (/^(22...|42804|42883|42846)$/.test(state)) return 'TypeMismatch';
  if (state === '2BP01') return 'TargetDependedOn';
  return 'Unknown';
}

/**
 * 53100, and the same from a quota or a limit on file sizes, for which PostgreSQL has no code: it says that it could not
 * extend a file, or, if the rows had still found room in its memory, that it could not write one (a fault of the device
 * says 58030 there).
 */
function isOutOfRoom(error: unknown): boolean {
  const state = sqlStateOf(error);
  if (state === '53100') return true;
  if (!(error instanceof Error && 'routine' in error)) return false;
  const routine = String(error.routine);
  return /^md(zero)?extend$/.test(routine) || (state === 'XX000' && /^(mdwritev?|BufFileDumpBuffer)$/.test(routine));
}

/** A database that is closed to connections while its administrator works on it: 55000, which says many other things too. */
function isClosed(error: unknown): boolean {
  return (
    error instanceof Error && 'routine' in error && error.routine === 'CheckMyDatabase' && sqlStateOf(error) === '55000'
  );
}

/** Class 08, shutdown and crash (57P0x), too many connections, out of memory; and what sockets say. */
const DOWN =
  /^(08...|57P0[1-5]|53300|53200|E(CONNREFUSED|CONNRESET|PIPE|NOENT|TIMEDOUT|NOTFOUND|AI_AGAIN|HOSTUNREACH|NETUNREACH|ACCES))$/;
const LOST =
  /connection terminated|terminating connection|timeout expired|not queryable|premature close|client was closed/i;

function sqlStateOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string')
    return error.code === 'ERR_STREAM_PREMATURE_CLOSE' ? '08006' : error.code;
  // Node tries every address of a host and wraps what each said.
  if (error instanceof AggregateError && error.errors.length > 0) return sqlStateOf(error.errors[0]);
  return '';
}
