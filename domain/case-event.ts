import type { Calendar } from './calendar.ts';
import type { DeliveryReport, FileAction, GrantEnd, ReturnTo, SeatPlace } from './case-command.ts';
import type {
  Capacity,
  ClockReading,
  EndStatus,
  FormPart,
  FormRef,
  ItemRef,
  Missing,
  RefusedItem,
  RejectReason,
  Verdict,
} from './case.ts';
import type { Route } from './route.ts';

interface At {
  readonly at: string;
}

/** A person's act: signed with the capacity it was done in, and with whom it was done for. */
interface By extends At {
  readonly actor: string;
  readonly capacity: Capacity;
  /** The absent person whom the actor stood in for. */
  readonly onBehalf?: string;
}

/** One seat of an activation of a stage; seats are numbered from 1, which is meant where none is named. */
interface SeatRef {
  readonly stage: string;
  readonly activation: number;
  readonly seat?: number;
}

/** What happened, as it is recorded once and for good. Facts only: `evolve` derives the state from them. */
export type CaseEvent =
  | ({ readonly type: 'filed' } & By & Omit<FileAction, 'action' | 'as'>)
  /** The stage opens with its first seat; `holder` where the seat is one person's. */
  | ({
      readonly type: 'stageEntered';
      readonly stage: string;
      readonly activation: number;
      readonly seat: Capacity;
      readonly holder?: string;
    } & At)
  | ({ readonly type: 'seatOpened'; readonly for: Capacity; readonly holder?: string } & Required<SeatRef> & At)
  | ({ readonly type: 'stageParked'; readonly stage: string } & At)
  | ({ readonly type: 'stageResumed'; readonly stage: string } & At)
  /** The route of now has no such stage: the form takes another branch, or the case was moved to another version. */
  | ({ readonly type: 'stageDropped'; readonly stage: string } & At)
  | ({
      readonly type: 'answered';
      readonly verdict: Verdict;
      readonly form: string;
      readonly opinion?: string;
      readonly reason?: { readonly code: RejectReason; readonly text: string };
      /** 部分同意: the items that an approval leaves out. */
      readonly refused?: readonly RefusedItem[];
      /** What earlier stages had left out by then. */
      readonly without?: readonly ItemRef[];
      /** Everyone else whom the answer came about through: the absent, delegators, advisers. */
      readonly through?: readonly string[];
    } & SeatRef &
      By)
  | ({ readonly type: 'answerTakenBack'; readonly reason: string } & SeatRef & By)
  | ({ readonly type: 'stageDecided'; readonly stage: string; readonly verdict: Verdict } & At)
  | ({ readonly type: 'reassigned'; readonly to: string; readonly reason: string } & SeatRef & By)
  | ({ readonly type: 'delegated'; readonly to: string; readonly note?: string } & SeatRef & By)
  | ({ readonly type: 'advised'; readonly opinion: string } & SeatRef & By)
  | ({ readonly type: 'recalled' } & SeatRef & By)
  | ({
      readonly type: 'seatAdded';
      readonly for: Capacity;
      readonly holder: string;
      readonly place: SeatPlace;
      readonly anchor: number;
      readonly note?: string;
    } & Required<SeatRef> &
      By)
  | ({ readonly type: 'seatRemoved'; readonly reason: string } & SeatRef & By)
  | ({ readonly type: 'copied'; readonly stage?: string; readonly to: Capacity; readonly note?: string } & (At | By))
  | ({
      readonly type: 'supplementAsked';
      readonly stage: string;
      /** The block whose one notice of this round it is. */
      readonly notice: string;
      readonly missing: readonly Missing[];
    } & By)
  | ({
      readonly type: 'supplemented';
      readonly form: FormRef;
      /** The stage that asked, where several had. */
      readonly stage?: string;
      readonly note?: string;
    } & By)
  | ({ readonly type: 'returned'; readonly stage: string; readonly reason: string } & ReturnTo & By)
  | ({ readonly type: 'resubmitted'; readonly form: FormRef; readonly note?: string } & By)
  /** The next round of the same case. */
  | ({ readonly type: 'refiled'; readonly form: FormRef; readonly round: number; readonly note?: string } & By)
  /** `changed`: the parts that it rested on and that are others now; empty where the stage was returned to. */
  | ({ readonly type: 'signatureLapsed'; readonly stage: string; readonly changed: readonly FormPart[] } & At)
  | ({ readonly type: 'withdrawn'; readonly reason: string } & By)
  | ({ readonly type: 'urged'; readonly stages: readonly string[]; readonly note?: string } & By)
  | ({ readonly type: 'commented'; readonly text: string } & By)
  | ({ readonly type: 'suspended'; readonly reason: string; readonly reviewOn: string } & By)
  | ({ readonly type: 'reviewDue'; readonly reviewOn: string } & At)
  | ({ readonly type: 'resumed'; readonly reason: string } & By)
  | ({ readonly type: 'terminated'; readonly reason: string } & By)
  | ({ readonly type: 'extensionAsked'; readonly clock: string; readonly days: number; readonly reason: string } & By)
  | ({ readonly type: 'extensionGranted'; readonly clock: string; readonly days: number } & By)
  | ({ readonly type: 'extensionRefused'; readonly clock: string; readonly reason: string } & By)
  | ({ readonly type: 'migrated'; readonly route: Route } & By)
  | ({ readonly type: 'calendarChanged'; readonly calendar: Calendar } & At)
  | ({ readonly type: 'clockMoved' } & At & ClockReading)
  | ({ readonly type: 'limitPassed'; readonly clock: string; readonly dueOn: string } & At)
  /** `left`: working days until the due date. */
  | ({ readonly type: 'reminded'; readonly clock: string; readonly dueOn: string; readonly left: number } & At)
  /** 督办: the authority is asked to see to it. */
  | ({ readonly type: 'escalated'; readonly clock: string; readonly dueOn: string } & At)
  /** `without`: the items asked for that were refused, by id. */
  | ({
      readonly type: 'granted';
      readonly grantId: string;
      readonly subject?: string;
      readonly without?: readonly string[];
    } & At)
  /** Agreed to, where no grant follows: what the process does with it is under way. */
  | ({ readonly type: 'agreed' } & At)
  | ({ readonly type: 'closingReported'; readonly outcome: 'done' | 'failed'; readonly code?: string } & At)
  | ({ readonly type: 'deliveryReported' } & At & DeliveryReport)
  | ({ readonly type: 'grantOver'; readonly how: GrantEnd; readonly grantId?: string } & At)
  /** `refileUntil`: the last day on which the applicant may file the case again. */
  | ({ readonly type: 'ended'; readonly status: EndStatus; readonly refileUntil?: string } & At)
  | ({ readonly type: 'closed' } & At);
