import type { Signature } from "@cloister/model";
import { actionHash, type ActionTerms } from "../signing/action-hash.ts";
import { agentDigest } from "../signing/eip712.ts";
import type { SignatureNetwork } from "../signing/network.ts";
import type { WireAction } from "./wire-action.ts";

/** The 32 bytes that a signer signs for an action (protocol §10.1). */
export function actionDigest(
  action: WireAction,
  terms: ActionTerms & { readonly network: SignatureNetwork },
): Uint8Array {
  return agentDigest(actionHash(action, terms), terms.network);
}

/** The envelope as JSON text: the body of `/exchange`, and the payload of a post of type `action` (protocol §6.1). */
export function signedEnvelope(
  action: WireAction,
  signature: Signature,
  terms: ActionTerms,
): string {
  return JSON.stringify({
    action,
    nonce: terms.nonce,
    signature: { r: signature.r, s: signature.s, v: signature.v },
    vaultAddress: terms.vault ?? null,
    expiresAfter: terms.expiresAfter ?? null,
  });
}
