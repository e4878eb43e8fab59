/** An item of what is asked for; `subject` where the form asks for several resources. */
export interface ItemRef {
  readonly itemId: string;
  readonly subject?: string;
}

/** An item that an approval leaves out, and why (R809 Art.22: a refusal gives its reasons). */
export interface RefusedItem extends ItemRef {
  readonly reason: string;
}

/** What of one resource can be decided item by item; absent in forms from before there was such a thing. */
export interface AskedItems {
  /** Ids of the items asked for. */
  readonly items?: readonly string[];
  /** Those that the row scope chooses rows by: without them it could not be what was signed. */
  readonly scopedBy?: readonly string[];
}
