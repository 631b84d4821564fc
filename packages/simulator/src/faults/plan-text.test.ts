import { CloisterError } from "@cloister/model";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ALICE } from "../desk.fixture.ts";
import { readFaultPlan } from "./fault-plan.ts";
import { parseFaultPlan } from "./plan-text.ts";
import { READY_PLANS } from "./ready-plans.ts";

const YAML = `# A bad day.
seed: 7
faults:
  - what: loseAction
    when: { chance: 0.02 }
    to: { type: order, account: ${ALICE} }
  - what: holdAction
    blocks: 5
    when:
      every: 10
  - what: httpStatus
    status: 429
    body: "null"
    times: 2
`;

function refusal(text: string): string {
  try {
    parseFaultPlan(text);
  } catch (error) {
    if (!(error instanceof CloisterError)) throw error;
    expect(error.code).toBe("invalidOption");
    return `${error.details.field ?? ""}: ${error.details.rule ?? ""}`;
  }
  return "accepted";
}

describe("a plan as text", () => {
  it("is YAML, with addresses as they are written", () => {
    expect(parseFaultPlan(YAML)).toEqual({
      seed: 7,
      faults: [
        {
          what: "loseAction",
          when: { chance: 0.02 },
          to: { type: "order", account: ALICE },
        },
        { what: "holdAction", blocks: 5, when: { every: 10 }, to: {} },
        {
          what: "httpStatus",
          status: 429,
          body: "null",
          executed: false,
          when: {},
          to: {},
          times: 2,
        },
      ],
    });
  });

  it("or JSON, however it is indented", () => {
    for (const plan of [parseFaultPlan(YAML), ...Object.values(READY_PLANS)]) {
      for (const indent of ["", "  ", "\t"]) {
        expect(parseFaultPlan(JSON.stringify(plan, null, indent))).toEqual(plan);
      }
    }
  });

  it("may use a name for what it says twice", () => {
    const text =
      "faults:\n- { what: loseFrame, to: &me { channel: pong } }\n- { what: duplicateFrame, to: *me }";
    expect(parseFaultPlan(text).faults[1]?.to).toEqual({ channel: "pong" });
  });

  it.each<[string, string]>([
    ["", "plan: must be an object"],
    ["just words", "plan: must be an object"],
    ["faults: [nope", "plan: Flow sequence in block collection must be"],
    ["faults:\n  - what: loseFrame\n what: x", "(line 3, column 1)"],
    ["faults: []\nfaults: []", "plan: Map keys must be unique (line 2, column 1)"],
    ['{"faults":[],"faults":[]}', "plan: Map keys must be unique (line 1, column 14)"],
    ["seed: 1\nsed: 2\nfaults: []", "sed: is not known here (line 2, column 1)"],
    [
      "faults:\n- what: loseFrame\n  when:\n    chance: 7",
      "faults[0].when.chance: must be a number above 0, at most 1 (line 4, column 5)",
    ],
    ["faults:\n- what: loseFrame\n- what: holdAction", "faults[1].blocks: must be"],
    ["faults:\n- what: loseFrame\n- what: delayFrame", "(line 3, column 3)"],
    [
      "faults:\n- what: delayFrame\n  ms: 0x10",
      "faults[0].ms: must be a whole number from 1 to 86400000 (line 3, column 3)",
    ],
    ["faults:\n- what: delayFrame\n  ms: '5'", "faults[0].ms: must be a whole number"],
    ["faults:\n- what: delayFrame\n  ms: .inf", "faults[0].ms: must be a whole number"],
    [
      `faults:\n- what: loseFrame\n  to: { account: 0x${"1".repeat(39)} }`,
      "faults[0].to.account: must be 0x and 40 hex digits (line 3, column 9)",
    ],
    [
      "faults:\n- what: loseFrame\n  to: { account: 1111111111111111111111111111111111111111 }",
      "faults[0].to.account: must be 0x",
    ],
    [
      "faults:\n- what: restateFills\n  px: 1.50",
      "faults[0].px: must be a decimal in quotes (line 3, column 3)",
    ],
    [
      "faults: !!js/function 'x'",
      "plan: Unresolved tag: tag:yaml.org,2002:js/function (line 1, column 9)",
    ],
    ["faults: !mine []", "plan: Unresolved tag: !mine"],
    ["faults: []\n---\nfaults: []", "plan: Source contains multiple documents"],
    ["%YAML 1.1\n---\nfaults: []", "plan: YAML 1.1 reads numbers otherwise"],
    ["? [a]\n: 1\nfaults: []", "plan: With stringKeys"],
    ["__proto__: { seed: 1 }\nfaults: []", "__proto__: is not known here"],
    ["faults: *nobody", "plan: Unresolved alias"],
  ])("%j is refused with its place", (text, told) => {
    expect(refusal(text)).toContain(told);
  });

  it("does not grow without end", () => {
    const names = Array.from({ length: 10 }, (_, at) => `a${at}`);
    const bomb = names.map((name, at) => {
      const before = names[at - 1];
      const list = before === undefined ? "[1,1,1]" : `[${`*${before},`.repeat(9)}]`;
      return `${name}: &${name} ${list}`;
    });
    expect(refusal(`${bomb.join("\n")}\nfaults: []`)).toMatch(/^plan: Excessive alias count/);
    expect(refusal(`faults: ${"[".repeat(20_000)}`)).toMatch(/^plan: /);
    expect(refusal("#".repeat(2_000_001))).toBe("plan: is too long");
  });

  it("is read or refused, whatever it is", () => {
    const pieces = fc.constantFrom(
      ...YAML.split(/(?=\s)|(?<=:)/),
      "&a ",
      "*a",
      "!x ",
      "- ",
      "{",
      "]",
      "\t",
      "|\n",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 25 }), fc.string(), (parts, noise) => {
        for (const text of [parts.join(""), noise, `faults: ${noise}`, YAML + parts.join("")]) {
          expect(typeof refusal(text)).toBe("string");
        }
      }),
      { seed: 4, numRuns: 60 },
    );
  });

  it("says the same as JSON that was read", () => {
    const plan = parseFaultPlan(YAML);
    expect(readFaultPlan(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
  });
});
