import { describe, expect, it } from "vitest";
import { Inbox } from "./inbox.ts";

describe("the inbox", () => {
  it("takes what a handler pushes after the one under way, in order", () => {
    const seen: number[] = [];
    const inbox = new Inbox<number>(
      (input) => {
        if (input < 10) {
          inbox.push(input * 10);
          inbox.push(input * 10 + 1);
        }
        seen.push(input);
      },
      () => undefined,
    );
    inbox.push(1);
    inbox.push(2);
    expect(seen).toEqual([1, 10, 11, 2, 20, 21]);
  });

  it("a throw ends its own input only, and is told", () => {
    const seen: string[] = [];
    const inbox = new Inbox<string>(
      (input) => {
        if (input === "first") inbox.push("bad");
        if (input === "first") inbox.push("last");
        if (input === "bad") throw new Error("no");
        seen.push(input);
      },
      (input, error) => seen.push(`${input}: ${String(error)}`),
    );
    inbox.push("first");
    expect(seen).toEqual(["first", "bad: Error: no", "last"]);
  });

  it("a cascade of many inputs comes to its end", () => {
    let left = 50_000;
    const inbox = new Inbox<number>(
      () => {
        left -= 1;
        if (left > 0) inbox.push(left);
      },
      () => undefined,
    );
    inbox.push(0);
    expect(left).toBe(0);
  });
});
