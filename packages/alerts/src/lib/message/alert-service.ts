/**
 * Label `service` of alerts that are not about one service, in Alertmanager and in Prometheus's rules: both need the same, so that one
 * of them mutes the other.
 */
export const DEFAULT_SERVICE = "slipstream";
