import * as fc from "fast-check";
import { CloisterError } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { ALICE } from "../desk.fixture.ts";
import { readFaultPlan } from "./fault-plan.ts";

/** The path and the rule that a plan is refused with. */
function refusal(plan: unknown): string {
  try {
    readFaultPlan(plan);
  } catch (error) {
    if (!(error instanceof CloisterError)) throw error;
    expect(error.code).toBe("invalidOption");
    return `${error.details.field ?? ""}: ${error.details.rule ?? ""}`;
  }
  return "accepted";
}

const plan = (...faults: unknown[]): object => ({ faults });

describe("a fault plan", () => {
  it("is read with its defaults", () => {
    expect(readFaultPlan({ faults: [] })).toEqual({ seed: 1, faults: [] });
    expect(
      readFaultPlan({
        seed: 9,
        faults: [
          {
            what: "httpStatus",
            status: 502,
            body: "html",
            when: { afterMs: 5, untilMs: 9, every: 2, chance: 0.5, fromBlock: 1, toBlock: 4 },
            to: { type: "order", path: "/exchange" },
            times: 3,
          },
          { what: "disconnect" },
          { what: "loseAction", to: { account: ALICE.toUpperCase().replace("0X", "0x") } },
        ],
      }),
    ).toEqual({
      seed: 9,
      faults: [
        {
          what: "httpStatus",
          status: 502,
          body: "html",
          executed: false,
          when: { afterMs: 5, untilMs: 9, every: 2, chance: 0.5, fromBlock: 1, toBlock: 4 },
          to: { type: "order", path: "/exchange" },
          times: 3,
        },
        { what: "disconnect", code: 1006, when: {}, to: {} },
        { what: "loseAction", when: {}, to: { account: ALICE } },
      ],
    });
  });

  it("survives JSON unchanged", () => {
    const read = readFaultPlan(
      plan({ what: "halfOpen", ms: 9, times: 1 }, { what: "truncatePage", keep: 0 }),
    );
    expect(readFaultPlan(JSON.parse(JSON.stringify(read)))).toEqual(read);
  });

  it.each<[unknown, string]>([
    [null, "plan: must be an object"],
    [[], "plan: must be an object"],
    [{}, "faults: must be a list"],
    [{ faults: [], sed: 1 }, "sed: is not known here"],
    [{ faults: [], seed: -1 }, "seed: must be a whole number from 0 to 4294967295"],
    [plan("loseAction"), "faults[0]: must be an object"],
    [plan({ what: "loseAll" }), "faults[0].what: must be one of loseAction, "],
    [plan({ what: "loseAction", blocks: 3 }), "faults[0].blocks: is not known here"],
    [plan({ what: "loseAction" }, { what: "holdAction" }), "faults[1].blocks: must be a whole"],
    [plan({ what: "delayFrame", ms: "5" }), "faults[0].ms: must be a whole number from 1 to"],
    [plan({ what: "disconnect", code: 1005 }), "faults[0].code: must be a close code"],
    [plan({ what: "httpStatus", status: 99, body: "null" }), "faults[0].status: must be"],
    [plan({ what: "httpStatus", status: 500, body: "no" }), "faults[0].body: must be one of null"],
    [plan({ what: "loseFrame", times: 0 }), "faults[0].times: must be"],
    [plan({ what: "loseFrame", when: [] }), "faults[0].when: must be an object"],
    [plan({ what: "loseFrame", when: { chance: 1.5 } }), "faults[0].when.chance: must be"],
    [plan({ what: "loseFrame", when: { chance: "0.5" } }), "faults[0].when.chance: must be"],
    [plan({ what: "loseFrame", when: { evry: 2 } }), "faults[0].when.evry: is not known here"],
    [plan({ what: "loseFrame", when: { afterMs: 9, untilMs: 9 } }), "faults[0].when.untilMs: must"],
    [plan({ what: "loseFrame", when: { fromBlock: 9, toBlock: 8 } }), "faults[0].when.toBlock: m"],
    [plan({ what: "loseFrame", to: { account: "0x1" } }), "faults[0].to.account: must be 0x"],
    [plan({ what: "loseFrame", to: { path: "/ws" } }), "faults[0].to.path: tells nothing apart"],
    [plan({ what: "loseAction", to: { channel: "post" } }), "faults[0].to.channel: tells nothing"],
    [plan({ what: "loseAnswer", to: { who: "me" } }), "faults[0].to.who: is not known here"],
    [plan({ what: "staleChannel", ms: 9 }), "faults[0].to.channel: must be named"],
    [
      plan({ what: "httpStatus", status: 429, body: "null", to: { account: ALICE } }),
      "faults[0].to.account: is known for httpStatus only when executed is true",
    ],
    [
      plan({ what: "httpStatus", status: 429, body: "null", to: { path: "/ws" } }),
      "faults[0].to.path: must be /info or /exchange",
    ],
    [JSON.parse('{"faults":[],"__proto__":{}}'), "__proto__: is not known here"],
  ])("%j is refused with the path", (value, told) => {
    expect(refusal(value)).toContain(told);
  });

  it("is read or refused, whatever it is", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        for (const value of [one, plan(one), plan({ what: "loseFrame", when: one, to: other })]) {
          expect(typeof refusal(value)).toBe("string");
        }
      }),
      { seed: 5, numRuns: 300 },
    );
  });
});
