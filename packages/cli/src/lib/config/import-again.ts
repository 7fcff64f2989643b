import { startThread } from "@slipstream/aggregator/threads";
import { MOST_LOADING_MS } from "./read-file.ts";

const YOUNG_GENERATION_MB = 12;

/** What the thread sends. */
export type Imported = { readonly value: unknown } | { readonly error: string };

/**
 * The default export of a module as it is now, and of what it imports. In a thread: an import in this one would give what it
 * gave before, and a file that loops or exits must not take a running aggregator with it.
 */
export async function importAgain(path: string): Promise<unknown> {
  const thread = startThread(
    {
      module: "./import-again.worker",
      from: import.meta.url,
      name: "slipstream-config",
      youngGenerationMb: YOUNG_GENERATION_MB,
    },
    path,
  );
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<unknown>((resolve, reject) => {
      const late = (): void => reject(new Error(`it has not been loaded after ${MOST_LOADING_MS / 1_000} s`));
      timer = setTimeout(late, MOST_LOADING_MS);
      thread.once("message", (imported: Imported) => {
        if ("error" in imported) reject(new Error(imported.error));
        else resolve(imported.value);
      });
      thread.once("error", reject);
      thread.once("exit", () => reject(new Error("it ended before it was loaded")));
    });
  } finally {
    clearTimeout(timer);
    await thread.terminate();
  }
}
