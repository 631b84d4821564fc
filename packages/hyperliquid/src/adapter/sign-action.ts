import type { Address, SignActionResult, Signer, SignResult, VenueAction } from "@cloister/model";
import type { Assets } from "../assets.ts";
import { encodeAction } from "../encode/encode-action.ts";
import { actionDigest, signedEnvelope } from "../encode/envelope.ts";
import type { WireAction } from "../encode/wire-action.ts";
import type { ActionTerms } from "../signing/action-hash.ts";
import type { SignatureNetwork } from "../signing/network.ts";

/** Who signs, for whom, and for which network. */
export type Signing = {
  readonly signer: Signer;
  readonly assets: Assets;
  readonly network: SignatureNetwork;
  readonly vault?: Address;
};

export type SigningTerms = { readonly nonce: number; readonly expiresAfter?: number };

type Done = (result: SignActionResult) => void;

/** Encodes, hashes and signs (protocol §10.1). Calls back once; a key or an encoder that throws fails the action. */
export function signAction(
  what: { readonly action: VenueAction; readonly terms: SigningTerms },
  signing: Signing,
  done: Done,
): void {
  const finish = once(done);
  const { terms } = what;
  const { vault } = signing;
  const hashed: ActionTerms = vault === undefined ? terms : { ...terms, vault };
  try {
    const action = encodeAction(what.action, signing.assets);
    const digest = actionDigest(action, { ...hashed, network: signing.network });
    signing.signer.sign(digest, (result) => finish(resultOf(result, action, hashed)));
  } catch (error) {
    finish({ kind: "failed", reason: error instanceof Error ? error.message : "the key failed" });
  }
}

function resultOf(result: SignResult, action: WireAction, terms: ActionTerms): SignActionResult {
  if (result.kind === "failed") return result;
  const { nonce, expiresAfter } = terms;
  const payload = signedEnvelope(action, result.signature, terms);
  const signed = expiresAfter === undefined ? { nonce, payload } : { nonce, expiresAfter, payload };
  return { kind: "signed", signed };
}

function once(done: Done): Done {
  let over = false;
  return (result) => {
    if (over) return;
    over = true;
    done(result);
  };
}
