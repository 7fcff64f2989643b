import type { Logger } from "../../logger.ts";
import type { Send } from "../http/send.ts";
import type { ChannelMemory } from "./channel-memory.ts";

/** What channels are made with. */
export interface ChannelContext {
  readonly send: Send;
  readonly logger: Logger;
  /** Prints text for people; undefined: there is nobody to read it, and the console writes to the log. */
  readonly print?: ((text: string) => void) | undefined;
  readonly memory: ChannelMemory;
  /** Name of the aggregator's own desk; undefined: it has none. */
  readonly desk?: string | undefined;
}
