import { createAggregator } from "../aggregator.ts";

// Starts an aggregator with the options that are its argument, and ends it.
const aggregator = await createAggregator(JSON.parse(process.argv[2] ?? "{}"));
await aggregator.close();

// Node's own modules, in the form of what is printed of others. The list has no type, since it is not documented.
const { moduleLoadList } = process as typeof process & { readonly moduleLoadList: readonly string[] };
for (const module of moduleLoadList) console.log(`main ${module.replace("NativeModule ", "node:")}`);
