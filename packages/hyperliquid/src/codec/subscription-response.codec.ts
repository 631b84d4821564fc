import { brokenFrame } from "./facts.ts";
import type { Frame } from "./frame.ts";
import { isRecord } from "./json.ts";

const CHANNEL = "subscriptionResponse";

/** The acknowledgement of a subscribe or unsubscribe, with the normalised subscription (protocol §2.2). */
export function decodeSubscriptionResponse(data: unknown): Frame {
  const subscription = isRecord(data) ? data["subscription"] : undefined;
  if (!isRecord(data) || !isRecord(subscription)) {
    return brokenFrame(CHANNEL, "no subscription is named");
  }
  switch (data["method"]) {
    case "subscribe":
      return { kind: "subscribed", subscription };
    case "unsubscribe":
      return { kind: "unsubscribed", subscription };
    default:
      return brokenFrame(CHANNEL, "unknown method");
  }
}
