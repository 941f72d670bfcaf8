import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type AssetId, erc20Asset, type Hash } from "../ids.js";
import { NFTS, type NftWord, nftsOf } from "../nft.js";
import { isOfAmounts, noteLeft, putNfts, tellDecimals } from "../nft-words.js";
import type { GraphStore } from "../ports/graph-store.js";
import { startOf } from "../position.js";
import type { StoreFixture } from "./graph-store-contract.js";
import { TEST_CHAIN, testAccount } from "./memory-ledger.js";

const FILE = { id: "file", kind: "file", name: "rows.csv", sha256: "", detail: "" } as const;
const WORDS = ["ids", "interface", "guess"] as const;
/** What a source may tell of a token: a word by which numbers are ids, decimals above 0 or of 0, or a row of an amount without decimals. */
type Telling = NftWord | "decimals" | "no-decimals" | "rows";

/** Every order of every selection of some things. */
function ordersOf<T>(things: readonly T[]): T[][] {
	return [[], ...things.flatMap((one) => ordersOf(things.filter((other) => other !== one)).map((rest) => [one, ...rest]))];
}

/** What a case knows of tokens is a function of the words that it was told, whatever came first. Call it once per backend. */
export function nftWordsContract(name: string, fixture: () => StoreFixture): void {
	describe(`words on whether numbers are ids: ${name}`, () => {
		let backend: StoreFixture;
		let store: GraphStore;
		beforeEach(async () => {
			backend = fixture();
			store = await backend.open();
		});
		afterEach(async () => {
			await store.close();
			await backend.destroy();
		});

		const tokenOf = (n: number) => erc20Asset(TEST_CHAIN, `0x${n.toString(16).padStart(40, "e")}`);
		const hashOf = (n: number) => `0x${n.toString(16).padStart(64, "0")}` as Hash;
		/** As an import of a file tells rows: those of a contract of ids are left out. */
		async function tellRows(into: GraphStore, asset: AssetId, n: number): Promise<void> {
			if ((await nftsOf(into)).has(asset)) return noteLeft(into, asset, FILE.id, 1);
			const row = { kind: "token" as const, asset, from: testAccount(1), to: testAccount(2), amount: 7n };
			await into.putTransactions(TEST_CHAIN, [{ hash: hashOf(n), height: n, transfers: [row] }], new Map([[n, n * 12]]), FILE, "imported");
		}
		const tell = (asset: AssetId, what: Telling, n: number): Promise<unknown> =>
			store.atomically(async (tx) => {
				if (what === "rows") return tellRows(tx, asset, n);
				if (what === "ids" || what === "interface" || what === "guess") return putNfts(tx, TEST_CHAIN, [{ asset, why: what, by: what }]);
				const assets = [{ asset, decimals: what === "decimals" ? 6 : 0, symbol: "T" }];
				await tx.putAssets(assets);
				return tellDecimals(tx, TEST_CHAIN, assets);
			});

		it("decimals above 0 make amounts, else any word makes ids, in every order of every selection", async () => {
			for (const [n, told] of ordersOf<Telling>([...WORDS, "decimals", "no-decimals"]).entries()) {
				const asset = tokenOf(n + 1);
				for (const what of told) await tell(asset, what, n + 1);
				const why = (["interface", "ids", "guess"] as const).find((word) => told.includes(word));
				const amounts = told.includes("decimals");
				const claimed = why === "ids" && !told.includes("guess");
				const known = amounts || why === undefined ? undefined : JSON.stringify({ why, ...(claimed ? { claimed } : {}) });
				expect([told, await isOfAmounts(store, TEST_CHAIN, asset), await store.record(NFTS, asset)]).toEqual([told, amounts, known]);
			}
		});

		it("rows are in the case exactly where numbers are amounts, once those that were left out before are told again", async () => {
			await store.putSource(FILE);
			for (const [n, told] of ordersOf<Telling>(["ids", "guess", "decimals", "rows"]).entries()) {
				if (!told.includes("rows")) continue;
				const asset = tokenOf(n + 1);
				for (const what of [...told, "rows" as const]) await tell(asset, what, n + 1);
				const ids = !told.includes("decimals") && (told.includes("ids") || told.includes("guess"));
				const held = (await store.scan(TEST_CHAIN, startOf(n + 1), 9)).filter((transfer) => transfer.asset === asset);
				expect([told, held.length]).toEqual([told, ids ? 0 : 1]);
			}
		});

		it("the smaller of two reasons of one kind stands, and decimals name what contradicts them and whose rows were left out", async () => {
			await store.putSource(FILE);
			for (const [n, order] of [
				["a", "b"],
				["b", "a"],
			].entries()) {
				const asset = tokenOf(n + 1);
				for (const why of order) await putNfts(store, TEST_CHAIN, [{ asset, why, by: "ids" }]);
				expect(JSON.parse((await store.record(NFTS, asset)) ?? "")).toEqual({ why: "a", claimed: true });
				await tell(asset, "rows", n + 1);
				const notes = await tellDecimals(store, TEST_CHAIN, [{ asset, decimals: 6, symbol: "" }]);
				expect(notes).toEqual([
					expect.stringContaining("its numbers are amounts, though a: such ids are left out"),
					expect.stringContaining("1 transfers of"),
				]);
				expect(await tellDecimals(store, TEST_CHAIN, [{ asset, decimals: 6, symbol: "" }])).toEqual([]);
				const { contested } = await putNfts(store, TEST_CHAIN, [{ asset, why: "c", by: "interface" }]);
				expect(contested.map(({ why }) => why)).toEqual(["c"]);
				expect((await putNfts(store, TEST_CHAIN, [{ asset, why: "c", by: "guess" }])).contested).toEqual([]);
			}
		});
	});
}
