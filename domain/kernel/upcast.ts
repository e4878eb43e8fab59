import type { Answer, CaseState, ClockState, DeliveryReport, GrantEnd, StageState } from '../case.ts';

/** A state of the first shape, which had one seat a stage, one notice and one grant a case. It stands in stored histories. */
interface FirstShape extends Omit<CaseState, 'stages' | 'clocks' | 'supplements' | 'grants'> {
  readonly stages: Readonly<Record<string, FirstStage>>;
  readonly clocks: Readonly<Record<string, Omit<ClockState, 'reminded'>>>;
  readonly supplement?: CaseState['supplements'][string] & { readonly stage: string };
  readonly grantId?: string;
  readonly delivery?: DeliveryReport;
  readonly grantOver?: GrantEnd;
}

interface FirstStage extends Pick<StageState, 'activation' | 'openedAt' | 'standing' | 'verdict'> {
  readonly seat: Answer['capacity'];
  readonly answer?: Omit<Answer, 'through'>;
}

/** A state as a run that was renewed loaded it, in the shape of now. One that has it already stays as it is. */
export function currentShape(loaded: CaseState | FirstShape): CaseState {
  if ('grants' in loaded) return loaded;
  const { supplement, grantId, delivery, grantOver, stages, clocks, ...rest } = loaded;
  const asked = supplement
    ? { [supplement.stage]: { missing: supplement.missing, at: supplement.at } }
    : ({} as CaseState['supplements']);
  const grant = grantId === undefined ? [] : [{ id: grantId }];
  return {
    ...rest,
    round: 1,
    extensions: {},
    isAgreed: grantId !== undefined,
    frozen: [],
    stages: Object.fromEntries(Object.entries(stages).map(([id, stage]) => [id, stageOf(stage, asked[id])])),
    clocks: Object.fromEntries(Object.entries(clocks).map(([id, clock]) => [id, { ...clock, reminded: [] }])),
    supplements: asked,
    grants: grant.map((one) => ({
      ...one,
      ...(delivery ? { delivery } : {}),
      ...(grantOver ? { over: grantOver } : {}),
    })),
  };
}

function stageOf({ seat, answer, ...rest }: FirstStage, asked: unknown): StageState {
  const first = {
    id: 1,
    capacity: seat,
    openedAt: rest.openedAt,
    standing: answer ? ('answered' as const) : ('open' as const),
    delegators: [],
    advisers: [],
  };
  return {
    ...rest,
    seats: [answer ? { ...first, answer: { ...answer, through: [] } } : first],
    ...(answer || asked ? { isTouched: true } : {}),
    ...(answer && rest.standing === 'decided' ? { decidedAt: answer.at } : {}),
  };
}
