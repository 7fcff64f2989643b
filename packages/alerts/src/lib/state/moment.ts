/** When something is decided. */
export interface Moment {
  /** Time of receipt, Unix ms. */
  readonly nowMs: number;
  /** Event time of the statistics, Unix ms; undefined before the first event. */
  readonly eventMs: number | undefined;
  readonly catchingUp: boolean;
}

/** How late what is told at this moment is; nothing unless a backlog is being worked off. */
export function lateness({ nowMs, eventMs, catchingUp }: Moment): { readonly lateMs?: number } {
  return catchingUp && eventMs !== undefined ? { lateMs: Math.max(0, nowMs - eventMs) } : {};
}
