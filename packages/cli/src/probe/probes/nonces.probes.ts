import { parseAddress } from "@cloister/model";
import { toldOf } from "../answer.ts";
import { judged, notMeasured, type Probe } from "../probe.ts";
import type { ProbeDesk } from "../probe-desk.ts";

const DUPLICATE = /^(L1 error: )?(Invalid nonce: )?duplicate nonce\b/;
const TOO_LOW = /^(L1 error: )?(Invalid nonce: )?nonce too low\b/;
const DAY_MS = 86_400_000;
const AHEAD_MS = 600_000;
/** As the engine's `settleMs`: what is not known then is not known. */
const SETTLE_MS = 2_000;

const noopProof: Probe = async (desk) => {
  const nonce = desk.nonce();
  const noop = await desk.noop(nonce);
  if (!noop.isOk) return judged(false, `a noop on a fresh nonce: ${toldOf(noop)}`);
  const cloid = desk.cloid();
  const place = await desk.placed([desk.order({ cloid })], { nonce });
  const record = await desk.settledRecord(cloid, SETTLE_MS);
  const said = `noop: ok; the place with its nonce: ${toldOf(place)}, then ${record?.status ?? "unknownOid"}`;
  return judged(!place.isOk && record === undefined, said);
};

const noopOnSpent: Probe = async (desk) => {
  const { nonce, cloid } = await desk.rest();
  const noop = await desk.noop(nonce);
  const record = await desk.settledRecord(cloid, SETTLE_MS);
  const said = `the noop: ${toldOf(noop)}; the order is ${record?.status ?? "unknownOid"}`;
  return judged(DUPLICATE.test(noop.refusal) && record?.status === "open", said);
};

const duplicateNonce: Probe = async (desk) => {
  const nonce = desk.nonce();
  const cloid = desk.cloid();
  const orders = [desk.order({ cloid })];
  const body = await desk.sign({ type: "order", orders, grouping: "na" }, { nonce });
  const first = await desk.send(body, nonce);
  const again = await desk.send(body, nonce);
  const said = `the same bytes twice: ${toldOf(first)}, then ${toldOf(again)}`;
  return judged(first.isOk && DUPLICATE.test(again.refusal), said);
};

const tooLow: Probe = async (desk) => {
  const nonce = desk.nonce() - 3 * DAY_MS;
  const [first, again] = [await desk.noop(nonce), await desk.noop(nonce)];
  const said = `a noop of three days ago, twice: ${toldOf(first)}; ${toldOf(again)}`;
  return judged(TOO_LOW.test(first.refusal) && TOO_LOW.test(again.refusal), said);
};

const nonceAhead: Probe = async (desk) => {
  // Not by much: the venue keeps the hundred highest, and the lowest of them is its floor.
  const noop = await desk.noop(desk.nonce() + AHEAD_MS);
  return judged(noop.isOk, `a noop of in ten minutes: ${toldOf(noop)}`);
};

/** Whether the nonce of an action that came to nothing is spent. */
async function isSpent(desk: ProbeDesk, nonce: number): Promise<boolean> {
  const noop = await desk.noop(nonce);
  return DUPLICATE.test(noop.refusal);
}

const expiredText: Probe = async (desk) => {
  const nonce = desk.nonce();
  const expiresAfter = desk.line.wallMs - 60_000;
  const late = await desk.placed([desk.order()], { nonce, expiresAfter });
  const spent = await isSpent(desk, nonce);
  const said = `${toldOf(late)}; its nonce is ${spent ? "spent" : "not spent"}`;
  return judged(late.refusal.startsWith("Action already expired") && spent, said);
};

const refusalSpendsNonce: Probe = async (desk) => {
  const nonce = desk.nonce();
  // Too early for any account: five seconds ahead are asked for.
  const time = desk.line.wallMs + 1_000;
  const answer = await desk.act({ type: "scheduleCancel", time }, { nonce });
  if (answer.isOk) {
    await desk.act({ type: "scheduleCancel" });
    return judged(false, "a scheduleCancel one second ahead was taken, and is taken back");
  }
  const spent = await isSpent(desk, nonce);
  return judged(spent, `${toldOf(answer)}; its nonce is ${spent ? "spent" : "not spent"}`);
};

/** An address that nobody trades for. */
const NO_VAULT = parseAddress(`0x${"c1".repeat(20)}`);

const unadmittedNonce: Probe = async (desk) => {
  const nonce = desk.nonce();
  const answer = await desk.noop(nonce, { vault: NO_VAULT });
  if (answer.isOk) return notMeasured("a vault that nobody made was taken");
  const noop = await desk.noop(nonce);
  const said = `${toldOf(answer)}; then a noop with its nonce: ${toldOf(noop)}`;
  return judged(noop.isOk, said);
};

export const NONCE_PROBES = {
  "noop-proof": noopProof,
  "noop-on-spent": noopOnSpent,
  "duplicate-nonce": duplicateNonce,
  "too-low": tooLow,
  "nonce-ahead": nonceAhead,
  "expired-text": expiredText,
  "refusal-spends-nonce": refusalSpendsNonce,
  "unadmitted-nonce": unadmittedNonce,
} as const;
