import type { Engine } from "@cloister/engine";
import type { DoubtMeans } from "@cloister/model";

/** How long it took to be certain again, ms. */
export type CertaintyTimes = {
  readonly count: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
};

/** The doubts of an engine: how many arose, what ended them and how soon, and how many are left. */
export type DoubtSummary = {
  readonly arose: number;
  readonly open: number;
  /** Of all that ended; undefined when none did. */
  readonly times: CertaintyTimes | undefined;
  /** By what decided, the most frequent first. */
  readonly by: readonly (CertaintyTimes & { readonly means: DoubtMeans })[];
};

export type DoubtRecord = { summary(): DoubtSummary; stop(): void };

/** Listens to the doubts that end from now on. */
export function recordDoubts(engine: Pick<Engine, "doubts$" | "status">): DoubtRecord {
  const tookMs = new Map<DoubtMeans, number[]>();
  const doubts = engine.doubts$.subscribe((doubt) => {
    const known = tookMs.get(doubt.by);
    if (known === undefined) tookMs.set(doubt.by, [doubt.tookMs]);
    else known.push(doubt.tookMs);
  });
  return {
    summary() {
      const all = [...tookMs.values()].flat();
      const open = engine.status.doubtful;
      const by = [...tookMs].map(([means, samples]) => ({ means, ...timesOf(samples) }));
      return {
        arose: all.length + open,
        open,
        times: all.length === 0 ? undefined : timesOf(all),
        by: by.toSorted((a, b) => b.count - a.count),
      };
    },
    stop: () => doubts.unsubscribe(),
  };
}

function timesOf(samples: readonly number[]): CertaintyTimes {
  const sorted = samples.toSorted((a, b) => a - b);
  // The nearest rank: a quantile is a sample that was seen.
  const at = (share: number): number =>
    sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return { count: sorted.length, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) };
}

/** The doubts for a person: one line, and one for each means. */
export function printDoubts({ arose, open, times, by }: DoubtSummary): string {
  const head = `DOUBTS ${arose} arose, ${arose - open} were decided, ${open} are open`;
  if (times === undefined) return `${head}\n`;
  const lines = [
    `${head}; time to certainty ${timesText(times)}`,
    ...by.map(
      ({ means, ...own }) =>
        `  by ${means.padEnd(14)} ${`${own.count}`.padStart(5)}   ${timesText(own)}`,
    ),
  ];
  return `${lines.join("\n")}\n`;
}

function timesText({ p50Ms, p99Ms, maxMs }: CertaintyTimes): string {
  const [p50, p99, max] = [p50Ms, p99Ms, maxMs].map((ms) => `${Math.round(ms)} ms`);
  return `p50 ${p50}, p99 ${p99}, longest ${max}`;
}
