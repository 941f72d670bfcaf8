/** Words of a name that say what an account is for, and not whose it is. */
const GENERIC: ReadonlySet<string> = new Set(
	"account accounts address addresses and co cold com contract deposit deposits exchange funds hot inc io ltd main net of old org reserve reserves the wallet wallets withdrawal withdrawals".split(
		" ",
	),
);
/** A longer text describes an account. */
const WORDS_OF_A_NAME = 4;

const plain = (name: string): string =>
	name
		.normalize("NFKC")
		.toLowerCase()
		.replace(/[\p{P}\p{S}\p{Z}\s]/gu, "");

/**
 * Whether two names may well be of one owner: equal but for case, punctuation and spaces, or one is a description that holds the other as
 * words, beside numbers and words of use (`Binance 14 (hot wallet)`, `kraken.com`) or among more than four words. `Binance US` is another
 * name than `Binance`. As the first names of an owner, so the second; not transitive.
 */
export function sameOwner(a: string, b: string): boolean {
	const [x, y] = [plain(a), plain(b)];
	if (x === y) return x !== "" || a === b;
	return x.length > y.length ? describes(a, y) : describes(b, x);
}

function describes(text: string, name: string): boolean {
	if (name === "") return false;
	const words = text
		.normalize("NFKC")
		.toLowerCase()
		.split(/[\p{P}\p{S}\p{Z}\s]+/u)
		.filter((word) => word !== "");
	return words.some((_, from) => {
		let run = "";
		for (let to = from; to < words.length && run.length < name.length; to++) {
			run += words[to];
			if (run !== name) continue;
			const rest = [...words.slice(0, from), ...words.slice(to + 1)];
			return words.length > WORDS_OF_A_NAME || rest.every((word) => GENERIC.has(word) || /^\p{N}+$/u.test(word));
		}
		return false;
	});
}
