import { SlipstreamError } from "@slipstream/conventions";
import type { Closers } from "../closers.ts";
import type { Sink } from "../sinks/sink.ts";
import { blockSource, type WatchOptions } from "./watch.ts";
import { Watcher, type WatcherOptions } from "./watcher.ts";

/** Begins to watch the chain and returns how to stop that. @throws SlipstreamError if it is watched already */
export type Watch = (options: WatchOptions) => () => Promise<void>;

/** Watches the chain from when it is told where to read it. */
export function watching(
  parts: Omit<WatcherOptions, "source" | "blocksPerSecond"> & {
    /** The watcher is shown among them. */
    readonly sinks: Sink[];
    readonly closers: Closers;
  },
): Watch {
  const { sinks, closers, ...options } = parts;
  return (from) => {
    const found = blockSource(from);
    if (found === undefined) return async () => {};
    if (sinks.some(({ name }) => name === "watcher"))
      throw new SlipstreamError("invalid_option", "The chain is watched already", { field: "rpcUrl" });
    const watcher = new Watcher({ ...found, ...options });
    sinks.push(watcher);
    closers.add(() => watcher.close());
    return () => watcher.close();
  };
}
