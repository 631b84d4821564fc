import type { DoubtEnded, DoubtMeans } from "@cloister/model";
import { Subject } from "rxjs";
import { expect, it } from "vitest";
import { printDoubts, recordDoubts } from "./doubts.ts";

function ended(by: DoubtMeans, tookMs: number): DoubtEnded {
  return { request: 1, kind: "place", cloids: [], by, tookMs };
}

function engineWith(doubtful: number) {
  const doubts$ = new Subject<DoubtEnded>();
  const status = {
    barrier: "open",
    brake: "released",
    load: "free",
    life: "running",
    gate: { place: true, modify: true, cancel: true },
    inFlight: 0,
    queued: 0,
    doubtful,
    route: "socket",
  } as const;
  return { doubts$, status };
}

it("counts doubts by what ended them, with the times that were seen", () => {
  const engine = engineWith(2);
  const record = recordDoubts(engine);
  for (let ms = 1; ms <= 100; ms += 1) engine.doubts$.next(ended("noop", ms));
  engine.doubts$.next(ended("answer", 4_000));
  expect(record.summary()).toEqual({
    arose: 103,
    open: 2,
    times: { count: 101, p50Ms: 51, p99Ms: 100, maxMs: 4_000 },
    by: [
      { means: "noop", count: 100, p50Ms: 50, p99Ms: 99, maxMs: 100 },
      { means: "answer", count: 1, p50Ms: 4_000, p99Ms: 4_000, maxMs: 4_000 },
    ],
  });
  expect(printDoubts(record.summary())).toBe(
    [
      "DOUBTS 103 arose, 101 were decided, 2 are open; time to certainty p50 51 ms, p99 100 ms, longest 4000 ms",
      "  by noop             100   p50 50 ms, p99 99 ms, longest 100 ms",
      "  by answer             1   p50 4000 ms, p99 4000 ms, longest 4000 ms",
      "",
    ].join("\n"),
  );
});

it("tells no times where no doubt ended, and hears nothing once stopped", () => {
  const engine = engineWith(0);
  const record = recordDoubts(engine);
  record.stop();
  engine.doubts$.next(ended("noop", 1));
  expect(record.summary()).toEqual({ arose: 0, open: 0, times: undefined, by: [] });
  expect(printDoubts(record.summary())).toBe("DOUBTS 0 arose, 0 were decided, 0 are open\n");
});
