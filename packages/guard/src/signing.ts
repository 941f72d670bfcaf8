import { type Action, addressOr, type Intent } from "./intent.js";
import { namedInMessage } from "./named.js";
import { folded } from "./strict-json.js";

const PARTS = ["types", "primaryType", "domain", "message"];
/** Who may take or act by a message, as EIP-2612, Permit2 and their like call it. */
const TAKERS = new Set(["spender", "operator"]);
const MAX_DEPTH = 32;

type Fields = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);

/** What a node is asked to sign with a key that it keeps: a message. */
export function readMessage(method: string, params: readonly unknown[]): Intent {
	return signing(accountIn(params), [{ kind: "signs", name: `a message (${method})` }]);
}

/** The same of typed data (EIP-712): whom it lets take tokens, and whom it names. Throws TypeError for what nodes may read otherwise. */
export function readTyped(params: readonly unknown[]): Intent {
	const from = accountIn(params);
	const given = params.find((one) => addressOr(one) === undefined);
	const typed: unknown = typeof given === "string" ? JSON.parse(given) : given;
	// A text is read by the node again: one key may stand twice in it.
	if (typeof given === "string" && JSON.stringify(typed) !== given) throw new TypeError("typed data that is not written plainly");
	noTwins(typed);
	if (Array.isArray(typed)) return signing(from, [{ kind: "signs", name: "typed data in an old form" }, ...namedInMessage(typed)]);
	if (!isObject(typed) || Object.keys(typed).some((key) => !PARTS.includes(key))) throw new TypeError("no typed data");
	const { primaryType, domain, message } = typed;
	if (typeof primaryType !== "string" || !isObject(message)) throw new TypeError("no typed data");
	const place = isObject(domain) ? domain : {};
	const contract = addressOr(place["verifyingContract"]);
	const lets = takers(message, contract ?? NOBODY).map(
		([token, spender]): Action => ({ kind: "permit", token, owner: from ?? NOBODY, spender }),
	);
	const chain = place["chainId"];
	const chainId = typeof chain === "number" || typeof chain === "string" ? BigInt(chain) : undefined;
	const name = `typed data (${primaryType.slice(0, MAX_NAME).replace(/[^ -~]/g, "?")})`;
	return { ...signing(from, [...lets, { kind: "signs", name }, ...namedInMessage([domain, message])]), chainId, to: contract };
}

const MAX_NAME = 60;
const NOBODY = `0x${"0".repeat(40)}`;

function accountIn(params: readonly unknown[]): string | undefined {
	return params.map(addressOr).find((one) => one !== undefined);
}

function signing(from: string | undefined, actions: readonly Action[]): Intent {
	return { from, chainId: undefined, to: undefined, value: 0n, data: "0x", hash: undefined, actions };
}

/** Each token that a message names and each who may take it, wherever they stand; without one, the contract that reads the message. */
function takers(message: Fields, contract: string): (readonly [token: string, spender: string])[] {
	const tokens = new Set(under(message, (key) => key === "token"));
	const spenders = new Set(under(message, (key) => TAKERS.has(folded(key))));
	return [...spenders].flatMap((spender) => (tokens.size === 0 ? [contract] : [...tokens]).map((token) => [token, spender] as const));
}

/** The addresses that stand under a key. */
function under(value: unknown, isWanted: (key: string) => boolean): string[] {
	if (typeof value !== "object" || value === null) return [];
	return Object.entries(value).flatMap(([key, one]) => {
		const found = isWanted(key) ? addressOr(one) : undefined;
		return found === undefined ? under(one, isWanted) : [found];
	});
}

/** Throws TypeError for two keys of an object that are one where letter case is folded. */
function noTwins(value: unknown, depth = 0): void {
	if (typeof value !== "object" || value === null) return;
	if (depth > MAX_DEPTH) throw new TypeError("too deep to be read");
	const keys = Object.keys(value);
	if (new Set(keys.map(folded)).size !== keys.length) throw new TypeError("a key in two letter cases");
	for (const one of Object.values(value)) noTwins(one, depth + 1);
}
