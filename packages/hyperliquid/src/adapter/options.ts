import { CONNECTION_TIMINGS, type ConnectionTimings } from "@cloister/machines";
import { type Address, invalidOption, readAddress, type Signer, type Wire } from "@cloister/model";
import { shown } from "../shown.ts";
import { type Endpoints, endpointsOf, type Network } from "../wire/networks.ts";

export type HyperliquidOptions = {
  /** The venue's own networks, or `{ http, ws, signatures }` of a place that speaks the same. */
  readonly network: Network;
  /** The account that trades, or the owner of `vault`. Never an API wallet's address. */
  readonly account: string;
  /** The account's key or one of its API wallets. */
  readonly signer: Signer;
  /** A sub-account or vault to trade for; `account` is then its master or leader. */
  readonly vault?: string;
  /** Builder dexes beside the first one. Each adds a read to every reconciliation. */
  readonly dexes?: readonly string[];
  /** Whether spot balances count as positions of their pairs. Default true. */
  readonly spot?: boolean;
  /** Another way to the venue: a simulator's in memory. It is not closed with the venue. */
  readonly wire?: Wire;
  readonly timings?: Partial<Timings>;
  /** Ping, backoff and subscribe times of the account's socket. */
  readonly connection?: Partial<ConnectionTimings>;
};

export type Timings = {
  /** For one HTTP request of a read. Default 10 000. */
  readonly readTimeoutMs: number;
  /** For one write by REST. Default 10 000. */
  readonly exchangeTimeoutMs: number;
  /** How long `open` bears a venue that does not answer. Default 12 000. */
  readonly openTimeoutMs: number;
};

const TIMINGS: Timings = {
  readTimeoutMs: 10_000,
  exchangeTimeoutMs: 10_000,
  openTimeoutMs: 12_000,
};

/** Options, read once at the border. */
export type Settings = {
  readonly endpoints: Endpoints;
  readonly account: Address;
  readonly signer: Signer;
  readonly vault?: Address;
  /** The first dex ("") and the named ones. */
  readonly dexes: readonly string[];
  readonly spot: boolean;
  readonly wire?: Wire;
  readonly timings: Timings;
  readonly connection: ConnectionTimings;
};

/** @throws invalidOption */
export function settingsOf(options: HyperliquidOptions): Settings {
  const { wire } = options;
  const vault = options.vault === undefined ? undefined : addressOf("vault", options.vault);
  requireSigner(options.signer);
  return {
    endpoints: endpointsOf(options.network),
    account: addressOf("account", options.account),
    signer: options.signer,
    ...(vault === undefined ? {} : { vault }),
    dexes: dexesOf(options.dexes ?? []),
    spot: options.spot ?? true,
    ...(wire === undefined ? {} : { wire }),
    timings: positive("timings", { ...TIMINGS, ...options.timings }),
    connection: positive("connection", { ...CONNECTION_TIMINGS, ...options.connection }),
  };
}

/** A caller without types may pass anything. */
function requireSigner(given: unknown): void {
  const told = typeof given === "object" && given !== null ? given : {};
  const signs = ["sign", "nextNonce", "raiseNonce"].every(
    (name) => typeof Reflect.get(told, name) === "function",
  );
  if (signs && "address" in told && readAddress(told.address) !== undefined) return;
  // What was given is not repeated: it may be the key itself.
  const rule = "must be a signer with an address, such as privateKeySigner(key)";
  throw invalidOption("signer", typeof given, rule);
}

function addressOf(field: string, value: unknown): Address {
  const address = readAddress(value);
  if (address !== undefined) return address;
  throw invalidOption(field, shown(value), "must be 0x and 40 hex digits");
}

function dexesOf(given: unknown): readonly string[] {
  if (!Array.isArray(given)) throw invalidOption("dexes", shown(given), "must be a list of names");
  const names: readonly unknown[] = given;
  return [...new Set(["", ...names.map(dexOf)])];
}

function dexOf(name: unknown): string {
  if (typeof name === "string" && name !== "" && name.length <= 64) return name;
  throw invalidOption("dexes", shown(name), "must be names of builder dexes");
}

function positive<T extends Readonly<Record<string, number>>>(group: string, values: T): T {
  for (const [field, value] of Object.entries(values)) {
    if (Number.isFinite(value) && value > 0) continue;
    throw invalidOption(`${group}.${field}`, value, "must be a positive number");
  }
  return values;
}
