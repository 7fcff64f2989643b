/** Alertmanager, by its API v2. */
export const alertmanagerFields = {
  urls: {
    type: "list",
    pattern: /^https?:\/\/[^\s/?#@]+(?:\/[^\s?#@]*)?$/i as RegExp,
    allowed: "URLs without a login, such as http://127.0.0.1:9093; of a cluster, those of all instances",
    required: true,
    help: "where Alertmanager is. Each instance of a cluster is told by itself",
  },
  username: {
    type: "text",
    allowed: "a name",
    help: "the name of a login, with password",
  },
  password: {
    type: "text",
    allowed: "a password",
    secret: true,
    help: "the password of a login",
  },
  token: {
    type: "text",
    pattern: /^[\x21-\x7e]{1,4000}$/ as RegExp,
    allowed: "a bearer token",
    secret: true,
    help: "a bearer token, in place of a login",
  },
  resendSeconds: {
    type: "number",
    whole: true,
    min: 1,
    max: 3_600,
    unit: "s",
    default: 60,
    help: "how often it is told again of what fires. What it was not told of for four times as long resolves there",
  },
} as const;

/** A login or a token. */
export function alertmanagerProblem(isGiven: (field: string) => boolean): string | undefined {
  if (isGiven("token") && (isGiven("username") || isGiven("password")))
    return "has a token and a login; give one of them";
  return isGiven("username") === isGiven("password") ? undefined : "needs both username and password";
}
