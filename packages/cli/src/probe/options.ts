import { endpointsOf } from "@cloister/hyperliquid";
import { address, readFlags, UsageError } from "../arguments.ts";
import { endpointsOfNetwork } from "../endpoints.ts";
import { probeOf } from "./all-probes.ts";

export type ProbeOptions = {
  readonly http: string;
  readonly ws: string;
  readonly signatures: "mainnet" | "testnet";
  readonly keyFile: string;
  /** The account that trades; the key's own address by default. */
  readonly account: string | undefined;
  readonly coin: string;
  readonly trade: boolean;
  /** Ids of the assumptions to measure; undefined: all that can be. */
  readonly only: ReadonlySet<string> | undefined;
  readonly json: boolean;
};

const FLAGS = {
  network: { type: "string" },
  "key-file": { type: "string" },
  account: { type: "string" },
  coin: { type: "string", default: "BTC" },
  only: { type: "string" },
  signatures: { type: "string" },
  trade: { type: "boolean", default: false },
  "mainnet-with-real-money": { type: "boolean", default: false },
  json: { type: "boolean", default: false },
} as const;

const MAINNET = endpointsOf("mainnet").http;

/** @throws UsageError */
export function readProbeOptions(args: readonly string[]): ProbeOptions {
  const values = readFlags(args, FLAGS);
  const { network } = values;
  const keyFile = values["key-file"];
  if (network === undefined) throw new UsageError("--network is needed: testnet, or a URL");
  if (keyFile === undefined) throw new UsageError("--key-file is needed");
  const account = address("account", values.account);
  const endpoints = endpointsOfNetwork(network, values.signatures);
  const isMainnet = endpoints.signatures === "mainnet" || endpoints.http === MAINNET;
  if (isMainnet && !values["mainnet-with-real-money"]) {
    throw new UsageError("orders signed for mainnet cost real money: --mainnet-with-real-money");
  }
  const { coin, trade, json } = values;
  return { ...endpoints, keyFile, account, coin, trade, only: idsOf(values.only), json };
}

function idsOf(text: string | undefined): ReadonlySet<string> | undefined {
  if (text === undefined) return undefined;
  const ids = text.split(",");
  const unknown = ids.find((id) => probeOf(id) === undefined);
  if (unknown === undefined) return new Set(ids);
  throw new UsageError(`--only: nothing measures ${JSON.stringify(unknown)}`);
}
