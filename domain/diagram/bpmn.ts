import type { CaseState } from '../case.ts';
import type { Route } from '../route.ts';
import type { Box, Drawing, Flow, Placed } from './drawing.ts';
import { layOut } from './layout.ts';
import { type DiagramWords, shapeOfCase, shapeOfRoute } from './shape.ts';

/** Of what the drawing says beyond BPMN: which stage a task is, after which answer one goes on where, which way is not taken. */
const NAMESPACE = 'urn:santong:route:1';
const LABEL = { height: 16, perLetter: 7, wide: 124 } as const;

/** The route of a case as BPMN 2.0 with its diagram, ready to be shown or to be taken elsewhere. */
export function diagramOfCase(state: CaseState, words: DiagramWords): string {
  return bpmnOf(layOut(shapeOfCase(state, words), words), state.route);
}

/** A version of a route as BPMN 2.0 with its diagram. */
export function diagramOfRoute(route: Route, words: DiagramWords): string {
  return bpmnOf(layOut(shapeOfRoute(route, words), words), route);
}

function bpmnOf(drawing: Drawing, { id, version }: Pick<Route, 'id' | 'version'>): string {
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"' +
      ' xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"' +
      ` xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:santong="${NAMESPACE}"` +
      ` id="Definitions" targetNamespace="${NAMESPACE}">`,
    `<bpmn:process id="Process" name="${escaped(`${id} ${version}`)}" isExecutable="false">`,
    ...elementsOf(drawing),
    '</bpmn:process>',
    '<bpmndi:BPMNDiagram id="Diagram"><bpmndi:BPMNPlane id="Plane" bpmnElement="Process">',
    ...picturesOf(drawing),
    '</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>',
    '</bpmn:definitions>',
  ];
  return lines.join('\n');
}

function elementsOf({ nodes, flows }: Drawing): string[] {
  return [...nodes.map((node) => elementOf(node, flows)), ...flows.map(flowOf)];
}

function elementOf(node: Placed, flows: readonly Flow[]): string {
  const { id, kind, name, stage, isTaken, inner } = node;
  const isParallelLoop = inner ? '<bpmn:multiInstanceLoopCharacteristics isSequential="false" />' : '';
  const content = [
    ...flows.filter(({ to }) => to === id).map((flow) => `<bpmn:incoming>${flow.id}</bpmn:incoming>`),
    ...flows.filter(({ from }) => from === id).map((flow) => `<bpmn:outgoing>${flow.id}</bpmn:outgoing>`),
    isParallelLoop,
    ...(inner ? elementsOf(inner) : []),
  ];
  const given = attributes({ id, name, 'santong:stage': stage, 'santong:taken': isTaken ? undefined : 'false' });
  return `<bpmn:${kind}${given}>${content.join('')}</bpmn:${kind}>`;
}

function flowOf({ id, from, to, name, after, isTaken }: Flow): string {
  const taken = isTaken ? undefined : 'false';
  return `<bpmn:sequenceFlow${attributes({ id, name, sourceRef: from, targetRef: to, 'santong:after': after, 'santong:taken': taken })} />`;
}

function picturesOf({ nodes, flows }: Drawing): string[] {
  return [...nodes.flatMap(pictureOf), ...flows.map(lineOf)];
}

function pictureOf(node: Placed): string[] {
  const { id, kind, inner, name } = node;
  const expanded = inner ? ' isExpanded="true"' : '';
  const isEvent = kind === 'startEvent' || kind === 'endEvent';
  const under = { x: node.x - 24, y: node.y + node.height + 4, width: node.width + 48, height: LABEL.height };
  const label = isEvent && name !== undefined ? labelOf(under) : '';
  return [
    `<bpmndi:BPMNShape id="${id}_di" bpmnElement="${id}"${expanded}>${bounds(node)}${label}</bpmndi:BPMNShape>`,
    ...(inner ? picturesOf(inner) : []),
  ];
}

function lineOf({ id, points, name }: Flow): string {
  const waypoints = points.map(({ x, y }) => `<di:waypoint x="${x}" y="${y}" />`).join('');
  return `<bpmndi:BPMNEdge id="${id}_di" bpmnElement="${id}">${waypoints}${name === undefined ? '' : labelOf(besideLine(points, name))}</bpmndi:BPMNEdge>`;
}

/** Above the level piece that follows the turn, where there is one, else above the line. */
function besideLine(points: Flow['points'], name: string): Box {
  const turn = points.length > 2 ? points[1] : points[0];
  const { x = 0, y = 0 } = turn ?? {};
  const offset = points.length > 2 ? 6 : 4;
  return {
    x: x + offset,
    y: y - LABEL.height - 2,
    width: Math.min(LABEL.wide, 16 + name.length * LABEL.perLetter),
    height: LABEL.height,
  };
}

function labelOf(box: Box): string {
  return `<bpmndi:BPMNLabel>${bounds(box)}</bpmndi:BPMNLabel>`;
}

function bounds({ x, y, width, height }: Box): string {
  return `<dc:Bounds x="${x}" y="${y}" width="${width}" height="${height}" />`;
}

function attributes(given: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(given)
    .map(([name, value]) => (value === undefined ? '' : ` ${name}="${escaped(value)}"`))
    .join('');
}

const CODES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Names and conditions come from people: what XML would read as its own is written out, what it cannot hold is left away. */
function escaped(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are what XML 1.0 has no way to write
  const written = text.replaceAll(/[\u0000-\u001f\ufffe\uffff]/g, ' ');
  return written.replaceAll(/[&<>"]/g, (letter) => CODES[letter] ?? letter);
}
