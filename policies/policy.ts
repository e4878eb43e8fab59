import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Enforcer, newEnforcer, newModelFromString, StringAdapter } from 'casbin';
import { type Actor, SHARE_MODES, SHARE_TYPES } from '../domain/language.ts';
import type { SharingAnswer, SharingAsk, SharingLine, SharingVerdict } from '../domain/sharing.ts';

/** Who may do what, and which data may go where. Both deny by default, and an explicit deny wins. */
export interface Policies {
  /** The first 16 hexadecimal digits of SHA-256 over the models and base lines: what a verdict was asked of. */
  readonly version: string;
  /** Whether any role of the actor allows the action on an object of the department, and none forbids it. */
  may(actor: Actor, action: string, object: string, department: string): boolean;
  /** Asks only the few lines given: choose those of the department and entry by their index first. */
  mayShare(lines: readonly SharingLine[], ask: SharingAsk): SharingVerdict;
}

const FILES = ['roles.conf', 'roles.csv', 'sharing.conf', 'sharing.csv'] as const;

/** Reads models and base lines from a folder. Rejects, naming every file that cannot be read or is empty. */
export async function loadPolicies(folder: string): Promise<Policies> {
  const texts = await readPolicyFiles(folder);
  const [rolesModel = '', rolesLines = '', sharingModel = '', sharingLines = ''] = texts;
  const roles = await newEnforcer(newModelFromString(rolesModel), new StringAdapter(rolesLines));
  await roles.addNamedDomainMatchingFunc('g', (department, pattern) => pattern === '*' || department === pattern);
  await roles.buildRoleLinks();
  const sharing = await newEnforcer(newModelFromString(sharingModel), new StringAdapter(sharingLines));
  await sharing.addFunction('is', (asked: string, held: string) => held === '*' || asked === held);
  await sharing.addFunction('covers', covers);
  const version = createHash('sha256').update(texts.join('\0')).digest('hex').slice(0, 16);
  return {
    version,
    may: mayWith(roles),
    mayShare: (lines, ask) => ({ ...judge(sharing, lines, ask), version }),
  };
}

async function readPolicyFiles(folder: string): Promise<string[]> {
  const paths = FILES.map((file) => join(folder, file));
  const read = await Promise.allSettled(paths.map((path) => readFile(path, 'utf8')));
  const texts = read.map((file) => (file.status === 'fulfilled' ? file.value : ''));
  const missing = paths.filter((_, index) => texts[index]?.trim() === '');
  if (missing.length > 0) throw new Error(`Policy files that cannot be read or are empty: ${missing.join(', ')}`);
  return texts;
}

/** There are few roles, departments, objects and actions, so each question is put to Casbin once. */
function mayWith(enforcer: Enforcer): Policies['may'] {
  const known = new Map<string, Effect>();
  return ({ roles, department: home }, action, object, department) => {
    const effects = roles.map((role) => {
      const key = JSON.stringify([role, home, department, object, action]);
      const effect = known.get(key) ?? effectOf(enforcer, [role, home, department, object, action]);
      if (known.size < MOST_KNOWN) known.set(key, effect);
      return effect;
    });
    return effects.includes('allow') && !effects.includes('deny');
  };
}

const MOST_KNOWN = 50_000;

type Effect = 'allow' | 'deny' | 'none';

function effectOf(enforcer: Enforcer, request: readonly string[]): Effect {
  const [allowed, line] = enforcer.enforceExSync(...request);
  if (allowed) return 'allow';
  return line.at(-1) === 'deny' ? 'deny' : 'none';
}

/** A list of items as one field of a line. Ids of items have no spaces. */
const listed = (items: readonly string[]) => items.join(' ');

function covers(asked: string, held: string, effect: string): boolean {
  if (held === '*') return true;
  const line = new Set(held.split(' '));
  const items = asked.split(' ').filter((item) => item !== '');
  return effect === 'deny'
    ? items.some((item) => line.has(item))
    : items.length > 0 && items.every((item) => line.has(item));
}

type Judgement = Omit<SharingVerdict, 'version'>;

/** The lines are put beside the base lines for this one question; nothing else runs in between, as nothing awaits. */
function judge(enforcer: Enforcer, lines: readonly SharingLine[], ask: SharingAsk): Judgement {
  const model = enforcer.getModel();
  const rules = lines.map(ruleOf);
  for (const rule of rules) model.addPolicy('p', 'p', rule);
  try {
    const [allowed, rule] = enforcer.enforceExSync(...requestOf(ask));
    const line = rule[0];
    if (allowed && line !== undefined) return { allowed: true, line, why: 'Allowed' };
    if (line !== undefined) return { allowed: false, line, why: 'Denied' };
    return { allowed: false, why: whyNot(enforcer, lines, ask) };
  } finally {
    for (const rule of rules) model.removePolicy('p', 'p', rule);
  }
}

/** What stands in the way, found by asking again with one term after another as the lines have it: for people to read. */
function whyNot(enforcer: Enforcer, lines: readonly SharingLine[], ask: SharingAsk): SharingAnswer {
  const allowed = (changed: Partial<SharingAsk>) => enforcer.enforceSync(...requestOf({ ...ask, ...changed }));
  for (const line of lines) {
    if (line.department !== ask.department || line.entryId !== ask.entryId) continue;
    if (allowed({ entryVersion: line.entryVersion })) return 'OtherVersion';
    if (allowed({ items: line.items })) return 'ItemsOutside';
    if (allowed({ masksDigest: line.masksDigest })) return 'MasksDiffer';
    if (allowed({ scopeDigest: line.scopeDigest })) return 'ScopeDiffers';
    if (allowed({ mode: line.mode })) return 'ModeDiffers';
    if (allowed({ purposeDigest: line.purposeDigest })) return 'PurposeDiffers';
    if (allowed({ rateDigest: rateIn(line) })) return 'RateDiffers';
    if (allowed({ grantId: line.grantId })) return 'OtherGrant';
    if (allowed({ on: line.validFrom })) return ask.on < line.validFrom ? 'NotYetValid' : 'Expired';
  }
  return 'NoLine';
}

function ruleOf(line: SharingLine): string[] {
  const terms = [line.department, line.entryId, String(line.entryVersion), listed(line.items), line.masksDigest];
  const rest = [line.scopeDigest, line.mode, line.purposeDigest, rateIn(line), line.grantId, '*'];
  return [line.id, ...terms, ...rest, line.validFrom, line.validTo, line.effect];
}

function requestOf(ask: SharingAsk): string[] {
  const known = SHARE_MODES.includes(ask.mode) && SHARE_TYPES.includes(ask.shareType);
  if (!known) throw new TypeError('An ask for sharing names a mode or share type that does not exist');
  const terms = [ask.department, ask.entryId, String(ask.entryVersion), listed(ask.items), ask.masksDigest];
  return [...terms, ask.scopeDigest, ask.mode, ask.purposeDigest, rateIn(ask), ask.grantId, ask.shareType, ask.on];
}

/** Only what is called as a service has a rate. */
function rateIn({ rateDigest = 'none' }: Pick<SharingAsk, 'rateDigest'>): string {
  return rateDigest;
}
