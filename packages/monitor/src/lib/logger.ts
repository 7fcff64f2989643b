/** Where the monitor tells what is wrong; pino and console have it. */
export interface MonitorLogger {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** The console, for what a person should see. */
export const consoleLogger: MonitorLogger = {
  info: () => undefined,
  warn: (message) => console.warn(`slipstream: ${message}`),
  error: (message) => console.error(`slipstream: ${message}`),
};

/** A logger that says each thing once, and whose own mistakes reach no one. */
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
        // A logger's mistake must not stop what it logs.
      }
    };
  return { info: guarded("info"), warn: guarded("warn"), error: guarded("error") };
}
