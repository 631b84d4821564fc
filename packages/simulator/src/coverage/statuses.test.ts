import { describe, expect, it } from "vitest";
import { CANCELED_BY_SYSTEM, REJECTED } from "../ledger/order.ts";
import { STATUS_PROOFS } from "./statuses.stories.ts";

describe("every status of protocol §5 is reachable", () => {
  it("has a proof", () => {
    const known = ["open", "triggered", "filled", "canceled", ...CANCELED_BY_SYSTEM, ...REJECTED];
    expect(Object.keys(STATUS_PROOFS).toSorted()).toEqual(known.toSorted());
    expect(known).toHaveLength(33);
  });

  it.each(Object.entries(STATUS_PROOFS))("%s", (status, proof) => {
    expect(proof.run()).toContain(status);
  });

  it("has a cause, unless the reason is told", () => {
    const scripted = Object.entries(STATUS_PROOFS).filter(([, { by }]) => by === "script");
    expect(scripted.map(([status]) => status)).toEqual([
      "vaultWithdrawalCanceled",
      "outcomeSettledCanceled",
      "internalCancel",
      "minTradeSpotNtlRejected",
    ]);
  });
});
