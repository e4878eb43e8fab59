import type { DataSource } from '../../../activities/transfer/connector.ts';
import type { Dialect } from '../../../activities/transfer/dialect.ts';
import { POSTGRESQL } from '../../../activities/transfer/postgresql/dialect.ts';
import { postgresSource } from '../../../activities/transfer/postgresql/session.ts';
import type { Side } from '../../../domain/delivery-failure.ts';

/** Speaks PostgreSQL's protocol and its SQL: all that is said otherwise is a sum over keys, for which it has no function of its own. */
const KINGBASE: Dialect = {
  ...POSTGRESQL,
  name: 'kingbase',
  words: { ...POSTGRESQL.words, numberOf: (text) => POSTGRESQL.words.numberOf(text, false) },
};

export function kingbaseSource(side: Side, sourceId: string, url: string): DataSource {
  const source = postgresSource(side, sourceId, url);
  return {
    sourceId,
    async open(label, signal, settings) {
      return { ...(await source.open(label, signal, settings)), dialect: KINGBASE };
    },
  };
}
