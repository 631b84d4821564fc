import type { Input } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { ScriptedVenue } from "../situations/scripted-venue.fixture.ts";
import { SignJobs, type SignOutcome } from "./sign-jobs.ts";

function start() {
  const venue = new ScriptedVenue();
  const pushed: Input[] = [];
  const jobs = new SignJobs({ venue, push: (input) => pushed.push(input) });
  const outcomes: SignOutcome[] = [];
  const sign = (nonce?: number): (() => void) =>
    jobs.sign({ kind: "noop" }, nonce === undefined ? {} : { nonce }, (outcome) =>
      outcomes.push(outcome),
    );
  const deliver = (): void => {
    for (const input of pushed.splice(0)) {
      if (input.kind === "signed") {
        jobs.settle(input.attempt, { kind: "signed", signed: input.signed });
      } else if (input.kind === "signFailed") {
        jobs.settle(input.attempt, { kind: "failed", reason: input.reason });
      }
    }
  };
  return { venue, pushed, jobs, outcomes, sign, deliver };
}

describe("sign jobs", () => {
  it("a signature comes back through the inbox, with the nonce asked for or a fresh one", () => {
    const { outcomes, sign, deliver, jobs } = start();
    sign();
    sign(77);
    expect(outcomes).toEqual([]);
    deliver();
    expect(outcomes.map((outcome) => outcome.kind === "signed" && outcome.signed.nonce)).toEqual([
      1_001, 77,
    ]);
    expect(jobs.open).toBe(0);
  });

  it("one that is given up is thrown away when it comes, and one that comes twice counts once", () => {
    const { venue, outcomes, sign, deliver, jobs } = start();
    venue.signs = () => "never";
    const giveUp = sign();
    sign();
    giveUp();
    for (const { done } of [...venue.unsigned, ...venue.unsigned]) done();
    deliver();
    expect(outcomes).toHaveLength(1);
    expect(jobs.open).toBe(0);
  });

  it.each(["throws", "failed"] as const)(
    "a signer that %s has signed nothing; its text is not kept",
    (how) => {
      const { venue, outcomes, sign, deliver } = start();
      venue.signs = () => how;
      sign();
      deliver();
      expect(outcomes).toMatchObject([{ kind: "failed" }]);
      expect(JSON.stringify(outcomes)).not.toContain("out of order");
    },
  );
});
