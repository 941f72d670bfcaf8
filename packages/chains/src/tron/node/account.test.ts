import { type ChainId, nativeAsset, tronDigits, trustedAccountId } from "@clew/core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readAccount } from "./account.js";
import { extended, FakeTronNode } from "./fake-node.test-util.js";
import { connectTronSource } from "./source.js";

const TRON = "tron:0x2b6653dc" as ChainId;
const ANN = "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8";
const DIGITS = tronDigits(ANN);
const ADDRESS = `41${DIGITS}`;
const ACCOUNT = trustedAccountId(TRON, ANN);
const HEIGHT = 1_000;
/** Numbers are digits, as the client reads them. */
const told = (fields: object) => readAccount({ address: ADDRESS, ...fields }, DIGITS);

describe("what an account holds of TRX", () => {
	it("is what it can pay with and all of its stakes, also those that others use and those that it is taking back", () => {
		const { trx, isContract } = told({
			balance: "1",
			frozen: [{ frozen_balance: "2", expire_time: "1700000000000" }],
			tron_power: { frozen_balance: "4" },
			frozenV2: [{ amount: "8" }, { type: "ENERGY", amount: "16" }, { type: "TRON_POWER" }],
			unfrozenV2: [{ type: "ENERGY", unfreeze_amount: "32", unfreeze_expire_time: "1800000000000" }],
			delegated_frozen_balance_for_bandwidth: "64",
			delegated_frozenV2_balance_for_bandwidth: "128",
			account_resource: {
				frozen_balance_for_energy: { frozen_balance: "256" },
				delegated_frozen_balance_for_energy: "512",
				delegated_frozenV2_balance_for_energy: "1024",
				acquired_delegated_frozenV2_balance_for_energy: "9",
				energy_usage: "9",
			},
			acquired_delegated_frozenV2_balance_for_bandwidth: "9",
			allowance: "9",
			votes: [{ vote_address: ADDRESS, vote_count: "9" }],
		});
		expect(trx).toEqual({ liquid: 1n, staked: 2n + 4n + 8n + 16n + 256n, unfreezing: 32n, lent: 64n + 128n + 512n + 1024n });
		expect(isContract).toBe(false);
		expect(told({ type: "Contract" }).isContract).toBe(true);
	});

	it.each([
		["a field", { balance: "1", frozenV3: [{ amount: "2" }] }, ["frozenV3"]],
		["a resource", { account_resource: { storage_limit: "2" } }, ["storage_limit"]],
		["a part of an entry", { frozenV2: [{ amount: "2", bonus: "1" }] }, ["frozenV2"]],
		["the form of a number", { balance: "-1" }, ["balance"]],
		["the form of resources", { account_resource: "much" }, ["account_resource"]],
		["a number beyond 64 bits", { balance: "1".repeat(20) }, ["balance"]],
	])("is not known where %s is not", (_, fields, unread) => {
		expect(told(fields).trx).toEqual({ unread });
	});

	it("is nothing at an address that was never paid, and never another account's", () => {
		expect(readAccount({}, DIGITS).trx).toEqual({ liquid: 0n, staked: 0n, lent: 0n, unfreezing: 0n });
		expect(() => readAccount({ address: `41${"0".repeat(40)}`, balance: "1" }, DIGITS)).toThrow("another was asked for");
		expect(() => readAccount([], DIGITS)).toThrow("no object");
	});
});

describe("a node asked for a balance of TRX", () => {
	let node: FakeTronNode;
	let url: string;
	beforeAll(async () => {
		node = new FakeTronNode().serve(extended(HEIGHT, []));
		url = await node.listen();
	});
	beforeEach(() => {
		node.fault = () => undefined;
		node.accounts.clear();
		node.accounts.set(ADDRESS, { address: ADDRESS, balance: 5, frozenV2: [{ amount: 7 }] });
	});
	afterAll(() => node.close());
	const balanceAt = async (height: number) => (await connectTronSource(url, TRON)).balance(ACCOUNT, nativeAsset(TRON), height);

	it("tells the sum at its last solid block, and of no other", async () => {
		expect(await balanceAt(HEIGHT)).toBe(12n);
		await expect(balanceAt(HEIGHT - 1)).rejects.toMatchObject({
			code: "NODE_UNSUPPORTED",
			message: expect.stringContaining("which is 1000 now"),
		});
	});

	it("tells none where it moved on meanwhile, or where a field is not known", async () => {
		const later = extended(HEIGHT + 1, []);
		node.fault = (path) => {
			if (path === "walletsolidity/getaccount") node.serve(later);
			return undefined;
		};
		await expect(balanceAt(HEIGHT)).rejects.toMatchObject({ code: "NODE_UNSUPPORTED" });
		node.blocks.delete(HEIGHT + 1);
		node.fault = () => undefined;
		node.accounts.set(ADDRESS, { address: ADDRESS, balance: 5, gifts: 1 });
		await expect(balanceAt(HEIGHT)).rejects.toMatchObject({ code: "NODE_UNSUPPORTED", message: expect.stringContaining("gifts") });
	});

	it("says whether the account is a contract", async () => {
		node.accounts.set(ADDRESS, { address: ADDRESS, type: "Contract" });
		expect(await (await connectTronSource(url, TRON)).codeOf(ACCOUNT, HEIGHT)).toEqual({ kind: "contract" });
	});
});
