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

/** Logs each message once. What `logger` throws is ignored. */
export function onceLogger(logger: MonitorLogger): MonitorLogger {
  const said = new Set<string>();
  const guarded =
    (level: keyof MonitorLogger) =>
    (message: string): void => {
      if (said.has(message) || said.size >= 1_000) return;
      said.add(message);
      try {
        logger[level](message);
      } catch {
        // A logger that throws must not stop the monitor.
      }
    };
  return { info: guarded("info"), warn: guarded("warn"), error: guarded("error") };
}
