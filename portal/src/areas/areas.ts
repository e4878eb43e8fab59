import type { RouteRecordRaw } from 'vue-router';
import type { Place } from '../shell/places.ts';
import { administer } from './administer/index.ts';
import { account } from './account/index.ts';
import { approve } from './approve/index.ts';
import { audit } from './audit/index.ts';
import { grants } from './grants/index.ts';
import { map } from './map/index.ts';
import { needs } from './needs/index.ts';
import { open } from './open/index.ts';
import { provide } from './provide/index.ts';

/**
 * A part of the portal for people of some kind: a folder here with its pages, their parts and their words, `zh-CN.json`
 * and `en.json`, which come in with its first page.
 */
export interface Area {
  /** The folder; its words are asked for as `<name>.…`. */
  readonly name: string;
  readonly routes: readonly RouteRecordRaw[];
  /** Where the rail leads, and for whom; the words for them are the shell's, `place.…`. */
  readonly places: readonly Place[];
}

export const AREAS: readonly Area[] = [approve, map, needs, grants, provide, audit, administer, open, account];
