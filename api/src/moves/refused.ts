/** Why a move can't be planned, and at which step. */
export class MoveRefused extends Error {
  readonly place: string;
  readonly zh: string;
  readonly en: string;

  constructor(place: string, zh: string, en: string) {
    super(en);
    this.place = place;
    this.zh = zh;
    this.en = en;
  }
}
