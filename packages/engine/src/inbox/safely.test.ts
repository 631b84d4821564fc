import { describe, expect, it } from "vitest";
import { quietLogger, safely, textOf } from "./safely.ts";

describe("what others throw", () => {
  it("goes to who is named, and no further", () => {
    const errors: unknown[] = [];
    safely(
      () => {
        throw new TypeError("no");
      },
      (error) => errors.push(textOf(error)),
    );
    expect(errors).toEqual(["TypeError: no"]);
    expect(textOf("secret text")).toBe("threw string");
  });

  it("a logger that throws is never seen to throw, one that works is passed on", () => {
    const lines: string[] = [];
    const broken = (): never => {
      throw new Error("disk full");
    };
    const info = (_fields: object, message: string): void => void lines.push(message);
    const logger = quietLogger({ debug: broken, info, warn: broken, error: broken });
    for (const level of ["debug", "info", "warn", "error"] as const) logger[level]({}, level);
    expect(lines).toEqual(["info"]);
  });
});
