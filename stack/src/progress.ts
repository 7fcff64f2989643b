const TERMINAL_MS = 1_000;
const LOG_MS = 30_000;

/** Tells a person what goes on: lines that stay, and one about what takes long. */
export interface Progress {
  line(text: string): void;
  /**
   * Says that something goes on until it is over: on a terminal in one line that counts the seconds, elsewhere in a line now and then.
   *
   * @param what such as `Building Prometheus (usually 3 min)`
   */
  during<T>(what: string, work: Promise<T>): Promise<T>;
}

/** Something that text is written to, such as `process.stdout`. */
export interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export function printedProgress(output: Output = process.stdout): Progress {
  let status = "";
  const clear = (): void => {
    if (status !== "") output.write("\r\x1b[K");
  };
  const show = (text: string): void => {
    if (output.isTTY === true) {
      clear();
      status = text;
      output.write(text);
    } else output.write(`${text}\n`);
  };
  return {
    line(text) {
      clear();
      output.write(`${text}\n${status}`);
    },
    async during(what, work) {
      const began = performance.now();
      if (output.isTTY === true) show(what);
      const every = output.isTTY === true ? TERMINAL_MS : LOG_MS;
      const timer = setInterval(() => show(`${what}: ${duration(performance.now() - began)}`), every);
      try {
        return await work;
      } finally {
        clearInterval(timer);
        clear();
        status = "";
      }
    },
  };
}

/** Such as `0.4 s`, `12 s` or `3 min 20 s`. */
export function duration(ms: number): string {
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
