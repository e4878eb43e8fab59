import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import { isPassed, type RouteFlow, type RouteNode, type Standing } from './route-flows.ts';
import type { Step } from './route-steps.ts';

/** What of a drawn element is used here. */
interface Shape {
  readonly id: string;
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly waypoints?: unknown;
  readonly labelTarget?: unknown;
  readonly source: Shape;
  readonly target: Shape;
  readonly incoming: readonly Shape[];
  readonly outgoing: readonly Shape[];
  readonly businessObject: { readonly name?: string; readonly $attrs: Readonly<Record<string, string>> };
  readonly di: { set(name: string, value: string | undefined): void };
}

interface Canvas {
  viewbox(box?: Box): { readonly inner: Box; readonly scale: number };
  zoom(level?: number): number;
  scroll(by: { dx: number; dy: number }): void;
  resized(): void;
  addMarker(shape: Shape, marker: string): void;
  removeMarker(shape: Shape, marker: string): void;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Text is 12 px at scale 1 and never under 11. */
const LEAST = 0.92;
const MOST = 1.6;
const MARGIN = 14;
const LOOKS: readonly Step['look'][] = ['decided', 'mine', 'open', 'ahead', 'lapsed', 'refused', 'never'];

/** A diagram of bpmn-js with where a case stands on it. */
export class DiagramView {
  private readonly viewer: NavigatedViewer;
  private readonly nodes = new Map<string, RouteNode>();

  private readonly container: HTMLElement;

  constructor(container: HTMLElement) {
    this.container = container;
    // The wheel belongs to the page. Put off, what it tells of a new view comes when it may be closed already, and fails.
    const options = { container, zoomScroll: { enabled: false }, canvas: { deferUpdate: false } };
    this.viewer = new NavigatedViewer(options as never);
    // The box around it has the focus, so that there is one stop for the keyboard.
    container.querySelector('svg[tabindex]')?.removeAttribute('tabindex');
  }

  /** @throws where it is no BPMN */
  async open(xml: string): Promise<void> {
    await this.viewer.importXML(xml);
    this.nodes.clear();
  }

  /** How high the box has to be for all of it, in pixels. */
  get height(): number {
    return Math.ceil(this.inner.height * this.scaleToFit()) + 2 * MARGIN;
  }

  /** Shows all of it, or where text would get too small, the part with this stage. */
  fit(stage?: string): void {
    // Taken off the page meanwhile, or not laid out yet: it is told again of its size once it has one.
    if (this.container.clientWidth === 0 || this.container.clientHeight === 0) return;
    this.canvas.resized();
    const scale = this.scaleToFit();
    const { inner } = this;
    const [width, height] = [this.container.clientWidth / scale, this.container.clientHeight / scale];
    const shape =
      stage === undefined
        ? undefined
        : this.shapes().find(({ businessObject }) => businessObject.$attrs['santong:stage'] === stage);
    const middle = shape ? shape.x + shape.width / 2 : inner.x;
    const most = inner.x + inner.width + MARGIN - width;
    const isWhole = inner.width + 2 * MARGIN <= width;
    const x = isWhole
      ? inner.x - (width - inner.width) / 2
      : Math.min(Math.max(middle - width / 2, inner.x - MARGIN), most);
    this.canvas.viewbox({ x, y: inner.y - (height - inner.height) / 2, width, height });
  }

  /** All of it, however small. */
  whole(): void {
    const { inner } = this;
    const box = { x: inner.x - MARGIN, y: inner.y - MARGIN };
    this.canvas.viewbox({ ...box, width: inner.width + 2 * MARGIN, height: inner.height + 2 * MARGIN });
  }

  move(dx: number, dy: number): void {
    this.canvas.scroll({ dx, dy });
  }

  zoom(by: number): void {
    this.canvas.zoom(Math.min(MOST, this.canvas.zoom() * by));
  }

  /** Shows where a case stands: boxes by what became of them, lines by whether it went along them. */
  paint(standing: Standing, contentOf: (node: { stage: string | undefined; name: string }) => HTMLElement): void {
    const overlays = this.viewer.get<{ clear(): void; add(id: string, overlay: object): void }>('overlays');
    overlays.clear();
    for (const shape of this.shapes()) {
      if (shape.labelTarget) continue;
      if (shape.waypoints) this.paintFlow(shape, standing);
      else this.paintNode(shape, standing);
      if (shape.type !== 'bpmn:UserTask' && shape.type !== 'bpmn:ServiceTask') continue;
      const stage = shape.businessObject.$attrs['santong:stage'];
      const html = contentOf({ stage, name: shape.businessObject.name ?? '' });
      html.style.width = `${shape.width}px`;
      html.style.height = `${shape.height}px`;
      overlays.add(shape.id, { position: { top: 0, left: 0 }, html });
    }
  }

  close(): void {
    this.viewer.destroy();
  }

  private get canvas(): Canvas {
    return this.viewer.get<Canvas>('canvas');
  }

  private get inner(): Box {
    return this.canvas.viewbox().inner;
  }

  private scaleToFit(): number {
    return Math.min(1, Math.max(LEAST, this.container.clientWidth / (this.inner.width + 2 * MARGIN)));
  }

  private shapes(): Shape[] {
    return this.viewer.get<{ filter(fits: (shape: Shape) => boolean): Shape[] }>('elementRegistry').filter(() => true);
  }

  private paintNode(shape: Shape, standing: Standing): void {
    const { stage } = this.nodeOf(shape);
    const isNotTaken = shape.businessObject.$attrs['santong:taken'] === 'false';
    const look = isNotTaken
      ? 'never'
      : stage === undefined
        ? this.plainLook(shape, standing)
        : standing.looks.get(stage);
    for (const one of LOOKS) this.canvas.removeMarker(shape, `is-${one}`);
    this.canvas.addMarker(shape, `is-${look ?? 'ahead'}`);
  }

  /** A gateway or an event is passed once a line from it is, and the end once one to it is. */
  private plainLook(shape: Shape, standing: Standing): Step['look'] {
    const { outgoing, incoming } = this.nodeOf(shape);
    const flows = outgoing.length > 0 ? outgoing : incoming;
    if (shape.type === 'bpmn:ServiceTask') return standing.isGranted ? 'decided' : standing.isEnded ? 'never' : 'ahead';
    return flows.some((flow) => isPassed(flow, standing)) ? 'decided' : 'ahead';
  }

  private paintFlow(shape: Shape, standing: Standing): void {
    const flow = this.nodeOf(shape.source).outgoing.find(({ id }) => id === shape.id);
    const isGone = flow !== undefined && isPassed(flow, standing);
    // The head of an arrow takes its colour from the model alone.
    shape.di.set('bioc:stroke', colour(isGone ? '--ok' : '--control'));
    if (flow?.isTaken === false) this.canvas.addMarker(shape, 'is-never');
    this.viewer
      .get<{ fire(name: string, about: object): void }>('eventBus')
      .fire('element.changed', { element: shape });
  }

  private nodeOf(shape: Shape): RouteNode {
    const known = this.nodes.get(shape.id);
    if (known) return known;
    const [incoming, outgoing]: [RouteFlow[], RouteFlow[]] = [[], []];
    const node = {
      id: shape.id,
      type: shape.type,
      stage: shape.businessObject.$attrs['santong:stage'],
      incoming,
      outgoing,
    };
    this.nodes.set(shape.id, node);
    incoming.push(...shape.incoming.map((flow) => this.flowOf(flow)));
    outgoing.push(...shape.outgoing.map((flow) => this.flowOf(flow)));
    return node;
  }

  private flowOf(shape: Shape): RouteFlow {
    const { $attrs } = shape.businessObject;
    return {
      id: shape.id,
      source: this.nodeOf(shape.source),
      target: this.nodeOf(shape.target),
      after: $attrs['santong:after'],
      isTaken: $attrs['santong:taken'] !== 'false',
    };
  }
}

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
