import { install } from "../install/install.ts";
import { smallPart } from "./small-part.ts";

// Installs a part whose build takes ten minutes. The id of a process that the build started is in `child`, beside the cache's folder.
const [cache = ""] = process.argv.slice(2);
const script = 'sleep 600 & echo $! >"$CHILD"; wait';
await install(
  [
    {
      ...smallPart("tool"),
      installation: {
        what: "Tool 1.0",
        usually: "10 min",
        needs: [],
        isInstalled: () => false,
        install: ({ run }) => run("sh", ["-c", script], { env: { CHILD: `${cache}/child` } }),
      },
    },
  ],
  {
    cache,
    progress: { line: () => {}, during: (_, work) => work },
    signal: new AbortController().signal,
  },
);
