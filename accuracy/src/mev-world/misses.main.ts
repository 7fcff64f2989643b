import { openMevWorld } from "@slipstream/simulator";
import { worldArguments } from "./arguments.ts";
import { Misses } from "./misses.ts";

/** Each wrong verdict on a world's trades, with what the chain showed of the attack behind it. Flags: see arguments.ts. */
const world = openMevWorld(worldArguments());
const misses = new Misses(world);
for (const record of world.slots()) misses.add(record);
const lines = misses.end();
for (const line of lines) console.log(line);
console.log("by verdict and what was behind it:");
for (const [key, count] of misses.classes()) console.log(`  ${count} ${key}`);
console.log("all:");
for (const [key, count] of misses.confusion) console.log(`  ${count} ${key}`);
