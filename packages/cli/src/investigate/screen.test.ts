import { type AccountId, type AssetId, evmChainId, nativeAsset, type TraceResult } from "@clew/core";
import { TEST_CHAIN, testAccount } from "@clew/core/testing";
import { type Answer, PLACE_GROUPS, type Place } from "@clew/workers";
import { describe, expect, it } from "vitest";
import { type ScreenFacts, screenLines } from "./screen.js";

const ETHER = nativeAsset(TEST_CHAIN);
const NAMELESS = `${TEST_CHAIN}/erc20:0x${"7".repeat(40)}` as AssetId;
const ONE = 10n ** 18n;
const place = (n: number, agreed: bigint, more: Partial<Place> = {}): Place => ({
	accounts: [testAccount(n)],
	whose: "",
	asset: ETHER,
	agreed,
	most: agreed,
	came: [],
	reason: "unspent",
	detail: "",
	atHead: "as traced",
	...more,
});
const upbit = place(1, 3n * ONE, { whose: "Upbit", reason: "service", stop: { kind: "custodian", entity: "Upbit", channel: "law@upbit" } });
const unread = (n: number, why: Place["unread"] = "no node") =>
	place(n, ONE / 3n, { most: ONE, reason: "unfetched", ...(why ? { unread: why } : {}) });

function facts(groups: Partial<Answer["groups"]>, more: Partial<Answer> = {}, rest: Partial<ScreenFacts> = {}): ScreenFacts {
	const all = { freeze: [], records: [], held: [], unread: [], gone: [], ...groups };
	const sums = PLACE_GROUPS.map((group) => {
		const sum = (of: "agreed" | "most") => all[group].reduce((total, one) => total + one[of], 0n);
		return [group, all[group].length === 0 ? [] : [{ asset: ETHER, agreed: sum("agreed"), most: sum("most") }]] as const;
	});
	return {
		answer: {
			trace: "t",
			chain: TEST_CHAIN,
			seeds: [],
			taken: [{ asset: ETHER, agreed: 9n * ONE, most: 9n * ONE }],
			groups: all,
			sums: Object.fromEntries(sums) as unknown as Answer["sums"],
			unlooked: [],
			fees: [],
			others: undefined,
			open: [],
			remarks: [],
			complete: false,
			...more,
		},
		result: { assets: { [ETHER]: { symbol: "ETH", decimals: 18 } }, coverage: { cutoff: "7", sources: [], gaps: [] } },
		about: [`account:${testAccount(0).split(":")[2]}`],
		asked: "asked nobody",
		chosen: undefined,
		wallet: [],
		notLooked: [],
		casePlace: "c.clew",
		papers: { report: "r.html", picture: undefined, packets: [{ folder: "p/custodian-upbit", entity: "upbit" }], why: [] },
		...rest,
	};
}
const text = (of: ScreenFacts) => screenLines(of).join("\n");

describe("one screen", () => {
	it("of a seed whose coins were not looked at says which, where, and what it holds; never that nothing moved", () => {
		const holds = { asset: ETHER, amount: 3n * ONE, height: 9 };
		const unlooked = [
			{ account: testAccount(0), kinds: ["native", "internal"] as const, from: 0, to: 9, holds, unread: "no answer" as const },
		];
		const shown = text(facts({}, { taken: [], unlooked })).replace(/\s+/g, " ");
		expect(shown).toContain("TAKEN not known");
		expect(shown).toMatch(
			/NOT YET FETCHED 0x0+1: payments of its coins and its internal calls at blocks 0 to 9 were not looked at; it holds 3 ETH/,
		);
		expect(shown).toMatch(/to close: 1 account of which the node does not tell: give --history/);
	});

	it("shows every chain of the case with its own sums, in a paragraph each where there is no room, and has forty lines all the same", () => {
		const base = evmChainId(8453);
		const other = (n: number, complete: boolean) => {
			const { answer, result, papers } = facts({ freeze: [upbit], held: [place(n, ONE)] }, { chain: evmChainId(8453 + n), complete });
			return { chain: evmChainId(8453 + n), answer, result: result as TraceResult, asked: `asked node ${n}`, papers };
		};
		const one = text(facts({ held: [place(2, ONE)] }, { complete: true }, { others: [other(0, true)] }));
		expect(one).toMatch(
			/ALSO ON BASE: asked node 0; data up to block 7\n {2}TAKEN 9 ETH\n {2}FREEZE NOW 3 ETH: Upbit, Upbit can stop it\n/,
		);
		expect(one).toMatch(/on Base ask Upbit to freeze, with p\/custodian-upbit/);
		expect(one).not.toContain("close what is open");
		const many = screenLines(
			facts({ unread: [2, 3, 4, 5, 6, 7].map((n) => unread(n)) }, {}, { others: Array.from({ length: 9 }, (_, n) => other(n, n > 4)) }),
		);
		expect(many.length).toBeLessThanOrEqual(40);
		expect(many.join("\n")).toContain("ALSO ON 6 other chains of the case, with --json");
		expect(many.join(" ").replace(/\s+/g, " ")).toContain(`not closed: clew investigate SEED --chain ${base} --case c.clew`);
	});

	it("has no plain figure for what rests on a balance that nobody read, and says whose and what it would be", () => {
		const rests = place(4, 3n * ONE, { restsOn: [testAccount(9)] });
		const shown = text(facts({ held: [rests, place(5, ONE)] })).replace(/\s+/g, " ");
		const words = "if 0x000000000000000000000000000000000000000A held nothing before, which was not read";
		expect(shown).toContain(`STILL THERE not known; 4 ETH ${words}`);
		expect(shown).toContain(`0x0000000000000000000000000000000000000005 not known 3 ETH ${words}`);
		expect(shown).toMatch(/0x0+6 1 ETH/);
		expect(shown).toContain("NOT KNOWN what 1 account held before, and so what they kept and paid of the money");
	});

	it("says who can stop it and by which channel, what to send, and which file to open", () => {
		const shown = text(facts({ freeze: [upbit] }));
		expect(shown).toMatch(/FREEZE NOW 3 ETH\n {2}0x\S+ +3 ETH\n {4}held by Upbit; by law@upbit/);
		expect(shown).toContain("1. ask Upbit to freeze, with p/custodian-upbit");
		expect(shown.split("\n").at(-1)).toBe("OPEN r.html");
	});

	it("of what is frozen already nobody is asked to freeze it; what nobody told is said as not known", () => {
		const token = (frozen: NonNullable<Place["frozen"]>) =>
			place(2, ONE, { frozen, stop: { kind: "issuer", entity: "Tether", channel: "", by: "f()" } });
		expect(text(facts({ freeze: [token("yes")] }))).toMatch(/FROZEN already/);
		expect(text(facts({ freeze: [token("yes")] }))).not.toContain("to freeze, with");
		expect(text(facts({ freeze: [token("not known")] }))).toContain("frozen or not: not known");
	});

	it("a token is no more to be frozen than the node says is there, and where nobody looked its issuer is named without an amount", () => {
		const stop = { kind: "issuer", entity: "Tether", channel: "" } as const;
		const part = place(2, ONE, { stop, unread: "left", atHead: "differs" });
		const shown = text(facts({ freeze: [part] })).replace(/\s+/g, " ");
		expect(shown).toMatch(/0x\S+ \* 1 ETH its issuer Tether/);
		expect(shown).toContain("at most so much is there by the node, and what it paid since was not read");
		expect(shown).toContain("at 1 end point the node says other than the trace (*)");
		const unlooked = text(facts({ unread: [place(2, ONE, { stop, unread: "requests", reason: "unfetched", atHead: "not asked" })] }));
		expect(unlooked).toContain("FREEZE NOW: nothing that every rule agrees on");
		expect(unlooked).toContain("if it is still there, its issuer Tether can freeze it");
	});

	it("of one end point that no node was asked about says that it may not hold it still", () => {
		expect(text(facts({ held: [place(3, ONE, { atHead: "not asked" })] }))).toContain("whether 1 end point still holds it now");
	});

	it("names to whom money was paid in an exchange, and who else got something there", () => {
		const got = [{ account: testAccount(6), asset: ETHER, amount: ONE }];
		const given = { by: testAccount(1), paidTo: testAccount(7), txHash: `0x${"e".repeat(64)}`, got } as Place["given"] & object;
		const shown = text(facts({ records: [place(7, ONE, { reason: "swap", given })] })).replace(/\s+/g, " ");
		expect(shown).toMatch(/ASK FOR RECORDS 1 ETH 0x\S+8 1 ETH swap: 0x\S+2 paid it there in 0xe+; 0x\S+7 got 1 ETH there: part of it may/);
	});

	it("over several seeds on which the rules differ says in a line why less may be agreed", () => {
		const taken = [{ asset: ETHER, agreed: ONE, most: 2n * ONE }];
		expect(text(facts({}, { taken, seeds: ["a", "b"] }))).toContain("libr reckons each claimant alone");
		expect(text(facts({}, { taken, seeds: ["a"] }))).not.toContain("libr");
	});

	it("writes a coin that the trace did not meet as its chain has it", () => {
		const holds = { asset: ETHER, amount: 3n * ONE, height: 9 };
		const unlooked = [{ account: testAccount(0), kinds: ["native"] as const, from: 0, to: 9, holds, unread: "no answer" as const }];
		const of = facts({}, { taken: [], unlooked });
		expect(text({ ...of, result: { ...of.result, assets: {} } }).replace(/\s+/g, " ")).toContain("it holds 3 ETH");
	});

	it("shows at most only where it differs from agreed, cuts no amount without a mark, and none for want of room", () => {
		const shown = text(facts({ held: [place(3, 2n * ONE)], unread: [unread(4)] }));
		expect(shown).toMatch(/0x\S+ +2 ETH\n/);
		expect(shown).toMatch(/0\.3333… ETH +1 ETH/);
		const wide = text(facts({ held: [place(3, 10n ** 40n, { asset: NAMELESS })] }));
		expect(wide.replace(/\s+/g, " ")).toContain(`${10n ** 40n} base units of ${NAMELESS}`);
	});

	it("keeps to forty lines of a hundred columns however much there is, and says how much is left out", () => {
		const many = (n: number, make: (i: number) => Place) => Array.from({ length: n }, (_, i) => make(i));
		const groups = {
			freeze: many(9, () => upbit),
			records: many(50, (i) => place(i, 0n, { most: ONE, reason: "mixer" })),
			held: many(70, (i) => place(i, ONE)),
			unread: many(900, (i) => unread(i)),
		};
		const lines = screenLines(facts(groups, { others: `other tokens, not counted: ${"x ".repeat(40)}` }));
		expect(lines.length).toBeLessThanOrEqual(40);
		expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
		expect(lines.join("\n")).toMatch(/and 89\d more, in the report/);
	});

	it("closes what is unread with the cheapest way for each reason, with the page whose files to download", () => {
		const shown = text(facts({ unread: [unread(1), unread(2), unread(3, "time"), unread(4, "blocks")] })).replace(/\s+/g, " ");
		expect(shown).toMatch(
			/2 accounts without a node: give --rpc URL, or download every CSV at the foot of https:\/\/etherscan\.io\/address\/0x/,
		);
		expect(shown).toContain("1 account beyond the time: call it again, it goes on");
		expect(shown).toContain("--blocks-per-account");
	});

	it("says what was not looked at and what gaps leave open; worthless tokens in one line, and nothing moved as such", () => {
		const open = [{ kind: "missing-inflow", gaps: 2, text: "t" }] as const;
		const shown = text(facts({}, { open, others: "other tokens, not counted: 3 contracts" }, { notLooked: ["whether it is frozen"] }));
		expect(shown).toMatch(/NOT KNOWN whether it is frozen; 2 x account paid more/);
		expect(shown).toContain("  other tokens, not counted: 3 contracts");
		expect(shown).toContain("FREEZE NOW: nothing that every rule agrees on");
		expect(text(facts({}, { taken: [] }))).toContain("TAKEN nothing is known to have moved");
		expect(text(facts({}, { taken: [], complete: true }))).toContain("TAKEN nothing moved");
	});

	it("a hostile name moves no cursor and makes no link", () => {
		const evil = place(1, ONE, { whose: "\u001b[2Jhttp://evil.example", reason: "service" });
		expect(text(facts({ records: [evil] }))).not.toContain("\u001b");
		expect(text(facts({ records: [evil] }))).not.toMatch(/http:\/\/evil/);
	});
});

describe("accounts of several families", () => {
	it("a taproot address has its amounts below it, whole", () => {
		const chain = "bip122:000000000019d6689c085ae165831e93";
		const account = `${chain}:bc1p5d7rjq7g6rdk2yhzks9smlaqtedr4dekq08ge8ztwac72sfr9rusxg3297` as AccountId;
		const shown = text(facts({ held: [{ ...place(1, ONE), accounts: [account] }] }, { chain }));
		expect(shown).toMatch(/bc1p5d7rjq7g6rdk2yhzks9smlaqtedr4dekq08ge8ztwac72sfr9rusxg3297\n {4}1 ETH/);
	});
});
