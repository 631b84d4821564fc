import { describe, expect, it } from "vitest";
import { decodeExtraAgents } from "./extra-agents.codec.ts";

const ADDRESS = "0x286edfa08c04f6899dab3bfdecf2dd133f9733b9";

describe("extraAgents (protocol §8)", () => {
  it("reads who may sign until when", () => {
    const rows = [
      {
        name: "bot",
        address: ADDRESS.toUpperCase().replace("0X", "0x"),
        validUntil: 1_767_776_120_478,
      },
      { address: ADDRESS, validUntil: 5 },
      { name: "x", address: "0x1", validUntil: 5 },
      { name: "x", address: ADDRESS, validUntil: "5" },
      null,
    ];
    expect(decodeExtraAgents(rows)).toMatchObject({
      value: {
        rows: [
          { name: "bot", address: ADDRESS, validUntil: 1_767_776_120_478 },
          { name: "", address: ADDRESS, validUntil: 5 },
        ],
        broken: [
          { reason: 'address is "0x1"' },
          { reason: 'validUntil is "5"' },
          { reason: "the agent is null" },
        ],
      },
    });
    expect(decodeExtraAgents({}).kind).toBe("unrecognized");
  });
});
