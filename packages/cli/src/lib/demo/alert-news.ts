/**
 * Notifications as they are printed for people, each as one line for the view: its heading, and what has happened.
 * @param text several notifications, with an empty line between them
 */
export function newsOfAlerts(text: string): readonly string[] {
  return text
    .split(/\n{2,}/)
    .map((one) => one.split("\n").slice(0, 2).join(": "))
    .filter((one) => one !== "");
}
