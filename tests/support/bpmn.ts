import { join } from 'node:path';
import { projectRoot } from '../../config.ts';

/** One element of a BPMN document, as far as tests look at it. */
export interface BpmnElement {
  readonly $type: string;
  readonly id: string;
  readonly name?: string;
  /** What is no BPMN's own. */
  readonly $attrs: Readonly<Record<string, string>>;
}

interface Moddle {
  fromXML(xml: string): Promise<{
    readonly warnings: readonly unknown[];
    readonly elementsById: Readonly<Record<string, BpmnElement>>;
  }>;
}

/** Reads BPMN as the portal's viewer does. @throws where it is none, or leaves something to be guessed */
export async function readBpmn(xml: string): Promise<readonly BpmnElement[]> {
  const path = join(projectRoot, 'portal', 'node_modules', 'bpmn-moddle', 'dist', 'index.js');
  const { BpmnModdle } = (await import(path)) as { BpmnModdle: new () => Moddle };
  const { warnings, elementsById } = await new BpmnModdle().fromXML(xml);
  if (warnings.length > 0) throw new Error(`Not sound: ${JSON.stringify(warnings)}`);
  return Object.values(elementsById);
}
