const OFFSET_MS = 8 * 3_600_000;

/** RFC 3339 with the offset that all of China keeps: `2026-11-25T11:46:42.000+08:00`. */
export function timeOf(moment: Date): string {
  return new Date(moment.getTime() + OFFSET_MS).toISOString().replace('Z', '+08:00');
}

export function timeOrNull(moment: Date | null): string | null {
  return moment && timeOf(moment);
}
