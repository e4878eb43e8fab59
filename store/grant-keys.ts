import type { Knex } from 'knex';

/** A key by which a granted service is called, as the platform knows it: the key itself nobody has but its holder. */
export interface GrantKey {
  readonly id: string;
  readonly grantId: string;
  /** Its last characters, for people to tell keys apart. */
  readonly hint: string;
  readonly madeBy: string;
  readonly madeAt: Date;
  /** From then on it is refused; null: as long as the grant is in force. */
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly revokedBy: string | null;
}

const COLUMNS = {
  id: 'id',
  grantId: 'grant_id',
  hint: 'hint',
  madeBy: 'made_by',
  madeAt: 'made_at',
  expiresAt: 'expires_at',
  revokedAt: 'revoked_at',
  revokedBy: 'revoked_by',
} as const;

/** The keys of a grant, the newest first. They are few: each takes the place of those before it. */
export async function keysOf(db: Knex, grantId: string): Promise<GrantKey[]> {
  return db('grant_keys')
    .where({ grant_id: grantId })
    .orderBy([
      { column: 'made_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(200)
    .select<GrantKey[]>(COLUMNS);
}

/** The newest key of a grant that is good now. */
export async function goodKeyOf(db: Knex, grantId: string): Promise<GrantKey | undefined> {
  return db('grant_keys')
    .where({ grant_id: grantId, revoked_at: null })
    .where((good) => void good.whereNull('expires_at').orWhere('expires_at', '>', db.fn.now()))
    .orderBy('made_at', 'desc')
    .first<GrantKey | undefined>(COLUMNS);
}

export async function keyByDigest(db: Knex, digest: Buffer): Promise<GrantKey | undefined> {
  return db('grant_keys').where({ digest }).first<GrantKey | undefined>(COLUMNS);
}

/** Adds a key, and lets those before it go on for so many minutes at the most. In a transaction. */
export async function insertKey(
  trx: Knex,
  key: Pick<GrantKey, 'id' | 'grantId' | 'hint' | 'madeBy'> & { readonly digest: Buffer; readonly overlap: number },
): Promise<void> {
  const { id, grantId, hint, madeBy, digest, overlap } = key;
  await trx('grant_keys')
    .where({ grant_id: grantId, revoked_at: null })
    .update({
      expires_at: trx.raw('least(expires_at, now() + make_interval(mins => ?))', [overlap]),
    });
  await trx('grant_keys').insert({ id, grant_id: grantId, digest, hint, made_by: madeBy });
}

/** Ends a key now. False where there is none of this id under the grant; a key that is revoked stays as it is. */
export async function revokeKey(
  trx: Knex,
  { id, grantId, by }: { readonly id: string; readonly grantId: string; readonly by: string },
): Promise<boolean> {
  const revoked = await trx('grant_keys')
    .where({ id, grant_id: grantId })
    .update({
      revoked_at: trx.raw('coalesce(revoked_at, now())'),
      revoked_by: trx.raw('coalesce(revoked_by, ?)', [by]),
    });
  return revoked === 1;
}
