import { askAll } from "./ask-all.ts";
import type { AskInfo } from "./ask-info.ts";
import type { LiveListings } from "./live-listings.ts";
import { failedRead, type ReadOutcome } from "./read-outcome.ts";

/** Reads every market anew (protocol §8.1). What is not understood leaves the markets as they were. */
export function readMarkets(
  ask: AskInfo,
  listings: LiveListings,
  done: (outcome: ReadOutcome) => void,
): void {
  const { dexes } = listings;
  const requests = dexes.map((dex) => ({ type: "meta" as const, dex }));
  askAll(ask, requests, (metas) => {
    if (metas.kind === "failed") {
      done(failedRead("meta", metas));
      return;
    }
    ask({ type: "spotMeta" }, (spotMeta) => {
      if (spotMeta.kind === "failed") {
        done(failedRead("spotMeta", spotMeta));
        return;
      }
      ask({ type: "perpDexs" }, (perpDexs) => {
        if (perpDexs.kind === "failed") {
          done(failedRead("perpDexs", perpDexs));
          return;
        }
        const changes = listings.take({
          metas: metas.values.map((meta, place) => ({ dex: dexes[place] ?? "", meta })),
          spotMeta: spotMeta.value,
          perpDexs: perpDexs.value,
        });
        const raw = [metas.raw, spotMeta.raw, perpDexs.raw].join("\n");
        if (typeof changes === "string") {
          done({ result: { reason: changes }, remarks: [], raw });
          return;
        }
        const report = { kind: "markets", changes } as const;
        // The texts are long, and say nothing where nothing changed.
        done({ result: { report }, remarks: [], ...(changes.length === 0 ? {} : { raw }) });
      });
    });
  });
}
