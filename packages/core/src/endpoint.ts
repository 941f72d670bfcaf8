/**
 * What a URL may say in public. Everything else of it is a secret: providers put keys into paths, query values, user names and passwords,
 * and a short key looks like any word. This is the one place that names an endpoint and the one that takes secrets out of what others say
 * of it.
 */

/** Words of paths that name an interface and never a customer. */
const PUBLIC_WORDS = new Set(
	`api rpc rest jsonrpc json-rpc http https ws wss v0 v1 v2 v3 v4 v5 evm eth ethereum mainnet main testnet test testnet3 testnet4 signet regtest sepolia holesky hoodi goerli
	bitcoin btc bsc bnb polygon matic optimism op arbitrum arb arbitrum-one base avalanche avax gnosis tron trx ext bc c archive full light public node query graphql blocks
	block tx address hook hooks webhook webhooks services tsa timestamp data list lists file files download downloads raw archives sanctions account accounts true false neo4j default`
		.split(/\s+/)
		.filter((word) => word !== ""),
);
/** Parameters of queries whose numbers are public. */
const PUBLIC_NUMBERS = /^(chain_?id|network_?id|page|offset|limit|version)$/i;
const HIDDEN = "***";
const PLAIN_WORD = /^(.{0,5}|[a-z]{6,11})$/;
/** Stores and queues, whose path is a database and whose `case` is a name. */
const STORE = /^(neo4j|bolt|rediss?)[+a-z]*:/i;

interface Parts {
	readonly name: string;
	readonly secrets: readonly string[];
}

/**
 * Scheme, host, port and the public words of the path; anything else of the path is `***`, and user, password, query and fragment are
 * left out.
 */
export function endpointName(url: string): string {
	return partsOf(url).name;
}

/**
 * Everything of a URL that is not public, as it was written, percent-decoded and percent-encoded, and as a Basic authorisation would
 * carry it; longest first.
 */
export function endpointSecrets(url: string): readonly string[] {
	return partsOf(url).secrets;
}

/** Takes secrets out of text that somebody else wrote, wherever they stand in it. */
export function scrub(text: string, secrets: readonly string[]): string {
	return secrets.reduce((clean, secret) => clean.replaceAll(secret, HIDDEN), text);
}

/** Secrets of every endpoint that this process was told of: for the last look before anything is shown. */
const sent = new Set<string>();

/** Remembers an endpoint's secrets, and names it. */
export function rememberEndpoint(url: string): Parts {
	const parts = partsOf(url);
	for (const secret of parts.secrets) sent.add(secret);
	return parts;
}

/** Remembers a secret that stands in no URL, such as a password of the environment. */
export function rememberSecret(text: string | undefined): void {
	if (text !== undefined) for (const secret of forms([text])) sent.add(secret);
}

/**
 * Takes remembered secrets out of what is about to be shown: the last net, since names are made without them and answers are scrubbed
 * where they arrive. Only where one stands alone (a key of six hex digits occurs inside addresses and hashes, which must stay whole), and
 * no plain short word: it would spoil what people read.
 */
export function scrubShown(text: string): string {
	let clean = text;
	for (const secret of longestFirst(sent)) {
		if (PLAIN_WORD.test(secret) || !clean.includes(secret)) continue;
		clean = clean.replace(new RegExp(`(?<![0-9A-Za-z])${literally(secret)}(?![0-9A-Za-z])`, "g"), HIDDEN);
	}
	return clean;
}

/** An error that says the same without secrets, for `cause`: what a library throws may hold the whole request. */
export function safeCause(error: unknown, secrets: readonly string[]): Error {
	const { name, message, code } =
		error instanceof Error ? (error as Error & { code?: unknown }) : { name: "Error", message: String(error), code: "" };
	const safe = new Error(scrub(message, secrets).slice(0, 300));
	safe.name = name;
	return typeof code === "string" ? Object.assign(safe, { code: scrub(code, secrets) }) : safe;
}

function partsOf(url: string): Parts {
	let parsed: URL;
	try {
		// `user:password@host` without a scheme reads as a URL whose scheme is the user.
		if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(url)) throw new Error("no URL");
		// A special scheme makes URL read user, host and port of every scheme alike.
		parsed = new URL(url.replace(/^(?!https?:)[a-z][a-z0-9+.-]*:\/\//i, "http://"));
	} catch {
		return {
			name: "(not a URL)",
			secrets: forms([...url.matchAll(/[^\s/:@?&=#,]+/g)].map(([word]) => word).filter((word) => !isPublic(word))),
		};
	}
	const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(url)?.[0].toLowerCase() ?? parsed.protocol;
	// `URL` drops the default port of http only, which is a port like any other elsewhere.
	const port = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*:80(?=[/?#]|$)/i.test(url) && scheme !== "http:" ? ":80" : "";
	const segments = STORE.test(scheme) ? [] : parsed.pathname.split("/");
	const path = segments.map((part) => (part === "" || isPublic(part) ? part : HIDDEN)).join("/");
	const query = [...parsed.searchParams].flatMap(([key, value]) => [
		// `?KEY` alone is a value without a name.
		...(value === "" ? [key] : []),
		...((PUBLIC_NUMBERS.test(key) && /^[0-9]{1,10}$/.test(value)) || (STORE.test(scheme) && key === "case") ? [] : [value]),
	]);
	const raw = [parsed.username, parsed.password, parsed.hash.slice(1), ...segments, ...query].filter(
		(part) => part !== "" && !isPublic(part),
	);
	const basic = parsed.username === "" && parsed.password === "" ? [] : [base64(`${decoded(parsed.username)}:${decoded(parsed.password)}`)];
	// Whole addresses are secret where a part of them is; as text their parts are taken out one by one.
	const wholes = raw.length === 0 ? [] : [url, parsed.href, parsed.pathname, parsed.pathname + parsed.search, parsed.search];
	const told = [...new Set(wholes)].filter((whole) => whole.length > 1).flatMap(base64Forms);
	return {
		name: `${scheme}//${parsed.host}${port}${path.replace(/\/+$/, "")}`,
		secrets: longestFirst(new Set([...forms([...raw, ...basic]), ...told])),
	};
}

function isPublic(word: string): boolean {
	return PUBLIC_WORDS.has(word.toLowerCase());
}

/**
 * A secret as it may come back: as it was written, decoded, in capitals or small letters, percent-encoded in part or whole, escaped for
 * JSON, in base64. What has fewer than three characters says nothing, and taking it out would spoil every text.
 */
function forms(secrets: readonly string[]): readonly string[] {
	const all = secrets.flatMap((secret) => {
		const plain = decoded(secret);
		const encoded = [encodeURIComponent(plain), percents(plain)];
		const written = [secret, plain, JSON.stringify(plain).slice(1, -1), ...encoded, ...encoded.map(smallEscapes)];
		return [...written, ...written.flatMap((text) => [text.toLowerCase(), text.toUpperCase()]), ...base64Forms(plain)];
	});
	return longestFirst(new Set(all.filter((secret) => secret.length >= 3)));
}

/** Every byte as an escape. */
function percents(text: string): string {
	return [...new TextEncoder().encode(text)].map((byte) => `%${byte.toString(16).padStart(2, "0").toUpperCase()}`).join("");
}

function smallEscapes(text: string): string {
	return text.replace(/%[0-9A-F]{2}/g, (one) => one.toLowerCase());
}

/** Base64 of a text, with and without its padding, in both alphabets. */
function base64Forms(text: string): string[] {
	const plain = base64(text);
	const bare = plain.replace(/=+$/, "");
	return [plain, bare, bare.replaceAll("+", "-").replaceAll("/", "_")];
}

function longestFirst(words: ReadonlySet<string>): readonly string[] {
	return [...words].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

function base64(text: string): string {
	return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

function literally(text: string): string {
	return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
