import type { Knex } from 'knex';
import { endOfDay, startOfDay } from '../domain/calendar.ts';
import { WORKING_DAY_MS } from '../domain/working-time.ts';

/** Which cases and visits are counted. Days are dates in Asia/Shanghai, both included. */
export interface Span {
  readonly from?: string;
  readonly to?: string;
  readonly process?: string;
  /** One department's own numbers. */
  readonly department?: string;
}

export interface HandlingFilter extends Span {
  /** The stage as the route names it. */
  readonly stage?: string;
}

/** A rate that a limit allows: of so many answers that had one, so many were given in time. */
export interface HandlingRow {
  readonly department: string;
  readonly process: string;
  readonly stage: string;
  readonly answers: number;
  readonly handled: number;
  /** Working days; null where nothing was handled. */
  readonly median: number | null;
  readonly p90: number | null;
  readonly overdue: number;
  readonly returned: number;
  readonly limited: number;
  readonly onTime: number;
  readonly promised: number;
  readonly onPromise: number;
  readonly open: number;
  readonly openOverdue: number;
}

/**
 * Per department, process and stage: what the department was done with in the span, and what it still has to answer. One
 * row of `stage_visits` is one handling, whatever number of answers it took.
 */
export async function handlingStatistics(db: Knex, filter: HandlingFilter): Promise<HandlingRow[]> {
  const { where, bindings } = conditionOf({
    span: spanOf(filter, { done: 'v.closed_at', begun: 'v.opened_at' }),
    equal: { 'v.process': filter.process, 'v.department_id': filter.department, 'v.step': filter.stage },
  });
  const { rows } = await db.raw<{ rows: HandlingRow[] }>(
    `select department, process, stage, answers, handled,
            quantiles[1] / ${WORKING_DAY_MS} as median, quantiles[2] / ${WORKING_DAY_MS} as p90,
            overdue, returned, limited, "onTime", promised, "onPromise", open, "openOverdue"
       from (select department_id as department, process, step as stage,
                    coalesce(sum(answers), 0)::int as answers,
                    count(*) filter (where answers > 0)::int as handled,
                    percentile_cont(array[0.5, 0.9]) within group (order by handled_ms)
                      filter (where answers > 0 and closed_at is not null) as quantiles,
                    count(*) filter (where has_passed)::int as overdue,
                    coalesce(sum(returns), 0)::int as returned,
                    count(*) filter (where is_done and due_on is not null)::int as limited,
                    count(*) filter (where is_done and answered_on <= due_on)::int as "onTime",
                    count(*) filter (where is_done and promised_on is not null)::int as promised,
                    count(*) filter (where is_done and answered_on <= promised_on)::int as "onPromise",
                    count(*) filter (where closed_at is null)::int as open,
                    count(*) filter (where closed_at is null and has_passed)::int as "openOverdue"
               from (select v.*, answers > 0 and closed_at is not null as is_done,
                            (answered_at at time zone 'Asia/Shanghai')::date as answered_on
                       from stage_visits v where ${where}) visits
              group by 1, 2, 3) figures
      order by department, process, stage`,
    bindings as never,
  );
  return rows;
}

interface CaseFigures {
  readonly filed: number;
  readonly running: number;
  readonly completed: number;
  readonly partlyCompleted: number;
  readonly refused: number;
  readonly withdrawn: number;
  readonly undelivered: number;
  readonly terminated: number;
  /** Working days from filing to the end; null where nothing came to its end. */
  readonly median: number | null;
}

export interface ProcessRow extends CaseFigures {
  readonly process: string;
}

/** `requester`: its own requests; `respondent`: those of others that it holds the data for or has a seat in. */
export interface DepartmentRow extends CaseFigures {
  readonly department: string;
  readonly part: 'requester' | 'respondent';
}

const FILED_IN = '(?::timestamptz is null or c.opened_at >= ?) and (?::timestamptz is null or c.opened_at <= ?)';
const ENDED_IN = '(?::timestamptz is null or c.ended_at >= ?) and (?::timestamptz is null or c.ended_at <= ?)';

/** The figures of a group of cases. `is_filed` and `is_over` say whether a case was filed and came to its end in the span. */
const FIGURES = `count(*) filter (where is_filed)::int as filed,
  count(*) filter (where ended_at is null)::int as running,
  count(*) filter (where is_over and status = 'completed')::int as completed,
  count(*) filter (where is_over and status = 'partly-completed')::int as "partlyCompleted",
  count(*) filter (where is_over and status = 'refused')::int as refused,
  count(*) filter (where is_over and status = 'withdrawn')::int as withdrawn,
  count(*) filter (where is_over and status = 'undelivered')::int as undelivered,
  count(*) filter (where is_over and status = 'terminated')::int as terminated,
  percentile_cont(0.5) within group (order by duration_ms)
    filter (where is_over and status not in ('withdrawn', 'terminated')) / ${WORKING_DAY_MS} as median`;

/** Per process and per department. With a department only the cases that it takes part in are counted. */
export async function caseStatistics(
  db: Knex,
  filter: Span,
): Promise<{ readonly byProcess: ProcessRow[]; readonly byDepartment: DepartmentRow[] }> {
  const { from, to } = instantsOf(filter);
  const marks = [from, from, to, to, from, from, to, to];
  const { where, bindings } = conditionOf({
    span: {
      where: `(c.ended_at is null and (?::timestamptz is null or c.opened_at <= ?) or ${FILED_IN} or ${ENDED_IN})`,
      bindings: [to, to, ...marks],
    },
    equal: { 'c.kind': filter.process },
  });
  const own = filter.department === undefined ? '' : 'and c.parties @> array[?]';
  const counted = `select c.kind, c.status, c.ended_at, c.duration_ms, c.requester_id, c.parties,
    ${FILED_IN} as is_filed, c.ended_at is not null and ${ENDED_IN} as is_over from cases c where ${where} ${own}`;
  const all = [...marks, ...bindings, ...(filter.department === undefined ? [] : [filter.department])];
  const processes = await db.raw<{ rows: ProcessRow[] }>(
    `select kind as process, ${FIGURES} from (${counted}) cases group by 1 order by 1`,
    all as never,
  );
  const departments = await db.raw<{ rows: DepartmentRow[] }>(
    `select department, case when department = requester_id then 'requester' else 'respondent' end as part, ${FIGURES}
       from (${counted}) cases, unnest(parties) as department
      ${filter.department === undefined ? '' : 'where department = ?'} group by 1, 2 order by 1, 2`,
    [...all, ...(filter.department === undefined ? [] : [filter.department])] as never,
  );
  return { byProcess: processes.rows, byDepartment: departments.rows };
}

type Bindings = readonly (string | null)[];
interface Condition {
  readonly where: string;
  readonly bindings: Bindings;
}

function instantsOf({ from, to }: Span): { readonly from: string | null; readonly to: string | null } {
  return { from: from === undefined ? null : startOfDay(from), to: to === undefined ? null : endOfDay(to) };
}

/** What was done with in the span, and what is not done with yet and had begun by its end. */
function spanOf(span: Span, { done, begun }: { readonly done: string; readonly begun: string }): Condition {
  const { from, to } = instantsOf(span);
  const ended = [...(from === null ? [] : [`${done} >= ?`]), ...(to === null ? [] : [`${done} <= ?`])];
  const open = to === null ? '' : ` and ${begun} <= ?`;
  return {
    where: `(${[`${done} is not null`, ...ended].join(' and ')} or ${done} is null${open})`,
    bindings: [from, to, to].filter((one) => one !== null),
  };
}

function conditionOf({
  span,
  equal,
}: {
  readonly span: Condition;
  readonly equal: Readonly<Record<string, string | undefined>>;
}): Condition {
  const given = Object.entries(equal).filter(([, value]) => value !== undefined) as [string, string][];
  return {
    where: [span.where, ...given.map(([column]) => `${column} = ?`)].join(' and '),
    bindings: [...span.bindings, ...given.map(([, value]) => value)],
  };
}
