import { describe, expect, it } from "vitest";
import { UsageError } from "../arguments.ts";
import { readProbeOptions } from "./options.ts";

const KEY = ["--key-file", "key"];

describe("readProbeOptions", () => {
  it("knows the venue's test network, and trades nothing unless told to", () => {
    expect(readProbeOptions(["--network", "testnet", ...KEY])).toEqual({
      http: "https://api.hyperliquid-testnet.xyz",
      ws: "wss://api.hyperliquid-testnet.xyz/ws",
      signatures: "testnet",
      keyFile: "key",
      account: undefined,
      coin: "BTC",
      trade: false,
      only: undefined,
      json: false,
    });
  });

  it("takes any URL, signed for testnet unless told otherwise", () => {
    const url = ["--network", "http://127.0.0.1:3001", ...KEY];
    expect(readProbeOptions(url)).toMatchObject({
      http: "http://127.0.0.1:3001",
      ws: "ws://127.0.0.1:3001/ws",
      signatures: "testnet",
    });
  });

  it("measures only what is named", () => {
    const only = ["--network", "testnet", ...KEY, "--only", "noop-proof,growing-oids"];
    expect(readProbeOptions(only).only).toEqual(new Set(["noop-proof", "growing-oids"]));
  });

  const REAL = "--mainnet-with-real-money";
  it.each([
    ["mainnet", ["--network", "mainnet"]],
    ["a URL signed for mainnet", ["--network", "http://127.0.0.1:1", "--signatures", "mainnet"]],
    ["mainnet by its URL", ["--network", "https://api.hyperliquid.xyz"]],
    ["mainnet by its URL with a path", ["--network", "https://API.hyperliquid.xyz/info"]],
  ])("refuses %s unless real money may be spent", (_name, args) => {
    expect(() => readProbeOptions([...args, ...KEY])).toThrow(UsageError);
    expect(() => readProbeOptions([...args, ...KEY])).toThrow(REAL);
    expect(readProbeOptions([...args, ...KEY, REAL]).keyFile).toBe("key");
  });

  it.each([
    ["no network", KEY, "--network is needed"],
    ["no key", ["--network", "testnet"], "--key-file is needed"],
    ["a bad account", ["--network", "testnet", ...KEY, "--account", "0x1"], "--account"],
    ["a URL that is none", ["--network", "devnet", ...KEY], "http(s) URL"],
    [
      "signatures for a network that has its own",
      ["--network", "testnet", ...KEY, "--signatures", "testnet"],
      "--signatures",
    ],
    [
      "an id that nothing measures",
      ["--network", "testnet", ...KEY, "--only", "spot-base"],
      "spot-base",
    ],
    ["words that are no flags", ["--network", "testnet", ...KEY, "BTC"], "BTC"],
  ])("refuses %s", (_name, args, word) => {
    expect(() => readProbeOptions(args)).toThrow(word);
  });
});
