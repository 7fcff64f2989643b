export { scrub, scrubSteps } from "./lib/scrub/scrub.ts";
