import { userInfo } from "node:os";

/** The user whom an action is attributed to. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run as a user without a name.
    return "cli";
  }
}
