/** The time of an evaluation. */
export interface EvaluationTime {
  /** Time of receipt, Unix ms. It never goes back. */
  readonly nowMs: number;
  /** Event time of the statistics, Unix ms; undefined before the first event. */
  readonly eventMs: number | undefined;
  /** Whether a backlog is being worked off: what fires and resolves meanwhile goes into one digest, later. */
  readonly catchingUp: boolean;
}

/** How late what is told now is; nothing unless a backlog is being worked off. */
export function lateness({ nowMs, eventMs, catchingUp }: EvaluationTime): { readonly lateMs?: number } {
  return catchingUp && eventMs !== undefined ? { lateMs: Math.max(0, nowMs - eventMs) } : {};
}
