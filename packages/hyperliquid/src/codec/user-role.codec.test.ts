import { describe, expect, it } from "vitest";
import { decodeUserRole } from "./user-role.codec.ts";

const ADDRESS = "0xCB331197E84f135AB9Ed6FB51Cd9757c0bd29d0D";

describe("userRole (protocol §8.7)", () => {
  it.each(["user", "vault", "missing"])("%s", (role) => {
    expect(decodeUserRole({ role })).toEqual({ kind: "ok", value: { role } });
  });

  it("situation 118: an agent names the account it signs for", () => {
    expect(decodeUserRole({ role: "agent", data: { user: ADDRESS } })).toEqual({
      kind: "ok",
      value: { role: "agent", user: ADDRESS.toLowerCase() },
    });
  });

  it("a sub-account may name its master", () => {
    expect(decodeUserRole({ role: "subAccount", data: { master: ADDRESS } })).toEqual({
      kind: "ok",
      value: { role: "subAccount", master: ADDRESS.toLowerCase() },
    });
    expect(decodeUserRole({ role: "subAccount" })).toEqual({
      kind: "ok",
      value: { role: "subAccount" },
    });
  });

  it.each([
    [null],
    [{}],
    [{ role: "king" }],
    [{ role: "agent" }],
    [{ role: "agent", data: { user: "0x1" } }],
  ])("refuses %j", (body) => {
    expect(decodeUserRole(body).kind).toBe("unrecognized");
  });
});
