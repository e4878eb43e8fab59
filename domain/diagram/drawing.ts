/** All measures are pixels at zoom 1. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

export interface Placed extends Box {
  readonly id: string;
  readonly kind:
    | 'userTask'
    | 'serviceTask'
    | 'parallelGateway'
    | 'exclusiveGateway'
    | 'startEvent'
    | 'endEvent'
    | 'subProcess';
  readonly name?: string;
  /** Of a task of people: the stage of the route. */
  readonly stage?: string;
  /** False: the case does not come by here. */
  readonly isTaken: boolean;
  /** Of a subprocess: what is inside. */
  readonly inner?: Drawing;
}

export interface Flow {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly points: readonly Point[];
  readonly name?: string;
  /** The way after this answer. */
  readonly after?: 'approved' | 'rejected';
  readonly isTaken: boolean;
}

export interface Drawing {
  readonly nodes: readonly Placed[];
  readonly flows: readonly Flow[];
}

/** A drawing while it is made. */
export interface Sheet {
  readonly nodes: Placed[];
  readonly flows: Flow[];
}
