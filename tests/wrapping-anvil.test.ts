import { addressOf, parseChainId, wrappedCoin } from "@clew/core";
import { ContractFactory, toQuantity } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BlockAnswers, readAnswers } from "../packages/chains/src/evm/answers.js";
import { decodeBlock } from "../packages/chains/src/evm/decode.js";
import { type Compiled, compileWrapping, startAnvil } from "./anvil.js";

const CHAIN = parseChainId("eip155:1");
const COIN = addressOf(wrappedCoin(CHAIN)?.contract as NonNullable<ReturnType<typeof wrappedCoin>>["contract"]);
const HEIR = `0x${"e".repeat(40)}`;
const VALUE = 1000n;
type Traces = { traceAddress: number[]; result: object }[];

let node: Awaited<ReturnType<typeof startAnvil>>;
let height: number;

beforeAll(async () => {
	node = await startAnvil("--chain-id", "1");
	const signer = await node.provider.getSigner(0);
	const deploy = async ({ abi, bytecode }: Compiled) => {
		const made = await new ContractFactory(abi as never, bytecode, signer).deploy();
		await made.waitForDeployment();
		return made;
	};
	const { Wrapped, Borrowed, Router } = compileWrapping();
	const code = await node.provider.getCode(await (await deploy(Wrapped)).getAddress());
	await node.provider.send("anvil_setCode", [COIN, code]);
	const [borrowed, router] = [await deploy(Borrowed), await deploy(Router)];
	const sent = await router.getFunction("pass").send(COIN, await borrowed.getAddress(), HEIR, { value: VALUE });
	height = (await sent.wait())?.blockNumber ?? -1;
});
afterAll(() => node?.stop());

async function read(tracer: BlockAnswers["tracer"], edit = (traces: Traces): unknown => traces) {
	const ask = (method: string, ...params: unknown[]) => node.provider.send(method, [toQuantity(height), ...params]);
	const traces = tracer === "none" ? [] : await ask(tracer, ...(tracer === "trace_block" ? [] : [{ tracer: "callTracer" }]));
	return readAnswers("node", CHAIN, {
		schema: "clew.answers/1",
		height: `${height}`,
		block: await ask("eth_getBlockByNumber", true),
		receipts: await ask("eth_getBlockReceipts"),
		tracer,
		traces: edit(traces),
	});
}

describe.each(["trace_block", "debug_traceBlockByNumber"] as const)(
	"a real node's traces by %s of coins wrapped and unwrapped",
	(tracer) => {
		it("are borne out by the logs of called, borrowed and created code", async () => {
			const answer = await read(tracer);
			expect([answer.gaps, answer.receipts[0]?.logs.length]).toEqual([[], 6]);
			const { kinds, transactions } = decodeBlock(CHAIN, answer);
			expect(kinds).toContain("internal");
			const moved = transactions.flatMap(({ transfers }) => transfers.map(({ kind, amount }) => `${kind} ${amount}`));
			const half = VALUE / 2n;
			expect(moved.filter((one) => !/^(fee|reward)/.test(one)).sort()).toEqual(
				[
					`native ${VALUE}`,
					...["burn", "internal", "internal", "mint"].flatMap((kind) => [`${kind} ${half}`, `${kind} ${half}`]),
					`internal ${VALUE}`,
				].sort(),
			);
		});

		it("that leave the calls inside out cover no internal transfers; what was wrapped is told by the events", async () => {
			const outermost = (traces: Traces) =>
				tracer === "trace_block"
					? traces.filter(({ traceAddress }) => traceAddress.length === 0)
					: traces.map((one) => ({ ...one, result: { ...one.result, calls: [] } }));
			const answer = await read(tracer, outermost);
			expect(answer.gaps.join()).toMatch(
				/^internal transfers not fetched: the node's traces contradict the block.* logs in it, and no call/,
			);
			expect(decodeBlock(CHAIN, answer).transactions).toEqual(decodeBlock(CHAIN, await read("none")).transactions);
		});
	},
);
