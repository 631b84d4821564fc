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
  const fail = (error: unknown): void => {
    finish({ kind: "failed", reason: error instanceof Error ? error.message : "the key failed" });
  };
  try {
    const action = encodeAction(what.action, signing.assets);
    const digest = actionDigest(action, { ...hashed, network: signing.network });
    // A remote key is easily written as an async function, whose rejection nobody else would see.
    const key: { sign: (digest: Uint8Array, done: (result: SignResult) => void) => unknown } =
      signing.signer;
    const running = key.sign(digest, (result) => finish(resultOf(result, action, hashed)));
    if (running instanceof Promise) running.catch(fail);
  } catch (error) {
    fail(error);
  }
}

function resultOf(result: SignResult, action: WireAction, terms: ActionTerms): SignActionResult {
  if (!isSignature(result)) return refusalOf(result);
  const { nonce, expiresAfter } = terms;
  const payload = signedEnvelope(action, result.signature, terms);
  const signed = expiresAfter === undefined ? { nonce, payload } : { nonce, expiresAfter, payload };
  return { kind: "signed", signed };
}

const WORD = /^0x[0-9a-f]{64}$/i;

/** A key is foreign code, often behind a network: its answer is read like one. */
function isSignature(result: unknown): result is SignResult & { kind: "signed" } {
  const signature = fieldOf(result, "signature");
  const [r, s, v] = ["r", "s", "v"].map((name) => fieldOf(signature, name));
  const isWhole = [r, s].every((word) => typeof word === "string" && WORD.test(word));
  return fieldOf(result, "kind") === "signed" && isWhole && (v === 27 || v === 28);
}

function refusalOf(result: unknown): SignActionResult {
  const reason = fieldOf(result, "kind") === "failed" ? fieldOf(result, "reason") : undefined;
  return {
    kind: "failed",
    reason: typeof reason === "string" ? reason : "the key answered with no signature",
  };
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

function once(done: Done): Done {
  let over = false;
  return (result) => {
    if (over) return;
    over = true;
    done(result);
  };
}
