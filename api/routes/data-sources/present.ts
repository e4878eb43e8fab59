import { isDatabase, type Probe, type SourceReason } from '../../../domain/data-source.ts';
import type { Actor } from '../../../domain/language.ts';
import type { Source } from '../../../store/data-sources.ts';
import { messageOf } from '../../fault-messages.ts';
import type { Locale } from '../../problem.ts';
import type { Policies } from '../../reach.ts';
import { timeOf } from '../../time.ts';

interface SourceContext {
  readonly actor: Actor;
  readonly policies: Policies;
  readonly locale: Locale;
}

/** A source and its health; how it is reached is not even read from the database. */
export function presentSource(source: Source, { actor, policies, locale }: SourceContext) {
  const { id, department, name, kind, revision, lookedAt, reachedAt, failures, failure } = source;
  const may = (action: string): boolean => policies.may(actor, action, 'data-source', department);
  return {
    id,
    name,
    kind,
    revision,
    createdAt: timeOf(source.createdAt),
    updatedAt: timeOf(source.updatedAt),
    health: {
      lookedAt: lookedAt && timeOf(lookedAt),
      reachedAt: reachedAt && timeOf(reachedAt),
      failures,
      failure: failure && presentReason(failure, locale),
    },
    actions: [
      ...(isDatabase(kind) && may('compile') ? [{ action: 'compile' as const }] : []),
      ...(may('manage') ? [{ action: 'test' as const }, { action: 'change' as const }] : []),
    ],
  };
}

export function presentReason(code: SourceReason, locale: Locale) {
  return { code, message: messageOf({ pointer: '', code }, locale) };
}

/** What a test has found, or why it has found nothing. */
export function presentProbe(found: Probe | SourceReason, locale: Locale) {
  if (typeof found === 'string') {
    const failure = presentReason(found, locale);
    return { isReached: false, latencyMs: null, version: null, readable: null, failure };
  }
  const { latencyMs, version = null, readable = null } = found;
  return { isReached: true, latencyMs, version, readable, failure: null };
}
