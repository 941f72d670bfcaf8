import { type AssetId, parseAccountOn, parseChainId } from "@clew/core";
import { foldLedger, type RecoveryEntry } from "@clew/recovery";
import { describe, expect, it } from "vitest";
import type { KeptLedger } from "./ledger.js";
import { entriesOf, type SeenAct } from "./linked.js";

const CHAIN = parseChainId("eip155:1");
const ASSET = "eip155:1/erc20:0xdac17f958d2ee523a2206206994597c13d831ec7" as AssetId;
const account = (digit: string) => parseAccountOn(CHAIN, `0x${digit.repeat(40)}`);
const [HOLDER, ISSUER, VICTIM] = [account("1"), account("2"), account("3")];
const TRACE = "0123456789abcdef";
const document = { sha256: "a".repeat(64), bytes: 1, name: "letter.pdf" };

const entry = (sequence: number, kind: RecoveryEntry["kind"], more: Partial<RecoveryEntry> = {}): RecoveryEntry => ({
	...{ schema: "clew.recovery-entry/1", sequence, kind, at: "", on: "2026-01-01", request: "r1", party: "Tether" },
	...{ asset: ASSET, account: HOLDER, trace: TRACE, tier: "attribution" },
	...more,
});
function ledger(...entries: RecoveryEntry[]): KeptLedger {
	const limits = {
		traced: [{ trace: TRACE, account: HOLDER, asset: ASSET, byRule: {}, most: 100n }],
		taken: [{ victim: VICTIM, asset: ASSET, amount: 100n }],
	};
	return { entries, limits, traces: [], state: foldLedger(entries, limits) };
}
let event = 0;
const act = (kind: SeenAct["kind"], amount?: bigint, more: Partial<SeenAct> = {}): SeenAct => ({
	...{ kind, amount, account: HOLDER, asset: ASSET, height: 1, position: { height: 1, txIndex: 0, eventIndex: event++ } },
	...{ hash: `0x${"ab".repeat(32)}` as SeenAct["hash"], by: ISSUER, on: "2026-02-01", tier: "proven", proof: "{}" },
	...more,
});
const linked = (of: KeptLedger, ...acts: SeenAct[]) => entriesOf(of, { id: TRACE, chain: CHAIN }, acts, undefined);
const shown = ({ entries }: ReturnType<typeof linked>) =>
	entries.map(({ kind, amount, request, corrects }) => [kind, amount, request, corrects]);

describe("what issuers did, linked to requests", () => {
	it("asks for nothing that nobody asked for, and of an account's money counts what was traced there", () => {
		const found = linked(ledger(), act("frozen", 250n), act("released"), act("frozen", 40n), act("destroyed", 40n));
		expect(shown(found)).toEqual([
			["frozen", "100", "seen-1", undefined],
			["released", "100", "seen-1", undefined],
			["frozen", "40", "seen-1", undefined],
			["destroyed", "40", "seen-1", undefined],
		]);
		expect(found.notes).toEqual([expect.stringMatching(/250 moved or lay there, of which 100 are of this case/)]);
	});

	it("takes the place of a letter that says the same, and keeps it", () => {
		const before = ledger(entry(1, "sent", { amount: "80", document }), entry(2, "frozen", { amount: "60", document }));
		const found = linked(before, act("frozen", 500n));
		expect(shown(found)).toEqual([["frozen", "60", "r1", 2]]);
		expect(found.entries[0]).toMatchObject({ document, tier: "proven" });
	});

	it("gives back no more than was destroyed and taken, and the same payment once", () => {
		const before = ledger(entry(1, "sent", { amount: "80", document }), entry(2, "destroyed", { amount: "70", document }));
		const paid = act("returned", 90n, { account: ISSUER, victim: VICTIM });
		const found = linked(before, paid, act("returned", 5n, { account: ISSUER, victim: VICTIM }), paid);
		expect(shown(found)).toEqual([["returned", "70", "r1", undefined]]);
		expect(found.notes).toEqual([expect.stringContaining("90 moved"), expect.stringContaining("nothing of it is left")]);
	});

	it("links nothing to money of another account", () => {
		expect(shown(linked(ledger(entry(1, "sent", { amount: "80", document })), act("frozen", 5n, { account: ISSUER })))).toEqual([]);
	});
});
