import * as fc from "fast-check";
import { CloisterError } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { ALICE } from "../desk.fixture.ts";
import { EVERY_FAULT } from "./every-fault.fixture.ts";
import { FAULT_NAMES, readFaultPlan } from "./fault-plan.ts";

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

const BAD: readonly [object, string][] = [
  [{ what: "loseAction", to: { path: "/exchange" } }, "to.path: tells nothing apart"],
  [{ what: "holdAction", blocks: 0 }, "blocks: must be a whole number from 1"],
  [{ what: "holdAction", ms: 1, blocks: 1 }, "blocks: is not known here"],
  [{ what: "repeatAction" }, "heard: must be one of first, second"],
  [{ what: "scriptAnswer" }, "error: must be given, or refusal, or statuses"],
  [{ what: "scriptAnswer", error: "a", refusal: "b" }, "error: must be given"],
  [{ what: "scriptAnswer", error: 5 }, "error: must be a name"],
  [{ what: "scriptAnswer", statuses: {} }, "statuses: must be a list"],
  [{ what: "scriptAnswer", refusal: "a", each: true }, "each: is not known here"],
  [{ what: "scriptAnswer", error: "a", executed: true, spendsNonce: false }, "spendsNonce: must"],
  [{ what: "rejectOrders", status: "canceled", error: "No." }, "status: must be one of rejected"],
  [{ what: "loseAnswer", to: { signer: ALICE } }, "to.signer: tells nothing apart"],
  [{ what: "delayAnswer" }, "ms: must be a whole number from 1 to 86400000"],
  [
    { what: "httpStatus", status: 500, body: "null", to: { contains: "x" } },
    "to.contains: is known",
  ],
  [{ what: "postError", text: "" }, "text: must be a name"],
  [{ what: "truncatePage", keep: -1 }, "keep: must be"],
  [{ what: "scriptRead" }, "data: must be given"],
  [{ what: "resizeStatuses", count: 1_001 }, "count: must be"],
  [{ what: "lagReads", ms: 30_001 }, "ms: must be a whole number from 1 to 30000"],
  [{ what: "lagReads", blocks: 401 }, "blocks: must be a whole number from 1 to 400"],
  [{ what: "unknownOid", ms: 5, to: { type: "meta" } }, "to.type: tells nothing apart"],
  [{ what: "loseFrame", when: { everyMs: 0 } }, "when.everyMs: must be"],
  [{ what: "duplicateFrame", when: { everyMs: 1, meanMs: 1 } }, "when.meanMs: says something else"],
  [{ what: "delayFrame", ms: 1.5 }, "ms: must be a whole number"],
  [{ what: "echoFrame" }, "ms: must be"],
  [{ what: "reorderFrames", to: { contains: "" } }, "to.contains: must be a name"],
  [{ what: "lastInBlock", ms: 1 }, "ms: is not known here"],
  [{ what: "answersFirst", to: { signer: ALICE } }, "to.signer: tells nothing apart"],
  [{ what: "reorderArray", to: { path: "/ws" } }, "to.path: tells nothing apart"],
  [{ what: "splitArray", keep: 1 }, "keep: is not known here"],
  [{ what: "replaceFrame", text: {} }, "text: must be a text"],
  [{ what: "renameStatus", from: "open" }, "status: must be a name"],
  [{ what: "truncateSnapshot" }, "keep: must be"],
  [{ what: "duplicateSnapshot", count: 1 }, "count: is not known here"],
  [{ what: "overlapSnapshot", count: 0 }, "count: must be"],
  [{ what: "restateFills" }, "px: must be given, or sz, or fee"],
  [{ what: "restateFills", sz: "1e3" }, "sz: must be a decimal in quotes"],
  [{ what: "staleChannel", ms: 5 }, "to.channel: must be named"],
  [{ what: "slowSocket", bytesPerSecond: 0.5 }, "bytesPerSecond: must be"],
  [{ what: "halfOpen", ms: 86_400_001 }, "ms: must be"],
  [{ what: "disconnect", code: 1015 }, "code: must be a close code"],
  [{ what: "skewClock", ms: 86_400_001 }, "ms: must be a whole number from -86400000"],
  [{ what: "varyBlocks", minMs: 9, maxMs: 8 }, "maxMs: must be a whole number from 9"],
  [{ what: "limits", limits: { nope: 1 } }, "limits.nope: is not known here"],
  [{ what: "limits", limits: { messages: -1 } }, "limits.messages: must be"],
  [{ what: "limits" }, "limits: must name one at least"],
  [{ what: "shuffleOids", to: { account: ALICE } }, "to.account: tells nothing apart"],
  [{ what: "postOnly", to: { type: "order" } }, "to.type: tells nothing apart"],
  [{ what: "endAgents", to: { channel: "x" } }, "to.channel: tells nothing apart"],
  [{ what: "endOrders", status: "filled" }, "status: must be one of canceled"],
];

const toOf = (fault: object | undefined): object =>
  fault !== undefined && "to" in fault && typeof fault.to === "object" ? (fault.to ?? {}) : {};

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

  it.each(BAD)("%j is refused with its path", (fault, told) => {
    expect(refusal(plan({ what: "loseFrame" }, fault))).toContain(`faults[1].${told}`);
  });

  it("every kind has its good and its bad cases", () => {
    const named = (list: readonly (readonly [object, ...unknown[]])[]): Set<unknown> =>
      new Set(list.map(([fault]) => (fault as { what: string }).what));
    expect(named(EVERY_FAULT)).toEqual(new Set(FAULT_NAMES));
    expect(named(BAD)).toEqual(new Set(FAULT_NAMES));
  });

  it.each(EVERY_FAULT)("%j is read, and is the same again", (fault) => {
    const read = readFaultPlan(plan(fault));
    expect(read.faults[0]).toMatchObject(fault);
    expect(readFaultPlan(JSON.parse(JSON.stringify(read)))).toEqual(read);
  });

  it.each(FAULT_NAMES)("%s refuses a key, a selector and an hour that it does not know", (what) => {
    const good = EVERY_FAULT.map(([fault]) => fault).find(
      (one) => "what" in one && one.what === what,
    );
    expect(refusal(plan({ ...good, nope: 1 }))).toBe("faults[0].nope: is not known here");
    expect(refusal(plan({ ...good, to: { ...toOf(good), nope: 1 } }))).toBe(
      "faults[0].to.nope: is not known here",
    );
    expect(refusal(plan({ ...good, when: { nope: 1 } }))).toBe(
      "faults[0].when.nope: is not known here",
    );
    expect(refusal(plan({ ...good, times: 0.5 }))).toContain("faults[0].times: must be");
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
