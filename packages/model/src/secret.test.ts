import { describe, expect, it } from "vitest";
import { CloisterError, invalidOption } from "./errors.ts";
import { Secret } from "./secret.ts";

const TEXT = "0123456789abcdef0123456789abcdef";

describe("a secret", () => {
  const secret = new Secret(TEXT);

  it("tells its text to who asks for it by name", () => {
    expect(secret.reveal()).toBe(TEXT);
  });

  it("shows nowhere else", () => {
    const inspected: unknown = Reflect.get(secret, Symbol.for("nodejs.util.inspect.custom"));
    const error = new CloisterError("wrongKey", `no such key: ${secret.toString()}`, {
      cause: secret,
      details: { value: secret },
    });
    const pictures = [
      JSON.stringify({ secret, list: [secret] }),
      `key ${String(secret)}`,
      ["", secret].join(),
      JSON.stringify(Object.entries(secret)),
      JSON.stringify(Reflect.ownKeys(secret)),
      JSON.stringify(Object.assign({}, secret)),
      typeof inspected === "function" ? String(Reflect.apply(inspected, secret, [])) : TEXT,
      error.message,
      JSON.stringify(error),
      JSON.stringify(error.details),
      invalidOption("key", secret, "must be a key").message,
      JSON.stringify(structuredClone({ secret })),
    ];
    for (const picture of pictures) expect(picture).not.toContain(TEXT.slice(0, 4));
    expect(pictures[0]).toBe('{"secret":"[secret]","list":["[secret]"]}');
  });
});
