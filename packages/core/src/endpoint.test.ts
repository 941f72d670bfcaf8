import { describe, expect, it } from "vitest";
import { endpointName, endpointSecrets, rememberEndpoint, rememberSecret, safeCause, scrub, scrubShown } from "./endpoint.js";

const KEY = "k3y-Of/9x+A";
const escaped = encodeURIComponent(KEY);

describe("the name of an endpoint", () => {
	it("has its scheme, host, port and public words, and nothing else", () => {
		const names: readonly (readonly [url: string, name: string])[] = [
			["https://node.example/v3/abcdef0123", "https://node.example/v3/***"],
			["https://user:secret@node.example:8545/rpc/", "https://node.example:8545/rpc"],
			["https://node.example/?apikey=s3cret#part", "https://node.example"],
			["http://node.example:80/", "http://node.example"],
			["wss://node.example:80/ws", "wss://node.example:80/ws"],
			["HTTPS://Node.Example/V2/API", "https://node.example/V2/API"],
			["bolt+s://u:p@db.example:7687/my-database?case=theft", "bolt+s://db.example:7687"],
			["redis://:p4ssword@queue.example:80/3", "redis://queue.example:80"],
			["user:s3cret@host", "(not a URL)"],
			["https://[", "(not a URL)"],
		];
		expect(names.map(([url]) => endpointName(url))).toEqual(names.map(([, name]) => name));
	});
});

describe("the secrets of an endpoint", () => {
	const hides = (url: string, text: string) => scrub(text, endpointSecrets(url));

	it("are taken out of what others say of it, however they write them", () => {
		const url = `https://node.example/v3/${escaped}`;
		for (const form of [
			KEY,
			escaped,
			escaped.toLowerCase(),
			KEY.toUpperCase(),
			KEY.toLowerCase(),
			[...new TextEncoder().encode(KEY)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""),
			[...new TextEncoder().encode(KEY)].map((byte) => `%${byte.toString(16).padStart(2, "0").toUpperCase()}`).join(""),
			btoa(KEY),
			btoa(KEY).replace(/=+$/, ""),
			btoa(url),
		])
			expect(hides(url, `refused: ${form}!`), form).toBe("refused: ***!");
		expect(hides('https://node.example/a"b9', 'said "a\\"b9"')).toBe('said "***"');
	});

	it("are user, password and the two as Basic has them, values of queries, names without a value, and what is behind #", () => {
		const url = "https://us3r:p4ss@node.example/rpc?token=t0ken1&k3yAlone&chain_id=137&page=12345678901&limit=ten1#fr4gment";
		const said = `us3r p4ss ${btoa("us3r:p4ss")} t0ken1 k3yAlone 137 12345678901 ten1 fr4gment rpc`;
		expect(hides(url, said)).toBe("*** *** *** *** *** 137 *** *** *** rpc");
		expect(endpointSecrets("https://node.example/rpc?chainId=137&version=2&offset=0")).toEqual([]);
		expect(hides("https://only@node.example/", `${btoa("only:")} only`)).toBe("*** ***");
		expect(hides("https://:pw99@node.example/", `${btoa(":pw99")} pw99`)).toBe("*** ***");
	});

	it("of a store are its user and password, not its database nor the name of its case", () => {
		const secrets = endpointSecrets("neo4j://us3r:p4ss@db.example/people?case=theft&other=v4lue");
		expect(scrub("people theft v4lue us3r p4ss", secrets)).toBe("people theft *** *** ***");
	});

	it("are also whole addresses in base64, none where there is nothing secret, and no text of two characters", () => {
		const url = "https://node.example/v3/abcdef0123";
		expect(endpointSecrets(url)).toContain(btoa("/v3/abcdef0123"));
		expect(endpointSecrets("https://node.example/v3/api")).toEqual([]);
		const short = endpointSecrets("https://node.example/xy");
		expect([short.includes("xy"), short.every((secret) => secret.length >= 3)]).toEqual([false, true]);
	});

	it("are taken out longest first, so that no rest of one stays", () => {
		const secrets = endpointSecrets("https://node.example/abc9/abc9def");
		expect(scrub("abc9def abc9", secrets)).toBe("*** ***");
		expect(secrets.map(({ length }) => length)).toEqual([...secrets].map(({ length }) => length).sort((a, b) => b - a));
	});

	it("of what is no URL are all its words", () => {
		expect(hides("us3r:s3cret@node.example", "us3r s3cret node.example")).toBe("*** *** ***");
		expect(hides("us3r:s3cret@api", "api")).toBe("api");
	});

	it("do not stand in the cause of an error, which is short and keeps its name and code", () => {
		const error = Object.assign(new TypeError(`no answer from k3yword ${"x".repeat(400)}`), { code: "E_k3yword" });
		const cause = safeCause(error, ["k3yword"]);
		expect(cause).toMatchObject({ name: "TypeError", code: "E_***" });
		expect([cause.message.slice(0, 18), cause.message.length]).toEqual(["no answer from ***", 300]);
		expect(safeCause("k3yword", ["k3yword"])).toMatchObject({ name: "Error", message: "***", code: "" });
		expect(safeCause(Object.assign(new Error("x"), { code: 7 }), [])).not.toHaveProperty("code");
	});
});

describe("the last look before something is shown", () => {
	it("takes out what was remembered where it stands alone, and leaves words inside others and plain short words", () => {
		expect(scrubShown("a k3y77word b")).toBe("a k3y77word b");
		const { name } = rememberEndpoint("https://node.example/v3/k3y77word");
		expect(name).toBe("https://node.example/v3/***");
		expect(scrubShown("a k3y77word, k3y77word. xk3y77word k3y77wordx")).toBe("a ***, ***. xk3y77word k3y77wordx");
		rememberSecret("p.ss+w0rd[x]");
		expect(scrubShown("p.ss+w0rd[x] pxss+w0rd[x]")).toBe("*** pxss+w0rd[x]");
		rememberSecret(undefined);
		rememberSecret("money");
		rememberSecret("plainwords");
		expect(scrubShown("money plainwords")).toBe("money plainwords");
	});
});
