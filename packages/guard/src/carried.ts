/** Texts in one body that are tried as signed transactions; in a body with more nothing is known of the rest. */
const MAX_TEXTS = 5_000;
/** No signed transaction is shorter than 60 bytes. */
const HEX = /(?<![0-9a-z+/_-])(?:0x)?((?:[0-9a-f]{2}){60,})(?![0-9a-z+/_=-])/gi;
const BASE64 = /(?<![0-9a-z+/_-])([0-9a-z+/_-]{80,})={0,2}(?![0-9a-z+/_=-])/gi;

/**
 * The hex texts in a body that may be signed transactions, wherever they stand, however they are packed in JSON or a form; those in base64
 * as hex. `isOne` says by its first bytes what may be one. Throws TypeError where there are too many to be looked at.
 */
export function* carriedTexts(body: string, isOne: (hex: string) => boolean): IterableIterator<string> {
	if (!LONG.test(body)) return;
	let count = 0;
	const plain = body.replaceAll("\\/", "/");
	for (const [, hex = ""] of plain.matchAll(HEX)) {
		if (++count > MAX_TEXTS) throw new TypeError("more texts than are looked at");
		if (isOne(hex)) yield hex.toLowerCase();
	}
	for (const [, text = ""] of plain.matchAll(BASE64)) {
		if (++count > MAX_TEXTS) throw new TypeError("more texts than are looked at");
		const head = Buffer.from(text.slice(0, HEAD), "base64").toString("hex");
		if (!isOne(head)) continue;
		yield Buffer.from(text, "base64").toString("hex");
	}
}

const LONG = /[0-9a-zA-Z+/_-]{80}/;
/** Characters of base64 that hold the first bytes. */
const HEAD = 24;
