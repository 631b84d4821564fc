import type {
  EvidenceLine,
  Explanation,
  LegLine,
  RequestLine,
  TrackedExplanation,
} from "@cloister/model";

/** Evidence that is printed: the first piece, and the latest ones. */
const SHOWN_MAX = 12;

/** An explanation to be read: a dozen lines or two. Hours are UTC. */
export function explainText(explanation: Explanation): string {
  switch (explanation.kind) {
    case "tracked":
      return trackedText(explanation);
    case "reaped": {
      const { cloid, coin, filled, oids, why } = explanation;
      return [`${cloid} ${coin}: ${why}`, `  filled ${filled}; legs ${listOf(oids)}`].join("\n");
    }
    case "stranger": {
      const { cloid, coin, oid, told, why } = explanation;
      return [`${cloid} ${coin}, oid ${oid}: ${why}`, ...told.map(({ text }) => `  ${text}`)].join(
        "\n",
      );
    }
    case "unknown":
      return `${explanation.cloid}: ${explanation.why}`;
  }
}

function trackedText(told: TrackedExplanation): string {
  const { order, exposure, ledger, found, next } = told;
  const { cloid, tag, coin, side, size, price, tif, filled, leaves } = order;
  const name = tag === undefined ? cloid : `${cloid} ${JSON.stringify(tag)}`;
  const missing = ledger.missing === "0" ? "" : `, ${ledger.missing} missing`;
  return [
    `${name}: ${side} ${size} ${coin} at ${price} ${tif}${foundText(found)}`,
    `  ${told.why}`,
    `  filled ${filled}, leaves ${leaves}; ledger ${ledger.state}${missing}; may still ${exposure.side} ${exposure.most}`,
    ...section("legs", told.legs.map(legText)),
    ...section("requests", told.requests.flatMap(requestText)),
    ...section("waits for", told.waitsFor),
    ...section(
      "next",
      next.map(({ inMs, text }) => `in ${inMs} ms: ${text}`),
    ),
    ...section("evidence", evidenceTexts(told)),
    ...section(
      "alarms",
      told.alarms.map(({ name: alarm, text, advice }) => `${alarm}: ${text}. ${advice}`),
    ),
  ].join("\n");
}

function foundText(found: TrackedExplanation["found"]): string {
  if (found === undefined) return "";
  return found === "ours" ? ", taken in as ours" : ", taken in as somebody else's";
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`  ${title}:`, ...lines.map((line) => `    ${line}`)];
}

function legText({ oid, state, price, size, filled, ended, endedAtMs }: LegLine): string {
  const terms = size === undefined ? "" : ` ${size}${price === undefined ? "" : ` at ${price}`}`;
  const how = ended === undefined ? state : `${ended} at ${hourText(endedAtMs ?? 0)}`;
  return `${oid}${terms}, filled ${filled}: ${how}`;
}

function requestText({ id, kind, state, copies, door }: RequestLine): readonly string[] {
  const doorText = door === undefined ? "" : `; door ${door.open ? "open" : "closed"}: ${door.by}`;
  return [
    `${kind} ${id} is ${state}${doorText}`,
    ...copies.map(({ copy, of, mouth, agoMs, answer = "not answered" }) => {
      const ago = agoMs === undefined ? "" : ` ${agoMs} ms ago`;
      return `  ${of === "noop" ? "noop" : "copy"} ${copy} by ${mouth}${ago}: ${answer}`;
    }),
  ];
}

function evidenceTexts({ evidence, evidenceForgotten }: TrackedExplanation): readonly string[] {
  const [first, ...later] = evidence.map(evidenceLineText);
  if (first === undefined) return [];
  const shown = later.slice(-(SHOWN_MAX - 1));
  const left = later.length - shown.length + evidenceForgotten;
  return [first, ...(left === 0 ? [] : [`… ${left} more`]), ...shown];
}

function evidenceLineText({ sequence, source, venueAtMs, from, to, text }: EvidenceLine): string {
  const at = venueAtMs === undefined ? "" : ` at ${hourText(venueAtMs)}`;
  const move = from === to ? to : `${from} → ${to}`;
  return `#${sequence} ${move}: ${text} (${source}${at})`;
}

/** The hour of a day in UTC: what a person compares with a log. */
function hourText(atMs: number): string {
  const part = (unitMs: number, count: number, width: number): string =>
    `${Math.floor(atMs / unitMs) % count}`.padStart(width, "0");
  const hour = [part(3_600_000, 24, 2), part(60_000, 60, 2), part(1_000, 60, 2)].join(":");
  return `${hour}.${part(1, 1_000, 3)}Z`;
}

function listOf(oids: readonly number[]): string {
  return oids.length === 0 ? "none" : oids.join(", ");
}
