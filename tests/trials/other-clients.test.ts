import { join } from "node:path";
import { parseChainId } from "@clew/core";
import { Transaction, Wallet } from "ethers";
import { afterEach, describe, expect, it } from "vitest";
import { atomicFields, exports, flow, imports, listed } from "../../packages/chains/src/testing/atomic-bytes.js";
import { chainFixture } from "../../packages/chains/src/testing/chain-fixture.js";
import { sealedBlock } from "../../packages/chains/src/testing/sealed-block.js";
import { clewAsync, scratch } from "../clew.js";
import { type RecordedNode, recordedChain } from "../recorded-node.js";

/** A guard against a hang. */
const GUARD_MS = 600_000;
const at = (digit: string) => `0x${digit.repeat(40)}`;
const word = (digit: string) => `0x${digit.repeat(64)}`;
const signer = new Wallet(word("5"));
const THIEF = signer.address.toLowerCase();
const TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";

/** A legacy transaction of the thief's, as a node tells it. */
async function paid(chain: number, to: string, value: bigint, by = signer) {
	const raw = await by.signTransaction({
		chainId: chain,
		type: 2,
		nonce: 0,
		to,
		value,
		gasLimit: 21_000,
		maxFeePerGas: 1,
		maxPriorityFeePerGas: 0,
	});
	const { signature } = Transaction.from(raw);
	const fees = { gas: "0x5208", gasPrice: "0x1", maxFeePerGas: "0x1", maxPriorityFeePerGas: "0x0", nonce: "0x0", accessList: [] };
	const signed = { yParity: `0x${signature?.yParity}`, r: signature?.r, s: signature?.s };
	return {
		type: "0x2",
		chainId: `0x${chain.toString(16)}`,
		from: by.address.toLowerCase(),
		to,
		value: `0x${value.toString(16)}`,
		...fees,
		...signed,
	};
}

let node: RecordedNode | undefined;
afterEach(() => {
	node?.close();
	node = undefined;
});

/**
 * Ingests a block from a node, traces from an account, and has the bundle verified: kinds of the rows, and the verifier's words of each.
 */
async function followed(chain: number, told: ReturnType<typeof sealedBlock>, seed: string) {
	const height = Number(told.block.number);
	node = await recordedChain(chain, new Map([[height, told]]));
	const { url } = node;
	const run = async (...args: string[]) => {
		const done = await clewAsync(args);
		expect(done, args.join(" ")).toMatchObject({ code: 0 });
		return done.out;
	};
	const file = join(scratch(), "a.clew");
	await run("case", "new", file, "--title", "t", "--chain", `eip155:${chain}`);
	const ingested = JSON.parse(await run("ingest", "--case", file, "--rpc", url, "--from", `${height}`, "--to", `${height}`, "--json"));
	const result = JSON.parse(await run("trace", "--case", file, "--seed", `account:${seed}`, "--json"));
	const bundle = join(scratch(), "bundle");
	await run("export", "--case", file, "--trace", "last", "--proofs", "--rpc", url, "--out", bundle);
	const rows = await run("verify", bundle, "--rows");
	return {
		kinds: result.edges.map(({ kind }: { kind: string }) => kind) as string[],
		ends: result.leaves.map(({ stop }: { stop: { reason: string } }) => stop.reason) as string[],
		gaps: ingested.gaps.join("; ") as string,
		proven: rows.match(/recomputed down to the header/g)?.length ?? 0,
	};
}

describe("blocks of clients with forms of their own, from a node to a verified bundle", () => {
	it("Arbitrum: what a deposit mints, its value, the transfer of a token; what a ticket puts away", { timeout: GUARD_MS }, async () => {
		const chainId = "0xa4b1";
		const token = {
			address: at("e"),
			topics: [TRANSFER, `0x${"0".repeat(24)}${THIEF.slice(2)}`, `0x${"0".repeat(24)}${"d".repeat(40)}`],
			data: `0x${"7".padStart(64, "0")}`,
			logIndex: "0x0",
		};
		const [internal] = (chainFixture("arbitrum-350791066") as { transactions: object[] }).transactions;
		const ticket = {
			...{ type: "0x69", chainId, requestId: word("2"), from: THIEF, to: at("6"), l1BaseFee: "0x1", depositValue: "0x64" },
			...{ retryTo: at("c"), retryValue: "0x32", beneficiary: at("d"), maxSubmissionFee: "0x5", refundTo: at("e"), retryData: "0x" },
		};
		const told = sealedBlock(parseChainId("eip155:42161"), 30_000_000, [
			{ tx: internal as object },
			{ tx: { type: "0x64", chainId, requestId: word("1"), from: at("a"), to: THIEF, value: "0xf4240" } },
			{ tx: ticket },
			{ tx: await paid(42_161, at("b"), 900_000n), receipt: { logs: [token] } },
		]);
		const { kinds, proven, gaps } = await followed(42_161, told, at("a"));
		expect(kinds).toEqual(["mint", "native", "native", "fee", "native"]);
		expect(proven).toBe(4);
		expect(gaps).toMatch(/type 0x69 move what is not decoded/);
	});

	it("Avalanche: value, fee by the base fee that stands behind the atomic hash, and what an export burns", {
		timeout: GUARD_MS,
	}, async () => {
		const atomic = atomicFields(`0000${listed(imports(flow("d".repeat(40), 9)), exports(flow(THIEF.slice(2), 5)))}`);
		const told = sealedBlock(
			parseChainId("eip155:43114"),
			40_000_000,
			[{ tx: await paid(43_114, THIEF, 7_000_000_000n, new Wallet(word("6"))) }, { tx: await paid(43_114, at("b"), 900_000n) }],
			atomic,
		);
		const { kinds, proven, ends } = await followed(43_114, told, THIEF);
		expect(kinds).toEqual(["native", "fee", "native", "burn"]);
		expect(ends).toContain("unknown-receiver");
		expect(ends).not.toContain("burned");
		expect(proven).toBe(3);
	});
});
