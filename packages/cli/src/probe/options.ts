import { endpointsOf } from "@cloister/hyperliquid";
import { readAddress } from "@cloister/model";
import { oneOf, readFlags, UsageError } from "../arguments.ts";
import { endpointsOfUrl } from "../endpoints.ts";
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
  const { network, account } = values;
  const keyFile = values["key-file"];
  if (network === undefined) throw new UsageError("--network is needed: testnet, or a URL");
  if (keyFile === undefined) throw new UsageError("--key-file is needed");
  if (account !== undefined && readAddress(account) === undefined) {
    throw new UsageError(`--account must be 0x and 40 hex digits, not ${JSON.stringify(account)}`);
  }
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

function endpointsOfNetwork(
  network: string,
  signatures: string | undefined,
): Pick<ProbeOptions, "http" | "ws" | "signatures"> {
  if (network !== "mainnet" && network !== "testnet") {
    const signed = oneOf("signatures", signatures ?? "testnet", ["mainnet", "testnet"]);
    return { ...endpointsOfUrl("network", network), signatures: signed };
  }
  if (signatures === undefined) return endpointsOf(network);
  throw new UsageError("--signatures belongs to a URL: the venue's own networks have theirs");
}
