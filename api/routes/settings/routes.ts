import { z } from 'zod';
import { isSettingKey, faultsOfSetting, SETTING_KEYS, type SettingKey, SETTINGS } from '../../../domain/settings.ts';
import { MOST_RATE, USUAL_RATE } from '../../../domain/rate.ts';
import { lastChanges, noteChange } from '../../../store/directory-changes.ts';
import { LOCK_OUT, namesOfPeople } from '../../../store/people.ts';
import { allSettings, putSetting } from '../../../store/settings.ts';
import { endpoint, type Endpoint } from '../../endpoint.ts';
import { BODY_LIMIT } from '../../middleware/body.ts';
import { Problem } from '../../problem.ts';
import { personRef, time } from '../../schema.ts';
import { SESSION_SECONDS } from '../../session.ts';
import { timeOf } from '../../time.ts';
import { ATTACHMENT_LIMIT } from '../attachments/schema.ts';
import { presentPerson } from '../cases/present.ts';
import { IMPORT_LIMIT } from '../catalogue-files/schema.ts';
import type { RouteDeps } from '../deps.ts';

const READ = { object: 'setting', action: 'read' } as const;
const MANAGE = { object: 'setting', action: 'manage' } as const;
const tag = 'settings';

const value = z.union([z.number(), z.string()]);

const setting = z
  .object({
    key: z.string(),
    value,
    usual: value.meta({ description: 'What holds where nothing was set.' }),
    unit: z.string().nullable(),
    least: z.number().nullable(),
    most: z.number().nullable(),
    choices: z.array(z.string()).nullable(),
    changed: z.object({ by: personRef, at: time }).nullable(),
    actions: z.array(z.object({ action: z.literal('change') })),
  })
  .meta({ id: 'Setting' });

const settings = z
  .object({
    items: z.array(setting),
    fixed: z
      .array(z.object({ key: z.string(), value: z.number(), unit: z.string() }))
      .meta({ description: 'Limits that ship with the platform and hold everywhere.' }),
  })
  .meta({ id: 'Settings' });

/** What holds everywhere, in the order in which people ask for it. */
const FIXED: readonly { readonly key: string; readonly value: number; readonly unit: string }[] = [
  { key: 'login.failures', value: LOCK_OUT.failures, unit: 'times' },
  { key: 'login.locked', value: LOCK_OUT.seconds, unit: 'seconds' },
  { key: 'session.length', value: SESSION_SECONDS, unit: 'seconds' },
  { key: 'rate.usual.second', value: USUAL_RATE.perSecond, unit: 'calls' },
  { key: 'rate.usual.minute', value: USUAL_RATE.perMinute, unit: 'calls' },
  { key: 'rate.usual.day', value: USUAL_RATE.perDay, unit: 'calls' },
  { key: 'rate.most.second', value: MOST_RATE.perSecond, unit: 'calls' },
  { key: 'rate.most.minute', value: MOST_RATE.perMinute, unit: 'calls' },
  { key: 'rate.most.day', value: MOST_RATE.perDay, unit: 'calls' },
  { key: 'body', value: BODY_LIMIT, unit: 'bytes' },
  { key: 'attachment', value: ATTACHMENT_LIMIT, unit: 'bytes' },
  { key: 'catalogue-file', value: IMPORT_LIMIT, unit: 'bytes' },
];

/** What the place has set for itself, and the limits that hold whatever it sets. There are no secrets among them. */
export function settingEndpoints({ db, policies }: RouteDeps): Endpoint[] {
  async function shown(mayManage: boolean) {
    const [set, changes] = await Promise.all([allSettings(db), lastChanges(db, 'setting')]);
    const names = await namesOfPeople(
      db,
      [...changes.values()].map(({ by }) => by),
    );
    return (key: SettingKey) => {
      const spec = SETTINGS[key];
      const changed = changes.get(key);
      const isNumber = spec.kind === 'number';
      return {
        key,
        value: (set.get(key) ?? spec.usual) as number | string,
        usual: spec.usual,
        unit: isNumber ? spec.unit : null,
        least: isNumber ? spec.least : null,
        most: isNumber ? spec.most : null,
        choices: isNumber ? null : [...spec.choices],
        changed: changed ? { by: presentPerson(changed.by, names), at: timeOf(changed.at) } : null,
        actions: mayManage ? [{ action: 'change' as const }] : [],
      };
    };
  }

  return [
    endpoint({
      method: 'get',
      path: '/api/settings',
      tag,
      summary: 'What the place has set for itself, and the limits that hold everywhere',
      access: READ,
      answers: { 200: settings },
      async handle({ actor }) {
        const present = await shown(policies.may(actor, 'manage', 'setting', actor.department));
        return { status: 200, body: { items: SETTING_KEYS.map(present), fixed: [...FIXED] } };
      },
    }),
    endpoint({
      method: 'put',
      path: '/api/settings/:key',
      tag,
      summary: 'Set something for the place; it holds from the next time that it is asked for',
      access: MANAGE,
      params: z.object({ key: z.string().regex(/^[a-z.-]{1,60}$/) }),
      body: z.strictObject({ value }).meta({ id: 'SettingValue' }),
      answers: { 200: setting },
      async handle({ actor, params: { key }, body }) {
        if (!isSettingKey(key)) throw new Problem('NotFound');
        const faults = faultsOfSetting(key, body.value);
        if (faults.length > 0) throw new Problem('Invalid', { faults });
        await db.transaction(async (trx) => {
          const before = { value: (await allSettings(trx)).get(key) ?? SETTINGS[key].usual };
          await putSetting(trx, key, body.value);
          await noteChange(trx, { kind: 'setting', id: key, action: 'change', by: actor.person, before, after: body });
        });
        const present = await shown(true);
        return { status: 200, body: present(key) };
      },
    }),
  ];
}
