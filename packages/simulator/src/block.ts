import type { Address } from "@cloister/model";
import type { Account, RequestSeen } from "./ledger/account.ts";
import { budgetRefusal, spendRequests, STALE_FACTOR } from "./limits/address-budget.ts";
import { type Action, bundleOf, weightOf } from "./actions/action.ts";
import { type ActionAnswer, refused } from "./actions/answers.ts";
import { perform } from "./actions/perform.ts";
import { performScript, sayingOf } from "./actions/perform-script.ts";
import { fireScheduledCancels } from "./actions/schedule-cancel.ts";
import type { Script } from "./actions/script.ts";
import { BlockNews } from "./ledger/block-news.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { NonceSet } from "./ledger/nonces.ts";
import { cancelAtCaps } from "./market/caps.ts";
import { payFunding } from "./market/funding.ts";
import { liquidate } from "./market/liquidation.ts";
import { performSteps } from "./market/perform-steps.ts";
import { fireTriggers } from "./market/triggers.ts";
import { runTwaps } from "./market/twaps.ts";
import { noteWorths } from "./market/worth.ts";

/** An admitted action on its way into a block. */
export type Pending = {
  readonly signer: Address;
  readonly account: Account;
  readonly action: Action;
  readonly nonce: number;
  readonly expiresAfter?: number;
  readonly seen: RequestSeen;
  /** How it is answered, when that is known beforehand. */
  readonly script?: Script;
  /** Blocks it is still held back. */
  holdBlocks: number;
  readonly reply: (answer: ActionAnswer) => void;
};

/** What a background account wants of this block; it signs nothing and is not answered. */
export type BackgroundAction = { readonly account: Account; readonly action: Action };

export type BlockWork = {
  readonly background: readonly BackgroundAction[];
  readonly pending: readonly Pending[];
  /** Comes before everything else of the block. */
  readonly begin?: () => void;
};

export type Answered = { readonly pending: Pending; readonly answer: ActionAnswer };
export type Block = { readonly news: BlockNews; readonly answers: readonly Answered[] };

const WEIGHT_MAX = 200;

/**
 * Runs one block: market steps, funding, caps, liquidations, triggers, dead man's switches, then the actions in
 * bundle order (protocol §6.3).
 */
export function runBlock(ledger: Ledger, atMs: number, work: BlockWork): Block {
  ledger.news = new BlockNews(ledger.news.number + 1, atMs);
  work.begin?.();
  performSteps(ledger);
  payFunding(ledger);
  cancelAtCaps(ledger);
  liquidate(ledger);
  fireTriggers(ledger);
  fireScheduledCancels(ledger);
  runTwaps(ledger);
  const answers: Answered[] = [];
  for (const bundle of [1, 2, 3]) {
    for (const { account, action } of work.background) {
      if (bundleOf(action) === bundle) transact(ledger, account, action);
    }
    for (const pending of work.pending) {
      if (bundleOf(pending.action) === bundle) {
        answers.push({ pending, answer: runOne(ledger, pending) });
      }
    }
  }
  noteWorths(ledger);
  return { news: ledger.news, answers };
}

function runOne(ledger: Ledger, pending: Pending): ActionAnswer {
  const { account, seen } = pending;
  seen.block = ledger.news.number;
  seen.blockMs = ledger.news.atMs;
  const answer = answerTo(ledger, pending);
  if (answer.status === "ok") {
    spendRequests(account, weightOf(pending.action), ledger.news.atMs);
  }
  seen.answer = answer;
  return answer;
}

function answerTo(ledger: Ledger, pending: Pending): ActionAnswer {
  const { account, action, script } = pending;
  if (script?.kind === "answer" && !script.spendsNonce) return sayingOf(action, script.says);
  const refusal = judge(ledger, pending);
  if (refusal !== undefined) return refusal;
  if (script === undefined) return transact(ledger, account, action);
  ledger.transactions += 1;
  return performScript({ ledger, account }, action, script);
}

/**
 * The nonce is spent here and by nothing else: also when the action then fails or is too late (protocol §10.3),
 * but not when its address has no requests left.
 */
function judge(ledger: Ledger, pending: Pending): ActionAnswer | undefined {
  const { account, action } = pending;
  const nowMs = ledger.news.atMs;
  const nonces = noncesOf(ledger, pending.signer);
  const refusal = nonces.refusal(pending.nonce, nowMs);
  if (refusal !== undefined) return refused(refusal);
  const weightMax = action.type === "order" ? ledger.rules.ordersPerAction : WEIGHT_MAX;
  if (weightOf(action) > weightMax) {
    return refused(`Signed action over weight limit of ${weightMax}.`);
  }
  const exhausted = budgetRefusal(account, action, { limits: ledger.limits, nowMs });
  if (exhausted !== undefined) return refused(exhausted);
  nonces.spend(pending.nonce);
  if (pending.expiresAfter !== undefined && pending.expiresAfter < nowMs) {
    spendRequests(account, weightOf(action) * STALE_FACTOR, nowMs);
    return refused("Action already expired");
  }
  return undefined;
}

function noncesOf(ledger: Ledger, signer: Address): NonceSet {
  const known = ledger.nonces.get(signer);
  if (known !== undefined) return known;
  const fresh = new NonceSet(ledger.rules.nonceMarginMs);
  ledger.nonces.set(signer, fresh);
  return fresh;
}

/** Each action is a transaction of its own: its fills share one hash. */
function transact(ledger: Ledger, account: Account, action: Action): ActionAnswer {
  ledger.transactions += 1;
  return perform({ ledger, account }, action);
}
