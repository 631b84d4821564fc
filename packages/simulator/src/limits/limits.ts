import { invalidOption } from "@cloister/model";

/** How much the exchange lets anybody do (protocol §12). Infinity means that nothing is counted out. */
export type Limits = {
  /** Requests an address may send before it traded anything; each whole USDC traded gives one more. */
  readonly addressRequests: number;
  /** Least time between two requests of an address that used them up, ms. */
  readonly trickleMs: number;
  /** Open orders of an account before volume; from here on reduce-only and trigger orders are refused. */
  readonly openOrders: number;
  /** Open orders that no volume lifts. */
  readonly openOrdersMax: number;
  /** How often a day a scheduled cancel may fire, counted from 00:00 UTC. */
  readonly scheduledCancels: number;
  /** Weight of HTTP requests per minute and network address, as are all that follow. */
  readonly restWeight: number;
  /** Frames per minute that all sockets together may send. */
  readonly messages: number;
  readonly connections: number;
  /** Connections begun per minute. */
  readonly newConnections: number;
  readonly subscriptions: number;
  /** Distinct users in subscriptions. */
  readonly users: number;
  readonly postsInFlight: number;
};

/** The venue's own numbers. */
export const VENUE_LIMITS: Limits = {
  addressRequests: 10_000,
  trickleMs: 10_000,
  openOrders: 1_000,
  openOrdersMax: 5_000,
  scheduledCancels: 10,
  restWeight: 1_200,
  messages: 2_000,
  connections: 10,
  newConnections: 30,
  subscriptions: 1_000,
  // The number of the venue's text; its papers say 10.
  users: 15,
  postsInFlight: 100,
};

/** The venue's numbers unless told otherwise; `false` switches every limit off. */
export type LimitsOption = Partial<Limits> | false;

const OFF: Limits = {
  addressRequests: Number.POSITIVE_INFINITY,
  trickleMs: 0,
  openOrders: Number.POSITIVE_INFINITY,
  openOrdersMax: Number.POSITIVE_INFINITY,
  scheduledCancels: Number.POSITIVE_INFINITY,
  restWeight: Number.POSITIVE_INFINITY,
  messages: Number.POSITIVE_INFINITY,
  connections: Number.POSITIVE_INFINITY,
  newConnections: Number.POSITIVE_INFINITY,
  subscriptions: Number.POSITIVE_INFINITY,
  users: Number.POSITIVE_INFINITY,
  postsInFlight: Number.POSITIVE_INFINITY,
};

/** @throws invalidOption for what is neither a whole number nor Infinity. */
export function readLimits(option: LimitsOption): Limits {
  if (option === false) return OFF;
  const limits: Limits = { ...VENUE_LIMITS, ...option };
  for (const [name, value] of Object.entries(limits)) {
    const counts = Number.isSafeInteger(value) || value === Number.POSITIVE_INFINITY;
    if (!counts || value < 0) {
      throw invalidOption(`limits.${name}`, value, "must be a whole number or Infinity");
    }
  }
  return limits;
}
