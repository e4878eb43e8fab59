import fc from 'fast-check';
import { diagramOfCase, diagramOfRoute } from '../../domain/diagram/bpmn.ts';
import type { Drawing, Placed } from '../../domain/diagram/drawing.ts';
import { layOut } from '../../domain/diagram/layout.ts';
import { type DiagramWords, type Shape, shapeOfCase, shapeOfRoute } from '../../domain/diagram/shape.ts';
import { planOf } from '../../domain/kernel/plan.ts';
import { PROCESSES } from '../../domain/processes/index.ts';
import { type Route, stagesOf } from '../../domain/route.ts';
import { SEVERAL_CONDITIONAL, SHARE_REQUEST_ROUTES } from '../../domain/routes/share-request.ts';
import { play } from '../support/play.ts';
import { readBpmn } from '../support/bpmn.ts';
import { form, formRef } from '../support/cases.ts';
import { formOver, inOrder, stage } from './kernel/office.ts';
import { asked, firstForm } from './kernel/random-forms.ts';
import { STAFF } from './kernel/random-people.ts';
import { routes } from './kernel/random-routes.ts';

const WORDS: DiagramWords = {
  seat: ({ role, department: side }, department) => `${department ?? side} · ${role}`,
  loop: (over) => `each ${over}`,
  filed: '提交',
  granted: '生成授权',
  ended: '办结',
  otherwise: '其他情形',
  agreed: '同意',
};

function everywhere({ nodes, flows }: Drawing): Drawing[] {
  return [{ nodes, flows }, ...nodes.flatMap(({ inner }) => (inner ? everywhere(inner) : []))];
}

function overlap(a: Placed, b: Placed): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function isOnEdge({ x, y }: { x: number; y: number }, box: Placed): boolean {
  const isWithin = x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
  return isWithin && (x === box.x || x === box.x + box.width || y === box.y || y === box.y + box.height);
}

/** What is wrong with a drawing: nodes on each other, lines that do not meet what they join, nodes that no way leads through. */
function faultsOf(drawing: Drawing): string[] {
  return everywhere(drawing).flatMap(({ nodes, flows }, level) => {
    const byId = new Map(nodes.map((node) => [node.id, node]));
    const pairs = nodes.flatMap((a, at) => nodes.slice(at + 1).map((b) => [a, b] as const));
    const loose = flows.filter(({ from, to, points }) => {
      const [start, end] = [points[0], points.at(-1)];
      const [source, target] = [byId.get(from), byId.get(to)];
      return !start || !end || !source || !target || !isOnEdge(start, source) || !isOnEdge(end, target);
    });
    const slanted = flows.filter(({ points }) =>
      points.some((point, at) => at > 0 && point.x !== points[at - 1]?.x && point.y !== points[at - 1]?.y),
    );
    const dead = nodes.filter(
      ({ id, kind }) =>
        level === 0 &&
        ((kind !== 'startEvent' && !flows.some(({ to }) => to === id)) ||
          (kind !== 'endEvent' && !flows.some(({ from }) => from === id))),
    );
    return [
      ...pairs.filter(([a, b]) => overlap(a, b)).map(([a, b]) => `${a.id} lies on ${b.id}`),
      ...loose.map(({ id }) => `${id} does not meet its nodes`),
      ...slanted.map(({ id }) => `${id} is slanted`),
      ...dead.map(({ id }) => `${id} is in no way`),
      ...nodes.filter(({ x, y }) => x < 0 || y < 0).map(({ id }) => `${id} is outside`),
    ];
  });
}

function drawn(shape: Shape): Drawing {
  return layOut(shape, WORDS);
}

test.each([...SHARE_REQUEST_ROUTES, ...PROCESSES.map(({ route }) => route)].map((route) => [route.id, route] as const))(
  'the route %s that ships is BPMN with every stage once and nothing in another’s place',
  async (_, route) => {
    const elements = await readBpmn(diagramOfRoute(route, WORDS));
    const tasks = elements.filter(({ $type }) => $type === 'bpmn:UserTask');
    expect(tasks.map(({ $attrs }) => $attrs['santong:stage'])).toEqual(stagesOf(route.root).map(({ id }) => id));
    expect(faultsOf(drawn(shapeOfRoute(route, WORDS)))).toEqual([]);
  },
);

test('any route, and any case on it, is drawn soundly', async () => {
  await fc.assert(
    fc.asyncProperty(routes, asked, async (route, given) => {
      expect(faultsOf(drawn(shapeOfRoute(route, WORDS)))).toEqual([]);
      await readBpmn(diagramOfRoute(route, WORDS));
      const { state } = play({ route, first: firstForm(given), staff: STAFF });
      expect(faultsOf(drawn(shapeOfCase(state, WORDS)))).toEqual([]);
      const elements = await readBpmn(diagramOfCase(state, WORDS));
      const stages = elements
        .filter(({ $type, $attrs }) => $type === 'bpmn:UserTask' && $attrs['santong:taken'] !== 'false')
        .map(({ $attrs }) => $attrs['santong:stage']);
      expect(stages.length).toBe(planOf(state).stages.length);
      expect(new Set(stages)).toEqual(new Set(planOf(state).stages.map(({ id }) => id)));
    }),
    { numRuns: 60 },
  );
});

test('the providers of one request are side by side, each by its name, and the ways meet before the grant', async () => {
  const first = formOver(formRef(form(), { id: 'form' }), { x: 'public-security', y: 'transport' });
  const { state } = play({ route: SEVERAL_CONDITIONAL, first });
  const { nodes, flows } = drawn(shapeOfCase(state, WORDS));
  const at = (stage: string) => nodes.find((node) => node.stage === stage);
  expect(at('requester-lead')?.name).toBe('civil-affairs · sharing-lead');
  const [one, other] = [at('provider-reviewer@public-security'), at('provider-reviewer@transport')];
  expect([one?.name, other?.name]).toEqual(['public-security · reviewer', 'transport · reviewer']);
  expect(one?.x).toBe(other?.x);
  expect(one?.y).toBeLessThan(other?.y ?? 0);
  const join = flows.filter(({ to }) => to === 'Join_providers').map(({ from }) => from);
  expect(join).toEqual(['Stage_provider-lead_40_public-security', 'Stage_provider-lead_40_transport']);
  expect(flows.find(({ from }) => from === 'Join_providers')?.to).toBe('Effect_grant');
});

test('of a choice both ways are drawn, with what is asked, and the one that the case does not go is marked', async () => {
  const when = 'items < 3 && "甲" != \'乙\'';
  const choice = {
    kind: 'choice',
    id: 'which',
    branches: [{ when, block: stage('few') }],
    otherwise: stage('many'),
  } as const;
  const first = { ...formRef(form(), { id: 'form' }), facts: { items: 5 } };
  const { state } = play({ route: inOrder(choice), first });
  const elements = await readBpmn(diagramOfCase(state, WORDS));
  const of = (id: string) => elements.find((element) => element.id === id);
  expect(of('Stage_few')?.$attrs).toEqual({ 'santong:stage': 'few', 'santong:taken': 'false' });
  expect(of('Stage_many')?.$attrs).toEqual({ 'santong:stage': 'many' });
  expect(of('Flow_Split_which_Stage_few')).toMatchObject({ name: when });
  expect(of('Flow_Split_which_Stage_few')?.$attrs).toEqual({ 'santong:taken': 'false' });
});

test('after each tier but the last one goes on by refusal, and past the others by agreement', () => {
  const route: Route = { id: 'r', version: 1, root: { kind: 'tiers', id: 't', blocks: [stage('a'), stage('b')] } };
  const { nodes, flows } = drawn(shapeOfRoute(route, WORDS));
  expect(nodes.map(({ id }) => id)).toEqual(['Start', 'Stage_a', 'Ask_t_0', 'Stage_b', 'Join_t', 'End']);
  expect(flows.filter(({ from }) => from === 'Ask_t_0').map(({ to, after }) => [to, after])).toEqual([
    ['Stage_b', 'rejected'],
    ['Join_t', 'approved'],
  ]);
});
