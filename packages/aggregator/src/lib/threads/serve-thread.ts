import {
  type MessagePort,
  parentPort,
  receiveMessageOnPort,
  type Transferable,
  workerData,
} from "node:worker_threads";
import {
  type Answer,
  type FromThread,
  Moving,
  type Signature,
  type ThreadContract,
  type ToThread,
} from "./contract.ts";
import { sentError } from "./sent-error.ts";

type Given<F extends Signature> = Answer<F> | Moving<Answer<F>>;

/** What a thread does. Whatever a handler throws is sent to whoever asked. */
export interface Served<C extends ThreadContract> {
  readonly opened: C["opened"];
  readonly questions: {
    readonly [Name in keyof C["questions"]]: (
      ...args: Parameters<C["questions"][Name]>
    ) => Given<C["questions"][Name]> | Promise<Given<C["questions"][Name]>>;
  };
  readonly orders?: {
    readonly [Name in keyof C["orders"]]: (...args: Parameters<C["orders"][Name]>) => void;
  };
  /** Called after all messages that had arrived were handed over: work that they should share is done here. */
  readonly turn?: () => void;
  /** Finish what is under way and close everything. The thread ends when this has resolved. */
  readonly end?: () => void | Promise<void>;
}

export type Tell<C extends ThreadContract> = <Name extends keyof C["news"] & string>(
  name: Name,
  ...args: Parameters<C["news"][Name]>
) => void;

/**
 * Serves the thread's owner, a `SupervisedThread` of the same contract.
 *
 * @param open makes the thread ready. If it throws, the error is sent to the owner and the thread ends.
 */
export async function serveThread<C extends ThreadContract>(
  open: (settings: C["settings"], tell: Tell<C>) => Served<C> | Promise<Served<C>>,
): Promise<void> {
  const port = portToOwner();
  const outbox = new Outbox(port);
  const tell: Tell<C> = (name, ...args) => outbox.add({ type: "news", name, args });
  // The module that calls this is still being evaluated.
  await undefined;
  try {
    const served = await open(workerData, tell);
    outbox.add({ type: "opened", value: served.opened });
    serve(port, outbox, served);
  } catch (error) {
    outbox.add({ type: "failed", error: sentError(error) });
    outbox.flush();
    port.close();
  }
}

function serve<C extends ThreadContract>(port: MessagePort, outbox: Outbox, served: Served<C>): void {
  const questions = served.questions as Readonly<Record<string, (...args: unknown[]) => unknown>>;
  const orders = (served.orders ?? {}) as Readonly<Record<string, (...args: unknown[]) => void>>;

  const answer = async (id: number, name: string, args: readonly unknown[]): Promise<void> => {
    try {
      const given = await questions[name]?.(...args);
      if (given instanceof Moving) outbox.add({ type: "answer", id, value: given.value }, given.transfer);
      else outbox.add({ type: "answer", id, value: given });
    } catch (error) {
      outbox.add({ type: "error", id, error: sentError(error) });
    }
  };

  const end = async (): Promise<void> => {
    await served.end?.();
    // The answers that `end` brought about are in the outbox by then.
    setImmediate(() => {
      outbox.add({ type: "ended" });
      outbox.flush();
      port.close();
    });
  };

  const hear = (oldest: ToThread): void => {
    let ending = false;
    for (let message: ToThread | undefined = oldest; message !== undefined; message = next(port)) {
      if (message.type === "ask") void answer(message.id, message.name, message.args);
      else if (message.type === "order") orders[message.name]?.(...message.args);
      else if (message.type === "ping") outbox.add({ type: "pong" });
      else ending = true;
    }
    served.turn?.();
    if (ending) {
      port.off("message", hear);
      void end();
    }
  };
  port.on("message", hear);
}

/** What is sent in one turn goes as one message, in the order in which it came about. */
class Outbox {
  readonly #port: MessagePort;
  #messages: FromThread[] = [];
  #transfers: (readonly Transferable[])[] = [];

  constructor(port: MessagePort) {
    this.#port = port;
  }

  add(message: FromThread, transfer: readonly Transferable[] = []): void {
    if (this.#messages.length === 0) queueMicrotask(() => this.flush());
    this.#messages.push(message);
    this.#transfers.push(transfer);
  }

  flush(): void {
    const [messages, transfers] = [this.#messages, this.#transfers];
    if (messages.length === 0) return;
    this.#messages = [];
    this.#transfers = [];
    try {
      this.#port.postMessage(messages, transfers.flat());
    } catch {
      for (const [at, message] of messages.entries()) this.#sendAlone(message, transfers[at] ?? []);
    }
  }

  /** One of several cannot be cloned: the others are sent, and whoever asked for this one gets the error. */
  #sendAlone(message: FromThread, transfer: readonly Transferable[]): void {
    try {
      this.#port.postMessage([message], transfer);
    } catch (error) {
      if (message.type !== "answer") throw error;
      this.#port.postMessage([
        { type: "error", id: message.id, error: sentError(error) } satisfies FromThread,
      ]);
    }
  }
}

function next(port: MessagePort): ToThread | undefined {
  return receiveMessageOnPort(port)?.message;
}

function portToOwner(): MessagePort {
  if (parentPort === null) throw new Error("This module runs as a worker thread.");
  return parentPort;
}
