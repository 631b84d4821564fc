import { CloisterError, invalidOption } from "@cloister/model";
import type { Broken } from "../codec/decoded.ts";
import type { Meta, PerpDexs } from "../codec/info.ts";
import { shown } from "../shown.ts";
import type { Listed } from "./live-listings.ts";
import { askPatiently, type Patience } from "./patient-ask.ts";

/**
 * Reads every market of the chosen dexes and of spot (protocol §8.1).
 * @param choose the dexes to read, of those that the venue lists; "" names the first.
 * @throws venueFailed, and what `choose` throws.
 */
export async function loadListings(
  choose: (listed: PerpDexs) => readonly string[],
  patience: Patience,
): Promise<Listed> {
  const perpDexs = await askPatiently({ type: "perpDexs" }, patience);
  const metas: { dex: string; meta: Meta }[] = [];
  for (const dex of choose(perpDexs)) {
    const meta = await askPatiently({ type: "meta", dex }, patience);
    requireOwn(dex, meta, metas[0]);
    metas.push({ dex, meta });
  }
  const spotMeta = await askPatiently({ type: "spotMeta" }, patience);
  const broken: Broken[] = [...metas.map(({ meta }) => meta), spotMeta].flatMap(
    (listing) => listing.broken,
  );
  if (broken.length > 0) patience.logger.warn({ broken }, "some listings were not understood");
  return { metas, spotMeta, perpDexs };
}

/**
 * A server that ignores `dex` answers with another dex's coins, and every asset id would be another market's.
 * @throws venueFailed
 */
function requireOwn(
  dex: string,
  meta: Meta,
  other: { readonly dex: string; readonly meta: Meta } | undefined,
): void {
  if (other === undefined || meta.universe.length === 0) return;
  if (namesOf(meta) !== namesOf(other.meta)) return;
  const rule = `lists the coins of dex "${other.dex}"`;
  throw new CloisterError("venueFailed", `the venue's meta of dex "${dex}" ${rule}`, {
    details: { field: "dexes", value: dex, rule },
  });
}

function namesOf({ universe }: Meta): string {
  return JSON.stringify(universe.map((listing) => listing?.name));
}

/** @throws invalidOption for a dex that the venue does not list. */
export function listedOnly(wanted: readonly string[]): (listed: PerpDexs) => readonly string[] {
  return (listed) => {
    for (const dex of wanted) {
      if (listed.includes(dex)) continue;
      throw invalidOption("dexes", shown(dex), "the venue lists no such dex");
    }
    return wanted;
  };
}
