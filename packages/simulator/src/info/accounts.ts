import { ZERO } from "@cloister/model";
import type { Account, Agent } from "../ledger/account.ts";
import { requestsCap, requestsSurplus, requestsUsed } from "../limits/address-budget.ts";
import type { Core } from "../core.ts";
import type { Limits } from "../limits/limits.ts";
import { printDecimal } from "../print.ts";
import { forUser, value } from "./answer.ts";

/** Reserved requests are used first; those still left are the surplus (protocol §8.7, §12.2). */
export const userRateLimit = forUser((core, { account }) =>
  value({
    cumVlm: printDecimal(account?.volume ?? ZERO),
    nRequestsUsed: account === undefined ? 0 : requestsUsed(account),
    nRequestsCap: shownCap(account, core.ledger.limits),
    nRequestsSurplus: account === undefined ? 0 : requestsSurplus(account),
  }),
);

/** JSON has no Infinity: where nothing is limited, the largest number it carries. */
function shownCap(account: Account | undefined, limits: Limits): number {
  const cap = account === undefined ? limits.addressRequests : requestsCap(account, limits);
  return Math.min(cap, Number.MAX_SAFE_INTEGER);
}

export const userRole = forUser((core, { user, account }) => {
  if (account?.master !== undefined) {
    return value({ role: "subAccount", data: { master: account.master } });
  }
  if (account !== undefined) return value({ role: "user" });
  const master = core.ledger.agents.get(user);
  return value(
    master === undefined || !liveAgents(core, master).some(({ address }) => address === user)
      ? { role: "missing" }
      : { role: "agent", data: { user: master.address } },
  );
});

export const extraAgents = forUser((core, { account }) =>
  value(
    liveAgents(core, account)
      .filter(({ name }) => name !== "")
      .map(({ name, address, validUntilMs }) => ({ name, address, validUntil: validUntilMs })),
  ),
);

/** The keys that may sign now: an expired one is none any more. */
function liveAgents(core: Core, account: Account | undefined): readonly Agent[] {
  const nowMs = core.wallMs();
  return (account?.agents ?? []).filter(({ validUntilMs }) => validUntilMs > nowMs);
}

export const userAbstraction = forUser(() => value("default"));
