import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { projectRoot } from '../../config.ts';
import { type Role, ROLES } from '../../domain/language.ts';
import { loadPolicies, type Policies } from '../../policies/policy.ts';

const FOLDER = join(projectRoot, 'policies');
const OBJECTS = ['catalogue', 'share-request', 'case', 'task', 'grant', 'delivery', 'attachment', 'history', 'account'];
const CHANGES = ['file', 'withdraw', 'supplement', 'decide', 'deliver', 'suspend', 'resume', 'terminate'];

let policies: Policies;
beforeAll(async () => {
  policies = await loadPolicies(FOLDER);
});

describe('who may do what', () => {
  it('is as the truth table says, line by line', async () => {
    const lines = (await readFile(join(FOLDER, 'roles.truth.csv'), 'utf8')).split('\n');
    const wrong: string[] = [];
    let asked = 0;
    for (const line of lines) {
      if (line === '' || line.startsWith('#')) continue;
      const [roles = '', home = '', action = '', object = '', department = '', expected] = line.split(', ');
      asked++;
      const actor = { person: 'someone', department: home, roles: roles.split('+') as Role[] };
      if (policies.may(actor, action, object, department) !== (expected === 'yes')) wrong.push(line);
    }
    expect(wrong).toEqual([]);
    expect(asked).toBeGreaterThan(60);
  });

  it('has a line of its truth table for every line that allows or denies', async () => {
    const rules = (await readFile(join(FOLDER, 'roles.csv'), 'utf8')).match(/^p, .*$/gm) ?? [];
    const truth = await readFile(join(FOLDER, 'roles.truth.csv'), 'utf8');
    const uncovered = rules.filter((rule) => {
      const [, , , object, action, effect] = rule.split(', ');
      return !truth.includes(`, ${action}, ${object}, `) || (effect === 'deny' && !truth.includes('+'));
    });
    expect(uncovered).toEqual([]);
  });

  it('is nothing for somebody without a role, and nothing that no line names', () => {
    const nobody = { person: 'x', department: 'civil-affairs', roles: [] };
    for (const object of OBJECTS) expect(policies.may(nobody, 'read', object, 'civil-affairs')).toBe(false);
    const everything = { person: 'x', department: 'data-bureau', roles: ROLES };
    expect(policies.may(everything, 'erase', 'case', 'data-bureau')).toBe(false);
    expect(policies.may(everything, 'read', 'ledger-key', 'data-bureau')).toBe(false);
  });

  it('never lets an auditor or administrator of the data bureau change a case or grant, whatever other roles they hold', () => {
    fc.assert(
      fc.property(
        fc.subarray([...ROLES]),
        fc.constantFrom<Role>('auditor', 'administrator'),
        fc.constantFrom('decide', 'deliver', 'suspend', 'terminate'),
        fc.constantFrom('data-bureau', 'transport'),
        (others, barred, action, department) => {
          const actor = { person: 'x', department: 'data-bureau', roles: [...others, barred] };
          const object = action === 'decide' ? 'task' : 'grant';
          expect(policies.may(actor, action, object, department)).toBe(false);
        },
      ),
    );
  });

  it('gives departments other than the data bureau nothing to change in one another', () => {
    const roles = [...ROLES];
    fc.assert(
      fc.property(
        fc.subarray(roles),
        fc.constantFrom(...CHANGES),
        fc.constantFrom(...OBJECTS),
        (held, action, object) => {
          const actor = { person: 'x', department: 'transport', roles: held };
          expect(policies.may(actor, action, object, 'statistics')).toBe(false);
        },
      ),
    );
  });

  it('names the version of what was asked, and refuses a folder with a file missing', async () => {
    expect(policies.version).toMatch(/^[0-9a-f]{16}$/);
    expect((await loadPolicies(FOLDER)).version).toBe(policies.version);
    const everyFile = /roles\.conf.*roles\.csv.*sharing\.conf.*sharing\.csv/;
    await expect(loadPolicies(join(FOLDER, 'nowhere'))).rejects.toThrow(everyFile);
  });
});
