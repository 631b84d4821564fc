import { invalidOption } from "@cloister/model";
import { shown } from "../shown.ts";
import type { SignatureNetwork } from "../signing/network.ts";

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
  return parseEndpoints(network);
}

/** Reads what a caller without types may have passed. */
function parseEndpoints(given: unknown): Endpoints {
  if (typeof given !== "object" || given === null) {
    throw invalidOption(
      "network",
      shown(given),
      'must be "mainnet", "testnet" or { http, ws, signatures }',
    );
  }
  const http = "http" in given ? given.http : undefined;
  const ws = "ws" in given ? given.ws : undefined;
  const signatures = "signatures" in given ? given.signatures : undefined;
  if (signatures !== "mainnet" && signatures !== "testnet") {
    throw invalidOption("network.signatures", shown(signatures), 'must be "mainnet" or "testnet"');
  }
  return {
    http: parseUrl("network.http", http, ["http:", "https:"]),
    ws: parseUrl("network.ws", ws, ["ws:", "wss:"]),
    signatures,
  };
}

function parseUrl(field: string, text: unknown, schemes: readonly string[]): string {
  const isUrl = typeof text === "string" && URL.canParse(text);
  if (!isUrl || !schemes.includes(new URL(text).protocol)) {
    const rule = `must be a URL that begins with ${schemes.join(" or ")}`;
    throw invalidOption(field, shown(text), rule);
  }
  // Paths are appended, and a socket's URL may have no fragment.
  if (/[?#]/.test(text)) throw invalidOption(field, shown(text), "must have neither ? nor #");
  return text;
}
