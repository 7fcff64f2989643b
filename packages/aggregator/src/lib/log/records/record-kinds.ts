import { alert } from "./alert.ts";
import { chain } from "./chain.ts";
import { metrics } from "./metrics.ts";
import { options } from "./options.ts";
import type { RecordKind } from "./record-kind.ts";
import { rules } from "./rules.ts";
import { self } from "./self.ts";
import { tick } from "./tick.ts";
import { traces } from "./traces.ts";

/** Every kind of log record. A new one is a file beside this one and a line here. */
export const recordKinds: readonly RecordKind[] = [traces, metrics, tick, options, chain, self, rules, alert];
