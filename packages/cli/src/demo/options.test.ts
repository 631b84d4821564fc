import { describe, expect, it } from "vitest";
import { UsageError } from "../arguments.ts";
import { readDemoOptions } from "./options.ts";

const OTHER = ["--exchange", "http://127.0.0.1:4000", "--key-file", "key"];

describe("readDemoOptions", () => {
  it("trades for 20 s at an exchange of its own", () => {
    expect(readDemoOptions([])).toEqual({
      seconds: 20,
      json: false,
      venue: { kind: "own", seed: 1, faults: undefined },
      journal: undefined,
    });
  });

  it("finds the sockets of another exchange, and signs for testnet unless told otherwise", () => {
    expect(readDemoOptions(OTHER).venue).toEqual({
      kind: "other",
      http: "http://127.0.0.1:4000",
      ws: "ws://127.0.0.1:4000/ws",
      signatures: "testnet",
      keyFile: "key",
      account: undefined,
    });
    const secure = [
      "--exchange",
      "https://x.example/",
      "--key-file",
      "k",
      "--signatures",
      "mainnet",
    ];
    expect(readDemoOptions(secure).venue).toMatchObject({
      http: "https://x.example",
      ws: "wss://x.example/ws",
      signatures: "mainnet",
    });
  });

  it.each([
    ["no seconds", ["--seconds", "0"], "--seconds"],
    ["a seed for another exchange", [...OTHER, "--seed", "4"], "--seed"],
    ["weather for another exchange", [...OTHER, "--faults", "storm"], "--faults"],
    ["another exchange without a key", ["--exchange", "http://127.0.0.1:1"], "--key-file"],
    ["a key without another exchange", ["--key-file", "key"], "--exchange"],
    ["an account without another exchange", ["--account", `0x${"1".repeat(40)}`], "--exchange"],
    ["a bad account", [...OTHER, "--account", "0x12"], "--account"],
    ["a URL that is none", ["--exchange", "localhost", "--key-file", "k"], "URL"],
    ["a URL of a socket", ["--exchange", "ws://127.0.0.1:1/ws", "--key-file", "k"], "URL"],
    ["unknown signatures", [...OTHER, "--signatures", "devnet"], "--signatures"],
  ])("refuses %s", (_name, args, word) => {
    expect(() => readDemoOptions(args)).toThrow(UsageError);
    expect(() => readDemoOptions(args)).toThrow(word);
  });
});
