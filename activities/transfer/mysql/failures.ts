import type { DeliveryFailureCode, Side } from '../../../domain/delivery-failure.ts';

/** What MySQL's and MariaDB's errors mean for a delivery, by the names that both have for them. */
const DOWN =
  /^(?:PROTOCOL_CONNECTION_LOST|ER_(?:CON_COUNT_ERROR|TOO_MANY_USER_CONNECTIONS|SERVER_SHUTDOWN|NET_.*|NEW_ABORTING_CONNECTION|ABORTING_CONNECTION|CONNECTION_KILLED|OUTOFMEMORY|OUT_OF_RESOURCES|HOST_IS_BLOCKED|OPTION_PREVENTS_STATEMENT))$/;
const IN_USE = /^ER_(?:LOCK_WAIT_TIMEOUT|LOCK_DEADLOCK|TABLE_DEF_CHANGED|LOCK_NOWAIT|STATEMENT_TIMEOUT)$/;
const GONE = /^ER_(?:BAD_FIELD_ERROR|NO_SUCH_TABLE|VIEW_INVALID)$/;
const REFUSED =
  /^(?:AUTH_SWITCH_PLUGIN_ERROR|ER_(?:ACCESS_DENIED.*|DBACCESS_DENIED_ERROR|TABLEACCESS_DENIED_ERROR|COLUMNACCESS_DENIED_ERROR|SPECIFIC_ACCESS_DENIED_ERROR|PROCACCESS_DENIED_ERROR|BAD_DB_ERROR|HOST_NOT_PRIVILEGED|NOT_SUPPORTED_AUTH_MODE|MUST_CHANGE_PASSWORD|ACCOUNT_HAS_BEEN_LOCKED))$/;
const UNFIT =
  /^(?:WARN_DATA_TRUNCATED|ER_(?:WARN_DATA_OUT_OF_RANGE|TRUNCATED_WRONG_VALUE.*|WRONG_VALUE.*|DATA_OUT_OF_RANGE|INVALID_CHARACTER_STRING|TOO_BIG_ROWSIZE|DIVISION_BY_ZERO))$/;
const FULL = /^ER_(?:DISK_FULL|RECORD_FILE_FULL)$/;

/** Of an error's name and message; undefined where it is none of MySQL's. */
export function mysqlFailure(name: string, message: string, side: Side): DeliveryFailureCode | undefined {
  if (!/^(?:ER_|WARN_|PROTOCOL_|AUTH_|HANDSHAKE_)/.test(name)) return undefined;
  if (FULL.test(name) || /errno: 28|Errcode: 28|No space left/.test(message)) return 'DiskFull';
  if (DOWN.test(name)) return side === 'source' ? 'SourceDown' : 'TargetDown';
  if (IN_USE.test(name)) return side === 'source' ? 'SourceInUse' : 'TargetInUse';
  if (name === 'ER_QUERY_INTERRUPTED') return 'Cancelled';
  if (GONE.test(name) && side === 'source') return 'SourceChanged';
  if (REFUSED.test(name)) return 'AccessRefused';
  if (name === 'ER_DATA_TOO_LONG') return 'TooLong';
  return UNFIT.test(name) ? 'TypeMismatch' : 'Unknown';
}
