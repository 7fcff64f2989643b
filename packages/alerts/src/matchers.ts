export { type MatcherProblem, parseMatchers } from "./lib/rule/parse-matchers.ts";
