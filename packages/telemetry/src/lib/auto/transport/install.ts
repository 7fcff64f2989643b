import type { ExchangeObserver } from "./exchange.ts";
import { Answers } from "./fetch/answers.ts";
import { followFetch } from "./fetch/fetch.ts";
import { type Listening, UnreadAnswers } from "./following.ts";
import { Guard } from "./guard.ts";
import { followHttp } from "./http/http.ts";
import { followBuiltInSockets } from "./websocket/built-in.ts";
import { type SocketObserver, Sockets } from "./websocket/socket.ts";
import { followWs } from "./websocket/ws.ts";

export interface Transports {
  /** The package `ws` has been loaded. @param exports of its lib/websocket.js */
  followWs(exports: unknown): void;
  /** Ends what waits for a body that nobody reads: the process is about to exit. */
  settle(): void;
  /** Restores what has been replaced. */
  remove(): void;
}

/**
 * Follows every request of this thread from now on, except where tracing is suppressed: telemetry's own requests, and those of other
 * exporters. `onProblem` gets one line if following fails.
 */
export function followTransports(
  observer: ExchangeObserver & SocketObserver,
  onProblem: (message: string) => void,
): Transports {
  const guard = new Guard(onProblem);
  const listening: Listening = { observer, guard, unread: new UnreadAnswers() };
  const sockets = new Sockets(observer, guard);
  const removers = [
    followFetch(listening, new Answers(guard)),
    followHttp(listening),
    followBuiltInSockets(sockets),
  ];
  return {
    followWs: (exports) => followWs(exports, sockets),
    settle: () => listening.unread.settle(),
    remove: () => {
      for (const remove of removers) remove();
    },
  };
}
