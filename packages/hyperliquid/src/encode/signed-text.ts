import type { Address, Signer } from "@cloister/model";
import type { ActionTerms } from "../signing/action-hash.ts";
import type { SignatureNetwork } from "../signing/network.ts";
import { actionDigest, signedEnvelope } from "./envelope.ts";
import type { WireAction } from "./wire-action.ts";

/** What is signed beside the action. The nonce is the caller's own choice; times in ms. */
export type SignedTextTerms = {
  readonly signer: Signer;
  readonly network: SignatureNetwork;
  readonly nonce: number;
  readonly expiresAfter?: number;
  readonly vault?: Address;
};

/**
 * Any action in the venue's own words as the signed body of `/exchange`, for those who measure the venue itself: an
 * order of ours goes through an engine (protocol §6.1, §10.1). Rejects when the key refuses to sign.
 */
export function signedText(action: WireAction, terms: SignedTextTerms): Promise<string> {
  const { signer, network, nonce, expiresAfter, vault } = terms;
  const hashed: ActionTerms = {
    nonce,
    ...(expiresAfter === undefined ? {} : { expiresAfter }),
    ...(vault === undefined ? {} : { vault }),
  };
  return new Promise((resolve, reject) => {
    signer.sign(actionDigest(action, { ...hashed, network }), (result) => {
      if (result.kind === "signed") resolve(signedEnvelope(action, result.signature, hashed));
      else reject(new Error(`the key did not sign: ${result.reason}`));
    });
  });
}
