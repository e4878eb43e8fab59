import type { SourceReason } from '../domain/data-source.ts';

export type SourceFailureCode = 'SourceUnreachable' | 'SourceRefused';

const REFUSALS: readonly SourceReason[] = ['LoginRefused', 'DatabaseUnknown', 'NoPermission'];

/**
 * A department's source cannot be read: it is not there, or it does not let the platform in. Says no address; what the
 * driver or the server said is not kept either, as it may repeat one.
 */
export class SourceFailure extends Error {
  override readonly name = 'SourceFailure';
  readonly reason: SourceReason;

  constructor(reason: SourceReason) {
    super(reason);
    this.reason = reason;
  }

  get code(): SourceFailureCode {
    return REFUSALS.includes(this.reason) ? 'SourceRefused' : 'SourceUnreachable';
  }
}

const BY_CODE: Readonly<Record<string, SourceReason>> = {
  ENOTFOUND: 'HostUnknown',
  EAI_AGAIN: 'HostUnknown',
  ECONNREFUSED: 'NotListening',
  ETIMEDOUT: 'TimedOut',
  EPROTO: 'CertificateRefused',
  EACCES: 'NoPermission',
  EPERM: 'NoPermission',
  AddressForbidden: 'AddressNotReachable',
  // PostgreSQL: the statement took too long; no such database; no right to it; too many clients; still starting.
  57014: 'TimedOut',
  '3D000': 'DatabaseUnknown',
  42501: 'NoPermission',
  53300: 'SourceBusy',
  '57P03': 'SourceBusy',
  // MySQL and MariaDB.
  ER_QUERY_TIMEOUT: 'TimedOut',
  ER_STATEMENT_TIMEOUT: 'TimedOut',
  ER_BAD_DB_ERROR: 'DatabaseUnknown',
  // An account without rights is not told whether there is such a database.
  ER_DBACCESS_DENIED_ERROR: 'DatabaseUnknown',
  ER_TABLEACCESS_DENIED_ERROR: 'NoPermission',
  ER_COLUMNACCESS_DENIED_ERROR: 'NoPermission',
  ER_SPECIFIC_ACCESS_DENIED_ERROR: 'NoPermission',
  ER_CON_COUNT_ERROR: 'SourceBusy',
  ER_TOO_MANY_USER_CONNECTIONS: 'SourceBusy',
  ER_SERVER_SHUTDOWN: 'SourceBusy',
  HANDSHAKE_NO_SSL_SUPPORT: 'CertificateRefused',
  HANDSHAKE_SSL_ERROR: 'CertificateRefused',
};

/** The reason behind an error of a driver, by its members: an error of the network is not always of this realm's class. */
export function reasonOf(error: unknown): SourceReason | undefined {
  const { code = '', message = '' } = (error ?? {}) as { readonly code?: string; readonly message?: string };
  const known = BY_CODE[code];
  if (known) return known;
  if (/^(?:ER_(?:ACCESS_DENIED|HOST_|NOT_SUPPORTED_AUTH|MUST_CHANGE_PASSWORD|ACCOUNT_)|AUTH_)/.test(code))
    return 'LoginRefused';
  // PostgreSQL's classes of errors about the login.
  if (/^(?:28|0L)/.test(code)) return 'LoginRefused';
  if (/^(?:CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL)/.test(code)) return 'CertificateRefused';
  if (/does not support SSL|certificate/i.test(message)) return 'CertificateRefused';
  if (/timeout|aborted/i.test(message)) return 'TimedOut';
  // MySQL calls its own errors ER_…: of those that are not named, none says that it is away.
  if (code.startsWith('ER_')) return undefined;
  const isAway = /^(?:08|57|53|E[A-Z]|PROTOCOL_)/.test(code) || /terminated|connection|socket hang up/i.test(message);
  return isAway ? 'Unreachable' : undefined;
}

/** An error of a driver as the failure of the source that it is; what is none stays what it is. */
export function failureOf(error: unknown): unknown {
  if (error instanceof SourceFailure) return error;
  const reason = reasonOf(error);
  return reason ? new SourceFailure(reason) : error;
}
