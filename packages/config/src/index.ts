export { checkConfig, unknownKeyProblem, valueProblem } from "./lib/check.ts";
export {
  type Component,
  type Config,
  givenTo,
  type Option,
  type OptionsOf,
  optionsOf,
  type Values,
  valuesOf,
} from "./lib/component.ts";
export { ConfigError, shown } from "./lib/config-error.ts";
export { type Environment, type UnknownVariable, unknownVariables, variable } from "./lib/environment.ts";
export {
  allowedText,
  isOfType,
  type Kind,
  numberWithSize,
  type ObjectKind,
  type Problem,
  type ValueOf,
} from "./lib/kind.ts";
export { type Origin, type Resolved, resolveOptions, type Sources } from "./lib/resolve.ts";
export { withoutSecrets } from "./lib/secret.ts";
export { suggest } from "./lib/suggest.ts";
export { unknownOptionText } from "./lib/unknown-option.ts";
