/** Where the monitor logs. pino and console fit. */
export interface MonitorLogger {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** Warnings and errors, on the console. */
export const consoleLogger: MonitorLogger = {
  info: () => undefined,
  warn: (message) => console.warn(`slipstream: ${message}`),
  error: (message) => console.error(`slipstream: ${message}`),
};

/** Writes notifications of alerts, each of them: to the service's logger, else to standard error. Never throws. */
export function printer(
  logger: MonitorLogger | undefined,
): (level: keyof MonitorLogger, text: string) => void {
  return (level, text) => {
    try {
      if (logger === undefined) process.stderr.write(`${text}\n\n`);
      else logger[level](text);
    } catch {
      // As below.
    }
  };
}

/** A message is logged again after this time, so that a second outage shows. */
const AGAIN_MS = 60_000;
const MOST_REMEMBERED = 1_000;

/**
 * Logs a message at most once a minute, so that a fault in a busy service cannot flood its log. What `logger` throws is ignored.
 * @param now milliseconds of a clock that never goes back
 */
export function calmLogger(
  logger: MonitorLogger,
  now: () => number = () => performance.now(),
): MonitorLogger {
  const said = new Map<string, number>();
  const guarded =
    (level: keyof MonitorLogger) =>
    (message: string): void => {
      const nowMs = now();
      if (nowMs - (said.get(message) ?? Number.NEGATIVE_INFINITY) < AGAIN_MS) return;
      if (said.size >= MOST_REMEMBERED) said.clear();
      said.set(message, nowMs);
      try {
        logger[level](message);
      } catch {
        // A logger that throws must not stop the monitor.
      }
    };
  return { info: guarded("info"), warn: guarded("warn"), error: guarded("error") };
}
