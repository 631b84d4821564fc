import { CloisterError, type Clock } from "@cloister/model";
import type { AskInfo } from "@cloister/testkit";

const ATTEMPTS = 4;
const TIMEOUT_MS = 10_000;

/** The auditor's own way to `/info`: plain fetch, a few attempts, each with a longer rest before it. */
export function askInfoOf(http: string, clock: Clock): AskInfo {
  const url = new URL("/info", http);
  return async (request) => {
    let failure: unknown;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      if (attempt > 0) await rest(clock, 500 * 2 ** attempt);
      try {
        return await askOnce(url, request);
      } catch (error) {
        failure = error;
      }
    }
    throw new CloisterError("venueFailed", `${url.href} could not be read`, { cause: failure });
  };
}

async function askOnce(url: URL, request: unknown): Promise<unknown> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return response.json();
}

function rest(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(delayMs, resolve);
  });
}
