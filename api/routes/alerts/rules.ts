import type { z } from 'zod';
import { WATCHES } from '../../../domain/alerts/rules.ts';
import type { Fault } from '../../../domain/language.ts';
import { wordsOf } from '../../../domain/notices/words.ts';
import { alertParams } from '../../../store/alerts/evaluate.ts';
import { MEASURES } from '../../../store/alerts/measures.ts';
import { alertRule, alertRules, dropAlertRule, putAlertRule, type StandingRule } from '../../../store/alerts/rules.ts';
import { namesOfPeople } from '../../../store/people.ts';
import { type CallerCall, endpoint, type Endpoint } from '../../endpoint.ts';
import { Problem } from '../../problem.ts';
import { reachOf } from '../../reach.ts';
import { presentDepartment } from '../departments/present.ts';
import type { RouteDeps } from '../deps.ts';
import { presentRule } from './present.ts';
import { rule, ruleBody, ruleList, ruleParams, rulePreview } from './schema.ts';

const READ = { object: 'alert-rule', action: 'read' } as const;
const MANAGE = { object: 'alert-rule', action: 'manage' } as const;
const tag = 'monitoring';

type Asked = Pick<CallerCall<unknown, unknown, unknown>, 'actor'>;

/** What alerts open by: the rules that ship, as administrators have changed them, and their own. */
export function alertRuleEndpoints({ db, policies, departments }: RouteDeps): Endpoint[] {
  async function presenter(rows: readonly StandingRule[], { actor }: Asked) {
    const names = await namesOfPeople(
      db,
      rows.flatMap(({ changedBy }) => changedBy ?? []),
    );
    const mayManage = reachOf(policies, actor, MANAGE) !== 'none';
    return (row: StandingRule) => presentRule(row, { names, mayManage });
  }

  async function shown(row: StandingRule, asked: Asked) {
    const present = await presenter([row], asked);
    return { body: present(row), headers: { ETag: `"${row.revision}"` } };
  }

  return [
    endpoint({
      method: 'get',
      path: '/api/alert-rules',
      tag,
      summary: 'The rules by which alerts open',
      access: READ,
      answers: { 200: ruleList },
      async handle(call) {
        const rules = await alertRules(db);
        return { status: 200, body: { items: rules.map(await presenter(rules, call)), nextCursor: null } };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/alert-rules/:id',
      tag,
      summary: 'One rule',
      access: READ,
      params: ruleParams,
      answers: { 200: rule },
      async handle(call) {
        const found = await alertRule(db, call.params.id);
        if (!found) throw new Problem('NotFound');
        return { status: 200, ...(await shown(found, call)) };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/alert-rules/preview',
      tag,
      summary: 'What a rule would say now if it were kept so; nobody is told',
      access: MANAGE,
      body: ruleBody,
      answers: { 200: rulePreview },
      async handle({ body, locale }) {
        const { watches, threshold } = body;
        const faults = faultsOf(body);
        if (faults.length > 0) throw new Problem('Invalid', { faults });
        const [found, known] = await Promise.all([MEASURES[watches](db), departments()]);
        const department = (id: string | null) => (id === null ? null : presentDepartment(id, known));
        const items = found
          .filter(({ value }) => value >= threshold)
          .map(({ subject, title, value, provider, requester }) => ({
            subject,
            value,
            message: wordsOf(WATCHES[watches].notice, alertParams({ title, value, rule: watches }), locale).text,
            provider: department(provider),
            requester: department(requester),
          }));
        return { status: 200, body: { items, nextCursor: null } };
      },
    }),
    endpoint({
      method: 'put',
      path: '/api/alert-rules/:id',
      tag,
      summary: 'Change a rule, or add one; If-Match says which revision it takes the place of',
      access: MANAGE,
      params: ruleParams,
      body: ruleBody,
      ifMatch: 'optional',
      answers: { 200: rule, 201: rule },
      async handle(call) {
        const { id } = call.params;
        const before = await alertRule(db, id);
        checkMatch(before, call.headers['if-match']);
        const faults = faultsOf(call.body);
        if (faults.length > 0) throw new Problem('Invalid', { faults });
        const change = { revision: before?.revision ?? 0, by: call.actor.person };
        if (!(await putAlertRule(db, { ...call.body, id }, change))) throw new Problem('PreconditionFailed');
        const now = await alertRule(db, id);
        if (!now) throw new Problem('NotFound');
        return { status: before ? 200 : 201, ...(await shown(now, call)) };
      },
    }),
    endpoint({
      method: 'delete',
      path: '/api/alert-rules/:id',
      tag,
      summary: 'Have a rule as it ships again, or remove one of the place’s own',
      access: MANAGE,
      params: ruleParams,
      ifMatch: 'optional',
      answers: { 204: undefined },
      async handle({ params, headers }) {
        const before = await alertRule(db, params.id);
        if (!before) throw new Problem('NotFound');
        checkMatch(before, headers['if-match']);
        const isThere = before.revision > 0;
        if (isThere && !(await dropAlertRule(db, params.id, before.revision))) throw new Problem('PreconditionFailed');
        return { status: 204 };
      },
    }),
  ];
}

function checkMatch(rule: StandingRule | undefined, match: string | undefined): void {
  if (match === undefined || (match === '*' && rule)) return;
  const isHeld = match.split(',').some((one) => one.trim() === `"${rule?.revision}"`);
  if (!isHeld) throw new Problem('PreconditionFailed');
}

/** Whom nothing of what is watched belongs to cannot be told of it, and nobody is told twice. */
function faultsOf({ watches, tells }: z.output<typeof ruleBody>): Fault[] {
  const parties: readonly string[] = [...WATCHES[watches].parties, 'platform'];
  return tells.flatMap(({ party, role }, index): Fault[] => {
    const pointer = `/tells/${index}`;
    if (!parties.includes(party)) return [{ pointer: `${pointer}/party`, code: 'NobodysParty', params: { party } }];
    const isAgain = tells.findIndex((one) => one.party === party && one.role === role) < index;
    return isAgain ? [{ pointer, code: 'Duplicate' }] : [];
  });
}
