/** What makes a fill itself (protocol §4.2, design rule 1), spelled anew: the audit shares no code with what it audits. */
export function fillName(fill: {
  readonly coin: string;
  readonly oid: number;
  readonly tid: number;
  readonly at: number;
}): string {
  return `${fill.coin} oid ${fill.oid} tid ${fill.tid} at ${fill.at}`;
}
