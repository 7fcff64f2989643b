import type { Transition } from "@slipstream/alerts";

/** Why a channel takes no notifications. */
export interface Trouble {
  readonly reason: string;
  /** Nothing will be taken until somebody mends it. */
  readonly parked: boolean;
}

/** Rule of the notifications that say that a channel takes none. No engine has it: only the aggregator knows of its channels. */
const RULE = "notifications-not-delivered";

/** What the other channels are told. */
export function troubleFiring(channel: string, { reason, parked }: Trouble, nowMs: number): Transition {
  const alert = `${RULE}:channel=${encodeURIComponent(channel)}`;
  return {
    key: `${alert}/${nowMs}/1`,
    alert,
    rule: RULE,
    labels: { channel },
    episode: nowMs,
    kind: "firing",
    severity: "critical",
    occurrence: 1,
    atMs: nowMs,
    firedMs: nowMs,
    eventMs: null,
    value: null,
    worst: null,
    threshold: null,
    unit: "",
    count: 0,
    statistic: null,
    channels: [],
    text: {
      title: "Notifications Not Delivered",
      lines: [
        { label: null, text: `Channel ${channel} takes no notifications: ${reason}` },
        { label: "Impact", text: "Alerts do not arrive there; what waits is sent once it works" },
        {
          label: "Action",
          text: parked
            ? "Correct the channel's address or secret in its configuration. An aggregator takes it on SIGHUP, a trading service when it starts again"
            : "Check that the receiver is up and can be reached from the aggregator",
        },
      ],
      evidence: [],
      links: [],
    },
  };
}

/** The end of it. @param works false: the channel is gone */
export function troubleResolved(firing: Transition, works: boolean, nowMs: number): Transition {
  const { alert, episode, labels } = firing;
  const what = works ? "takes notifications again" : "is no longer configured";
  return {
    ...firing,
    key: `${alert}/${episode}/2`,
    kind: "resolved",
    atMs: nowMs,
    text: {
      title: "Notifications Not Delivered",
      lines: [{ label: null, text: `Channel ${labels.channel} ${what}` }],
      evidence: [],
      links: [],
    },
  };
}

/** Name of the channel that it says is in trouble; undefined if it says something else. */
export function channelOfTrouble({ rule, labels }: Transition): string | undefined {
  return rule === RULE ? labels.channel : undefined;
}
