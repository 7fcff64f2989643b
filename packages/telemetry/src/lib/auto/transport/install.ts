import type { ExchangeObserver } from "./exchange.ts";
import { Answers } from "./fetch/answers.ts";
import { followFetch } from "./fetch/fetch.ts";
import { type Listening, UnreadAnswers } from "./following.ts";
import { Guard } from "./guard.ts";
import { followHttp } from "./http/http.ts";

export interface Transports {
  /** Ends what waits for a body that nobody reads: the process is about to exit. */
  settle(): void;
  /** Restores what has been replaced. */
  remove(): void;
}

/** Follows every request of this thread from now on. `onProblem` gets one line if following fails. */
export function followTransports(
  observer: ExchangeObserver,
  onProblem: (message: string) => void,
): Transports {
  const guard = new Guard(onProblem);
  const listening: Listening = { observer, guard, unread: new UnreadAnswers() };
  const removers = [followFetch(listening, new Answers(guard)), followHttp(listening)];
  return {
    settle: () => listening.unread.settle(),
    remove: () => {
      for (const remove of removers) remove();
    },
  };
}
