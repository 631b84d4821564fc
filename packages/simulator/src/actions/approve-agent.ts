import type { Account, Agent } from "../ledger/account.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Action } from "./action.ts";
import { type ActionAnswer, DONE, refused } from "./answers.ts";
import type { Work } from "./work.ts";

/** How long a key may sign at most, and does unless told otherwise, ms (protocol §10.4). */
export const AGENT_LIFE_MS = 180 * 24 * 3_600_000;
const NAMED = 3;
const NAMED_PER_SUB_ACCOUNT = 2;
const NAME_MAX = 16;

/**
 * Lets a key sign for its master: one without a name and a few with (protocol §10.4). It takes the place of the one of
 * its name. Keys that went, were replaced or expired, are forgotten with their nonces.
 */
export function approveAgent(
  work: Work,
  action: Extract<Action, { type: "approveAgent" }>,
): ActionAnswer {
  const { ledger, account } = work;
  const nowMs = ledger.news.atMs;
  const { agent: address, name, validUntilMs = nowMs + AGENT_LIFE_MS } = action;
  if (name.length > NAME_MAX) return refused("Invalid agent name.");
  if (validUntilMs <= nowMs || validUntilMs > nowMs + AGENT_LIFE_MS) {
    return refused("Invalid agent expiry, must be at most 180 days from now.");
  }
  const master = ledger.agents.get(address);
  if (ledger.accounts.has(address) || (master !== undefined && master !== account)) {
    return refused(`Address is already in use: ${address}`);
  }
  const staying = account.agents.filter(
    (agent) => agent.validUntilMs > nowMs && agent.name !== name && agent.address !== address,
  );
  const named = staying.filter((agent) => agent.name !== "").length;
  const most = namedMost(ledger, account);
  if (name !== "" && named >= most) {
    return refused(`Cannot approve more than ${most} named agents.`);
  }
  forget(
    ledger,
    account.agents.filter((agent) => !staying.includes(agent)),
  );
  account.agents = [...staying, { address, name, validUntilMs }];
  ledger.agents.set(address, account);
  return DONE;
}

function namedMost(ledger: Ledger, account: Account): number {
  const subs = [...ledger.accounts.values()].filter(({ master }) => master === account.address);
  return NAMED + NAMED_PER_SUB_ACCOUNT * subs.length;
}

function forget(ledger: Ledger, agents: readonly Agent[]): void {
  for (const { address } of agents) {
    ledger.agents.delete(address);
    ledger.nonces.delete(address);
  }
}
