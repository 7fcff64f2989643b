import { setTimeout as sleep } from "node:timers/promises";
import { openEmbeddedReader } from "@slipstream/aggregator";
import { type AttackNews, AttackWatch } from "./attack-news.ts";

export interface TellAttacksOptions {
  /** Of the aggregator that runs. */
  readonly dataDir: string;
  readonly signal: AbortSignal;
  readonly tell: (news: AttackNews) => void;
}

const LOOK_MS = 1_000;

/** Tells of attacks on the desk as the aggregator finds them, until the signal aborts. Never rejects: it is only told less. */
export async function tellAttacks({ dataDir, signal, tell }: TellAttacksOptions): Promise<void> {
  const history = openEmbeddedReader(dataDir);
  const watch = new AttackWatch(history, Date.now());
  try {
    while (!signal.aborted) {
      await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
      // The store may be busy: what is there is there a second later too.
      const news = await watch.look(Date.now()).catch(() => []);
      for (const one of news) tell(one);
    }
  } finally {
    await history.close();
  }
}
