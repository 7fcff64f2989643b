import { homedir } from "node:os";
import { join } from "node:path";

/** Where programs are kept that are installed or built once and used again, outside of the repository. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return join(environment.XDG_CACHE_HOME || join(homedir(), ".cache"), "slipstream");
}
