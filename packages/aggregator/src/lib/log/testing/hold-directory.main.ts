import { lockDirectory } from "../directory-lock.ts";

// Holds a data directory until it is killed.
lockDirectory(process.argv[2] ?? "");
process.stdout.write("held\n");
setInterval(() => {}, 1_000);
