import { ALICE, BOB, Desk, openExchange } from "../desk.fixture.ts";
import { readFaultPlan } from "../faults/fault-plan.ts";
import { faultsOf } from "../faults/planned-faults.ts";
import type { ExchangeOptions } from "../options.ts";

/** How something the venue says is provoked here: by its cause, or by a plan that scripts it, with the reason. */
export type Proof =
  | { readonly by: "cause"; readonly run: () => readonly unknown[] }
  | { readonly by: "script"; readonly why: string; readonly run: () => readonly unknown[] };

export function cause(run: () => readonly unknown[]): Proof {
  return { by: "cause", run };
}

export function script(why: string, run: () => readonly unknown[]): Proof {
  return { by: "script", why, run };
}

export type Pair = {
  readonly at: ReturnType<typeof openExchange>;
  readonly alice: Desk;
  readonly bob: Desk;
};

/** Two accounts at an exchange with empty books; ALICE hears what becomes of her orders. */
export function pair(options: Partial<ExchangeOptions> = {}, faults: readonly object[] = []): Pair {
  const at = openExchange(options);
  const planned = faultsOf(readFaultPlan({ faults }), { clock: at.clock });
  const alice = new Desk(at, ALICE, { faults: planned });
  alice.subscribe({ type: "orderUpdates", user: ALICE });
  return { at, alice, bob: new Desk(at, BOB) };
}

/** Accounts with this much money: ALICE, then BOB. */
export function deposits(...amounts: readonly string[]): Partial<ExchangeOptions> {
  return {
    accounts: [ALICE, BOB].map((address, at) => ({ address, deposit: amounts[at] ?? "0" })),
  };
}

/** Every status ALICE heard. */
export function words({ alice }: Pair): readonly string[] {
  const elements = alice.heard("orderUpdates").flat() as { readonly status: string }[];
  return elements.map(({ status }) => status);
}

/** The texts of an order's or a cancel's refusals. */
export function errors(statuses: readonly unknown[]): readonly unknown[] {
  return statuses.map((status) =>
    typeof status === "object" && status !== null && "error" in status ? status.error : status,
  );
}

/** The text of a request that was refused whole. */
export function response(answer: unknown): readonly unknown[] {
  const isObject = typeof answer === "object" && answer !== null;
  return isObject && "response" in answer ? [answer.response] : [answer];
}
