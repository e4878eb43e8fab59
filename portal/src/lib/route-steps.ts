import { i18n } from '../i18n.ts';
import type { CaseDetail } from '../api/types.ts';
import { timeWords } from './dates.ts';
import { departmentName, word } from './names.ts';

/** One stage of a route, as it stands; `never`: the case ended before it came there. */
export interface Step {
  readonly id: string;
  readonly look: 'decided' | 'mine' | 'open' | 'ahead' | 'lapsed' | 'refused' | 'never';
  readonly department: string;
  readonly departmentId: string;
  readonly role: string;
  readonly state: string;
}

/** A case, as it stands or as it stood: what its route is shown by. */
export type RouteState = Pick<CaseDetail, 'stages' | 'endedAt' | 'status' | 'grants' | 'application' | 'refused'>;

type Stage = CaseDetail['stages'][number];

/** The stages in words, by which route diagrams and lists are made. `taskId`: the task of whoever looks. */
export function stepsOf({ stages, endedAt, grants, refused }: RouteState, taskId?: string): Step[] {
  const isOver = endedAt !== null || grants.length > 0;
  const isPartly = (id: string): boolean => refused.some((one) => one.stage === id);
  return stages.map((stage) => {
    const isMine = taskId !== undefined && stage.seats.some((seat) => seat.taskId === taskId);
    const look = lookOf(stage, { isMine, isOver });
    const { role, department } = stage.seat;
    return {
      id: stage.id,
      look,
      department: departmentName(department),
      departmentId: department.id,
      role: isMine ? i18n.global.t('route.you', { role: word('role', role) }) : word('role', role),
      state: look === 'never' ? i18n.global.t('route.never') : stateOf(stage, isPartly(stage.id)),
    };
  });
}

function lookOf({ standing, verdict }: Stage, is: { isMine: boolean; isOver: boolean }): Step['look'] {
  if (standing === 'decided') return verdict === 'rejected' ? 'refused' : 'decided';
  if (standing === 'lapsed') return 'lapsed';
  if (is.isOver) return 'never';
  if (standing === 'open') return is.isMine ? 'mine' : 'open';
  return 'ahead';
}

function stateOf({ standing, verdict, answer, openedAt, seats }: Stage, isPartly: boolean): string {
  const { t } = i18n.global;
  if (standing === 'decided') {
    const decided = isPartly ? t('route.partly') : word('verdict', verdict ?? '');
    return `${decided}${answer ? ` · ${timeWords(answer.at)}` : ''}`;
  }
  if (standing === 'open') {
    const holder = seats.find((seat) => seat.standing === 'open')?.holder;
    const since = t('route.since', { time: timeWords(openedAt ?? '') });
    return holder ? `${holder.name} · ${since}` : since;
  }
  return t(`route.${standing}`);
}

/** Where the route ends: whether the case has come there, and in which words. */
export function endOf({ endedAt, grants, status }: RouteState): {
  readonly isReached: boolean;
  readonly words: string;
} {
  const isReached = endedAt !== null || grants.length > 0;
  return { isReached, words: isReached ? word('status', status) : i18n.global.t('route.ahead') };
}
