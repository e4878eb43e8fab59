import { seal, unseal } from '../../store/sealed.ts';

/** A login that has begun here and goes on at the provider: what its answer is held against. */
export interface Flow {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  /** The page to go to afterwards. */
  readonly next: string;
  /** When it began, in milliseconds since 1970. */
  readonly at: number;
}

export const FLOW_COOKIE = 'santong_sign_on';
/** So long somebody may take at the provider, in seconds. */
const FLOW_SECONDS = 600;

/**
 * The cookie that keeps a flow in the browser, sealed, until it is back. Lax, for the way back begins on another site, and
 * for the addresses of the flow alone.
 */
export function flowCookie(flow: Flow, key: Uint8Array, isSecure: boolean): string {
  return cookie(seal(key, JSON.stringify(flow)).toString('base64url'), FLOW_SECONDS, isSecure);
}

/** Takes it away: a flow ends once. */
export function endedFlowCookie(isSecure: boolean): string {
  return cookie('', 0, isSecure);
}

/** The flow that a browser brings back; undefined where there is none, or it is too old, or not of our making. */
export function flowIn(cookies: string | undefined, key: Uint8Array, now: number): Flow | undefined {
  const sealed = new RegExp(`(?:^|; *)${FLOW_COOKIE}=([\\w-]+)`).exec(cookies ?? '')?.[1];
  if (sealed === undefined) return undefined;
  try {
    const flow = JSON.parse(unseal(key, Buffer.from(sealed, 'base64url'))) as Flow;
    return now - flow.at <= FLOW_SECONDS * 1_000 ? flow : undefined;
  } catch {
    return undefined;
  }
}

/** A path of this site; anything else leads to the first page. */
export function ownPath(path: string | undefined): string {
  return path !== undefined && path.length <= 2_000 && /^\/(?![/\\])[\x21-\x7e]*$/.test(path) ? path : '/';
}

function cookie(value: string, seconds: number, isSecure: boolean): string {
  const parts = [`${FLOW_COOKIE}=${value}`, 'Path=/api/session/oidc', `Max-Age=${seconds}`, 'HttpOnly', 'SameSite=Lax'];
  return (isSecure ? [...parts, 'Secure'] : parts).join('; ');
}
