import { type ChainId, displayAddress, parseChainId } from "@clew/core";
import { describe, expect, it } from "vitest";
import { atomicFields, exports, flow, imports, listed } from "../../testing/atomic-bytes.js";
import { chainFixture } from "../../testing/chain-fixture.js";
import { sealedBlock } from "../../testing/sealed-block.js";
import { checkBlock } from "../check-block.js";
import { decodeBlock } from "../decode.js";
import { proveBlock } from "../proofs.js";
import { blockShape, transactionShape } from "../shapes.js";

const [ARBITRUM, AVALANCHE, CELO] = ["42161", "43114", "42220"].map((id) => parseChainId(`eip155:${id}`)) as [ChainId, ChainId, ChainId];
const at = (digit: string) => `0x${digit.repeat(40)}`;
const word = (digit: string) => `0x${digit.repeat(64)}`;

/** Decodes a block after every check; movements in short words. */
function read(chain: ChainId, { block, receipts }: ReturnType<typeof sealedBlock>) {
	const { gaps: unproven } = checkBlock("node", chain, block, receipts);
	const decoded = decodeBlock(chain, { block, receipts, calls: undefined, gaps: unproven });
	const short = (account: string) =>
		displayAddress(account as never)
			.slice(2, 5)
			.toLowerCase();
	const moves = decoded.transactions.map(({ transfers }) =>
		transfers.map((t) => `${t.kind} ${short(t.from)}>${short(t.to)} ${t.amount} at ${t.eventIndex}`),
	);
	return { decoded, moves, unproven };
}

describe("what Arbitrum's own transactions move", () => {
	const chainId = "0xa4b1";
	const deposit = { tx: { type: "0x64", chainId, requestId: word("1"), from: at("a"), to: at("b"), value: "0x9" } };
	const ticket = {
		...{ type: "0x69", chainId, requestId: word("2"), from: at("a"), to: at("6"), l1BaseFee: "0x1", depositValue: "0x64" },
		...{ retryTo: at("c"), retryValue: "0x32", beneficiary: at("d"), maxSubmissionFee: "0x5", refundTo: at("e"), retryData: "0x01" },
	};
	const [internal] = blockShape.parse(chainFixture("arbitrum-350791066")).transactions;

	it("deposits mint and pay on; tickets mint what they bring and put their value away; their redemption pays it out", () => {
		const submitted = sealedBlock(ARBITRUM, 30_000_000, [{ tx: ticket }]).block.transactions[0]?.hash ?? "";
		const retry = {
			type: "0x68",
			chainId,
			nonce: "0x0",
			from: at("a"),
			to: at("c"),
			value: "0x32",
			ticketId: submitted,
			refundTo: at("e"),
		};
		const told = sealedBlock(ARBITRUM, 30_000_000, [
			{ tx: internal as object },
			deposit,
			{ tx: ticket },
			{ tx: { ...retry, maxRefund: "0x1", submissionFeeRefund: "0x1" } },
			{ tx: { ...ticket, requestId: word("3") }, receipt: { status: "0x0" } },
			{ tx: { type: "0x66", chainId, requestId: word("4"), from: at("a"), to: at("b"), gasPrice: "0x1", value: "0x1" } },
		]);
		const { moves, unproven, decoded } = read(ARBITRUM, told);
		expect(unproven).toEqual([]);
		const escrow = moves[2]?.[1]?.split(">")[1]?.split(" ")[0] ?? "";
		expect(moves).toEqual([
			[],
			["mint 000>aaa 9 at 0", "native aaa>bbb 9 at 1"],
			["mint 000>aaa 100 at 0", `native aaa>${escrow} 50 at 1`],
			[`internal ${escrow}>aaa 50 at 0`, "native aaa>ccc 50 at 1"],
			["mint 000>aaa 100 at 0"],
			["fee aaa>000 21000 at 0", "native aaa>bbb 1 at 1"],
		]);
		for (const type of ["0x68", "0x69", "0x6a"])
			expect(decoded.gaps.filter((gap) => gap.startsWith(`transactions of type ${type} move what is not decoded`))).toHaveLength(1);
		const hashes = new Set(decoded.transactions.map(({ hash }) => hash));
		const proven = proveBlock("node", ARBITRUM, { ...told, calls: undefined, gaps: [], inRoots: 6 }, decoded, hashes);
		const kinds = [...proven.provable.values()].map((list) => list.map(({ kind }) => kind));
		expect(kinds).toEqual([[], ["mint", "native"], ["mint", "native"], ["native"], ["mint"], ["native"]]);
	});

	it("such a type in a block of Ethereum, and one that names another chain, are lies", () => {
		const { block, receipts } = sealedBlock(ARBITRUM, 30_000_000, [deposit]);
		expect(() => checkBlock("node", parseChainId("eip155:1"), block, receipts)).toThrow(/of type 0x64, which eip155:1 does not have/);
		const nova = sealedBlock(ARBITRUM, 30_000_000, [{ tx: { ...deposit.tx, chainId: "0xa4ba" } }]);
		expect(() => checkBlock("node", ARBITRUM, nova.block, nova.receipts)).toThrow(/is signed for eip155:42170/);
		const forged = { ...block, transactions: [{ ...block.transactions[0], value: "0xff" }] } as typeof block;
		expect(() => checkBlock("node", ARBITRUM, forged, receipts)).toThrow(/hash of transaction 0/);
	});
});

describe("Celo's fees in tokens", () => {
	const tx = transactionShape.array().parse(chainFixture("celo-transactions"))[0] as object;
	const height = 0x1ef4fb5;

	it("are no fees in CELO, and a gap says so; receipts have the base fee in their root", () => {
		const told = sealedBlock(CELO, height, [{ tx, receipt: { baseFee: "0x1adff4f03" } }]);
		const { moves, decoded, unproven } = read(CELO, told);
		expect([moves, unproven]).toEqual([[[]], []]);
		expect(decoded.gaps.join()).toMatch(/type 0x7b move what is not decoded: the fee, which is paid in a token/);
		const other = told.receipts.map((receipt) => ({ ...receipt, baseFee: "0x1" }));
		expect(() => checkBlock("node", CELO, told.block, other)).toThrow(/receipts root/);
		const without = told.receipts.map((receipt) => ({ ...receipt, baseFee: undefined }));
		expect(checkBlock("node", CELO, told.block, without).gaps).toEqual([
			"receipts root not recomputed: receipts of type 0x7b are not known here",
		]);
	});

	it("a sender who did not sign is found out when the transaction is proven", () => {
		const told = sealedBlock(CELO, height, [{ tx: { ...tx, from: at("f") }, receipt: { baseFee: "0x1" } }]);
		const { decoded } = read(CELO, told);
		const cited = new Set(decoded.transactions.map(({ hash }) => hash));
		expect(() => proveBlock("node", CELO, { ...told, calls: undefined, gaps: [], inRoots: 1 }, decoded, cited)).toThrow(
			/is said to be from 0xf+, but 0xefe945ee33ce4ab037ff4d1e1384d0efcd95f37b signed it/,
		);
	});
});

describe("Avalanche's atomic transactions", () => {
	const at40 = (digit: string, amount: number, asset?: string) => flow(digit.repeat(40), amount, asset);
	const block = (bytes: string, fields: object = {}) => sealedBlock(AVALANCHE, 40_000_000, [], { ...atomicFields(bytes), ...fields });

	it.each([
		["a list of them", `0000${listed(imports(at40("a", 6)), exports(at40("b", 5), at40("c", 4)))}`, 2],
		["one, as before Apricot Phase 5", `0000${imports(at40("a", 6))}`, 1],
	])("%s: imports mint, exports burn, in nAVAX", (_, bytes, count) => {
		const { moves, decoded, unproven } = read(AVALANCHE, block(bytes));
		const gwei = "000000000";
		const all = [[`mint 000>aaa 6${gwei} at 2`], [`burn bbb>kno 5${gwei} at 2`, `burn ccc>kno 4${gwei} at 3`]];
		expect([moves, unproven]).toEqual([all.slice(0, count), []]);
		expect(decoded.transactions.map(({ txIndex }) => txIndex)).toEqual([0, 1].slice(0, count));
		expect(decoded.gaps.join()).not.toMatch(/atomic/);
	});

	it("real ones are read to their last byte", () => {
		const [exported, imported] = (chainFixture("avalanche-atomic") as string[]).map((bytes) => read(AVALANCHE, block(bytes.slice(2))));
		expect(exported?.moves).toEqual([["burn bb9>kno 10336900000000000 at 2"]]);
		expect(imported?.moves).toEqual([["mint 000>be6 404096929519000000000 at 2"]]);
		expect([exported, imported].map((told) => told?.decoded.gaps.filter((gap) => gap.includes("atomic")))).toEqual([[], []]);
	});

	it.each<[string, ReturnType<typeof block>, RegExp]>([
		["other assets", block(`0000${listed(imports(at40("a", 6, "8".repeat(64))))}`), /assets other than AVAX, which are not followed: 8888/],
		["a form that is not known", block("0001ff"), /atomic transactions of a form that is not known/],
		["bytes behind the last one", block(`0000${listed(imports(at40("a", 6)))}00`), /atomic transactions of a form that is not known/],
		["a node that leaves them out", block("0000", { blockExtraData: undefined }), /the node left out atomic transactions/],
		["a header of the first days", block("", { extDataHash: `0x${"0".repeat(64)}` }), /the header holds no atomic transactions yet/],
	])("%s: a gap by its name", (_, told, gap) => {
		const { moves, decoded } = read(AVALANCHE, told);
		expect(moves.flat()).toEqual([]);
		expect(decoded.gaps.join()).toMatch(gap);
	});

	it("that do not give the hash in the header are a lie; none is nothing", () => {
		const told = block(`0000${listed(imports(at40("a", 6)))}`);
		const forged = { ...told.block, blockExtraData: `0x0000${listed(imports(at40("a", 7)))}` };
		expect(() => checkBlock("node", AVALANCHE, forged, told.receipts)).toThrow(/hash of its atomic transactions/);
		expect(read(AVALANCHE, block("")).decoded.gaps.join()).not.toMatch(/atomic/);
	});
});
