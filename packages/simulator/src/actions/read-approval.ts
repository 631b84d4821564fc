import { readAddress } from "@cloister/model";
import { type Approval, approvalDigest } from "../auth/user-signed.ts";
import { hasOnly, isWhole, type JsonObject } from "../json.ts";
import type { ReadAction } from "./action.ts";

const KEYS = ["type", "hyperliquidChain", "signatureChainId", "agentAddress", "agentName", "nonce"];
const EXPIRY = /^(.*) valid_until (\d{1,15})$/;

/** approveAgent: the name may end in " valid_until MS". */
export function readApproval(value: JsonObject): ReadAction | undefined {
  const approval = hasOnly(value, KEYS) ? readFields(value) : undefined;
  if (approval === undefined) return undefined;
  const { agent, name, chain, nonce } = approval;
  const [, bare = name, until] = EXPIRY.exec(name) ?? [];
  return {
    action: {
      type: "approveAgent",
      agent,
      name: bare,
      ...(until === undefined ? {} : { validUntilMs: Number(until) }),
    },
    canonical: value,
    userSigned: {
      digest: approvalDigest(approval),
      network: chain === "Mainnet" ? "mainnet" : "testnet",
      nonce,
    },
  };
}

function readFields(value: JsonObject): Approval | undefined {
  const { hyperliquidChain: chain, signatureChainId, nonce } = value;
  const agent = readAddress(value["agentAddress"]);
  const name = value["agentName"] ?? "";
  const chainId = readChainId(signatureChainId);
  if (chain !== "Mainnet" && chain !== "Testnet") return undefined;
  if (agent === undefined || chainId === undefined || !isWhole(nonce)) return undefined;
  return typeof name === "string" ? { chain, chainId, agent, name, nonce } : undefined;
}

function readChainId(value: unknown): string | undefined {
  return typeof value === "string" && /^0x[0-9a-fA-F]{1,64}$/.test(value) ? value : undefined;
}
