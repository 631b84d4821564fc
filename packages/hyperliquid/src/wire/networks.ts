import { invalidOption } from "@cloister/model";

/** Which letter the venue expects in a signature: "a" for mainnet, "b" for testnet (protocol §10.1). */
export type SignatureNetwork = "mainnet" | "testnet";

/** Where a venue lives. `http` without a path ("http://127.0.0.1:3001"), `ws` with it ("…/ws"). */
export type Endpoints = {
  readonly http: string;
  readonly ws: string;
  readonly signatures: SignatureNetwork;
};

/** One of the venue's own networks, or any address that speaks the same (protocol §1). */
export type Network = SignatureNetwork | Endpoints;

const MAINNET: Endpoints = {
  http: "https://api.hyperliquid.xyz",
  ws: "wss://api.hyperliquid.xyz/ws",
  signatures: "mainnet",
};

const TESTNET: Endpoints = {
  http: "https://api.hyperliquid-testnet.xyz",
  ws: "wss://api.hyperliquid-testnet.xyz/ws",
  signatures: "testnet",
};

/** @throws invalidOption unless it is a known name, or URLs of the right schemes and a signature letter. */
export function endpointsOf(network: Network): Endpoints {
  if (network === "mainnet") return MAINNET;
  if (network === "testnet") return TESTNET;
  if (typeof network !== "object" || network === null) {
    throw invalidOption(
      "network",
      network,
      'must be "mainnet", "testnet" or { http, ws, signatures }',
    );
  }
  requireUrl("network.http", network.http, ["http:", "https:"]);
  requireUrl("network.ws", network.ws, ["ws:", "wss:"]);
  if (network.signatures !== "mainnet" && network.signatures !== "testnet") {
    throw invalidOption("network.signatures", network.signatures, 'must be "mainnet" or "testnet"');
  }
  return network;
}

function requireUrl(field: string, text: string, schemes: readonly string[]): void {
  if (URL.canParse(text) && schemes.includes(new URL(text).protocol)) return;
  throw invalidOption(field, text, `must be a URL that begins with ${schemes.join(" or ")}`);
}
