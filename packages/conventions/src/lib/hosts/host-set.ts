/** A server: its name in small letters, and its port as it is written, "" for the usual one. */
export interface Host {
  readonly host: string;
  readonly port: string;
}

/** A set of hosts written as `host`, `host:port` or `*.domain`. */
export class HostSet {
  readonly #exact: ReadonlySet<string>;
  readonly #withPorts: boolean;
  readonly #suffixes: readonly string[];

  constructor(patterns: readonly string[]) {
    const lower = patterns.map((pattern) => pattern.toLowerCase());
    this.#exact = new Set(lower.filter((pattern) => !pattern.startsWith("*.")));
    this.#withPorts = lower.some((pattern) => /:\d+$/.test(pattern));
    this.#suffixes = lower.filter((pattern) => pattern.startsWith("*.")).map((pattern) => pattern.slice(1));
  }

  has({ host, port }: Host): boolean {
    if (host === "") return false;
    if (this.#exact.has(host) || (this.#withPorts && this.#exact.has(`${host}:${port}`))) return true;
    return this.#suffixes.some((suffix) => host.endsWith(suffix));
  }
}
