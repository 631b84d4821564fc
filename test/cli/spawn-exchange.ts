import { wsWire } from "@cloister/hyperliquid";
import type { WireAnswer } from "@cloister/model";
import { spawnCloister, type Spawned } from "./spawn-cloister.ts";

export type Ready = {
  readonly http: string;
  readonly ws: string;
  readonly network: string;
  readonly accounts: readonly { readonly address: string; readonly privateKey: string }[];
};

/** Runs `cloister exchange` on a free port, with more arguments, until it is ready. */
export async function startExchange(
  ...args: readonly string[]
): Promise<Spawned & { readonly ready: Ready }> {
  const spawned = spawnCloister(["exchange", "--port", "0", ...args]);
  const ready: Ready = JSON.parse(await spawned.heard(/\n/));
  return { ...spawned, ready };
}

/** Asks its `/info`. */
export async function info({ http, ws }: Ready, request: object): Promise<unknown> {
  const wire = wsWire({ http, ws });
  const answer = await new Promise<WireAnswer>((resolve) => {
    wire.request({ path: "/info", body: JSON.stringify(request), timeoutMs: 5_000 }, resolve);
  });
  wire.close();
  return answer.kind === "answered" ? JSON.parse(answer.body) : answer;
}
