import type { Answer, NotAdmittedReason } from "@cloister/model";

/** Texts for a whole request that was turned away before its nonce could be spent (protocol §2.3, §7.5). */
const NOT_ADMITTED: readonly (readonly [RegExp, NotAdmittedReason])[] = [
  [/^User or API Wallet \S+ does not exist/, "unknownSigner"],
  [/^Must deposit before performing actions/, "noAccount"],
  [/^Unable to recover signer/, "badSignature"],
  [/^Vault not registered/, "vault"],
  [/^Multi-sig required/, "multiSig"],
  [/^Mainnet and testnet require different signature/, "wrongNetwork"],
  [/^Too many cumulative requests sent/, "addressBudget"],
  [/^Signed action over weight limit of/, "batchTooLarge"],
  [/^Action disabled when unified account is active/, "disabled"],
  [/^too many pending post requests/, "tooManyPosts"],
  // Told on the error channel: the frame was never a request.
  [/^Error parsing JSON into valid websocket request/, "malformed"],
];

/** Some layers put this in front. */
const PREFIX = /^L1 error: /;

/** What a text for a whole request says of the nonce; undefined when it is not known. */
export function refusalOf(told: string): Answer | undefined {
  const text = told.replace(PREFIX, "");
  if (text.startsWith("Action already expired")) return { admission: "expired", text: told };
  const nonce = nonceRefusal(text, told);
  if (nonce !== undefined) return nonce;
  const reason = NOT_ADMITTED.find(([pattern]) => pattern.test(text))?.[1];
  return reason && { admission: "notAdmitted", reason, text: told, ...budgetIn(text) };
}

/** "Too many cumulative requests sent (10001 > 10000) …" */
function budgetIn(text: string): { budget?: { sent: number; cap: number } } {
  const [, sent, cap] = /^Too many cumulative requests sent \((\d+) > (\d+)\)/.exec(text) ?? [];
  if (sent === undefined || cap === undefined) return {};
  return { budget: { sent: Number(sent), cap: Number(cap) } };
}

/** "Invalid nonce: duplicate nonce N", "nonce too low N < M", "nonce too high N > M". */
function nonceRefusal(text: string, told: string): Answer | undefined {
  const what = /^(?:Invalid nonce: )?(duplicate nonce|nonce too low|nonce too high)\b/.exec(
    text,
  )?.[1];
  if (what === undefined) return undefined;
  if (what === "nonce too high") {
    return { admission: "notAdmitted", reason: "nonceTooHigh", text: told };
  }
  return {
    admission: "nonceSpent",
    how: what === "nonce too low" ? "tooLow" : "duplicate",
    text: told,
  };
}
