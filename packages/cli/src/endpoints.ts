import { endpointsOf, type Network } from "@cloister/hyperliquid";
import { oneOf, UsageError } from "./arguments.ts";

type Endpoints = Exclude<Network, string>;

/** Where an exchange listens, of the one URL that a flag gives. @throws UsageError */
export function endpointsOfUrl(
  flag: string,
  text: string,
): { readonly http: string; readonly ws: string } {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new UsageError(`--${flag} must be an http(s) URL, not ${JSON.stringify(text)}`);
  }
  const ws = new URL("/ws", url);
  ws.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return { http: url.origin, ws: ws.href };
}

/** Where a venue listens that a flag `--network` names, or whose URL it gives. @throws UsageError */
export function endpointsOfNetwork(network: string, signatures: string | undefined): Endpoints {
  if (network !== "mainnet" && network !== "testnet") {
    const signed = oneOf("signatures", signatures ?? "testnet", ["mainnet", "testnet"]);
    return { ...endpointsOfUrl("network", network), signatures: signed };
  }
  if (signatures === undefined) return endpointsOf(network);
  throw new UsageError("--signatures belongs to a URL: the venue's own networks have theirs");
}
