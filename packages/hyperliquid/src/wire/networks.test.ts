import { CloisterError } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { type Endpoints, endpointsOf, type Network } from "./networks.ts";

describe("endpointsOf", () => {
  it("knows the venue's own networks", () => {
    expect(endpointsOf("mainnet").ws).toBe("wss://api.hyperliquid.xyz/ws");
    expect(endpointsOf("testnet")).toMatchObject({ signatures: "testnet" });
  });

  it("takes any other place that names its signatures", () => {
    const own: Endpoints = { http: "http://[::1]:9", ws: "ws://[::1]:9/ws", signatures: "testnet" };
    expect(endpointsOf(own)).toEqual(own);
  });

  it.each<[string, unknown]>([
    ["network", "devnet"],
    ["network", null],
    ["network.http", { http: "127.0.0.1:1", ws: "ws://127.0.0.1:1/ws", signatures: "mainnet" }],
    ["network.ws", { http: "http://127.0.0.1:1", ws: "http://127.0.0.1:1", signatures: "mainnet" }],
    ["network.http", { http: "http://a/?b", ws: "ws://a", signatures: "mainnet" }],
    ["network.ws", { http: "http://a", ws: "ws://a/ws#b", signatures: "mainnet" }],
    ["network.http", { http: "", ws: "ws://a", signatures: "mainnet" }],
    ["network.signatures", { http: "http://127.0.0.1:1", ws: "ws://127.0.0.1:1", signatures: "a" }],
  ])("refuses a bad %s", (field, value) => {
    const attempt = (): unknown => endpointsOf(value as Network);
    expect(attempt).toThrow(CloisterError);
    expect(attempt).toThrow(field);
  });
});
