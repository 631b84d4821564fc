/** The venue or the way to it failed: what was to be measured is not known. */
export class ProbeTrouble extends Error {
  override readonly name = "ProbeTrouble";
}
