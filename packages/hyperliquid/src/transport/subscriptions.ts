import type { Address } from "@cloister/model";

/** What a socket asks to hear (protocol §4). Plain JSON, sent as it is. */
export type Subscription = Readonly<Record<string, string | number | boolean | null>> & {
  readonly type: string;
};

/** The streams of an account: deltas, fills, and the one stream that shows live sizes (protocol §2.6). */
export function accountStreams(
  account: Address,
  dexes: readonly string[],
): readonly Subscription[] {
  return [
    { type: "orderUpdates", user: account },
    { type: "userFills", user: account },
    ...dexes.map((dex): Subscription => openOrdersOf(account, dex)),
  ];
}

function openOrdersOf(account: Address, dex: string): Subscription {
  return dex === ""
    ? { type: "openOrders", user: account }
    : { type: "openOrders", user: account, dex };
}

export function subscribeFrame(subscription: Subscription): string {
  return JSON.stringify({ method: "subscribe", subscription });
}

/** Which of these subscriptions an acknowledgement speaks of. */
export function acknowledgedBy(
  echo: unknown,
  waiting: readonly Subscription[],
): Subscription | undefined {
  return waiting.find((one) => isEchoOf(one, echo));
}

/**
 * Whether an acknowledgement's echo speaks of this subscription. The venue fills in defaults and
 * lower-cases addresses, so the request must be a subset of the echo (protocol §2.2).
 */
function isEchoOf(subscription: Subscription, echo: unknown): boolean {
  if (typeof echo !== "object" || echo === null) return false;
  const told = new Map<string, unknown>(Object.entries(echo));
  // Another dex is another stream, although the one without a name is a subset of it.
  if (subscription["dex"] === undefined && (told.get("dex") ?? "") !== "") return false;
  return Object.entries(subscription).every(([key, value]) => same(value, told.get(key)));
}

function same(asked: unknown, told: unknown): boolean {
  if (typeof asked === "string" && typeof told === "string" && asked.startsWith("0x")) {
    return asked.toLowerCase() === told.toLowerCase();
  }
  return asked === told;
}
