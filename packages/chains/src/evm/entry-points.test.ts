import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { addressOf, type ChainEvent, parseChainId, userOperationOf } from "@clew/core";
import { Interface } from "ethers";
import { expect, it } from "vitest";
import { z } from "zod";
import { ENTRY_POINT_EVENTS } from "./event-decoders/entry-points.js";
import { eventsOf } from "./events.js";
import { blockShape, type RpcReceipt, receiptShape } from "./shapes.js";

const POLYGON = parseChainId("eip155:137");
const FOLDER = new URL("../../../../fixtures/trials/22-polygon-state-sync/", import.meta.url);
const read = (name: string): unknown => JSON.parse(gunzipSync(readFileSync(new URL(name, FOLDER))).toString());
const answer = <T>(shape: z.ZodType<T>) => z.union([shape, z.looseObject({ result: shape }).transform(({ result }) => result)]);
const block = answer(blockShape).parse(read("block.json.gz"));
const receipts = answer(receiptShape.array()).parse(read("receipts.json.gz"));
const TX = "0x0c5480036b2bb7bba131567f4a68aa93d6729a87960e1be32450956cdc4059ce";
const ENTRY_POINT = "0x5ff137d4b0fdcd49dca30c7cf57e578a026d2789";

it("tells who acted in a real bundle of Polygon's block 50000000, and who paid for the gas", () => {
	const events = eventsOf(POLYGON, block, receipts).filter(({ txHash, protocol }) => txHash === TX && protocol === "erc-4337");
	expect(events.map(({ kind }) => kind)).toEqual(["user-operation"]);
	const [event] = events as [ChainEvent];
	expect(userOperationOf(event)).toEqual({
		sender: "eip155:137:0xa1694d405592899feca5ffae2a684f3e26da17bd",
		paymaster: "eip155:137:0xe3dc822d77f8ca7ac74c30b0dffea9fcdcaaa321",
		succeeded: true,
		gasCost: 28367498416414598n,
		entryPoint: `eip155:137:${ENTRY_POINT}`,
		version: "0.6",
	});
	const bundler = block.transactions.find(({ hash }) => hash === TX)?.from;
	expect(bundler).not.toBe(addressOf(event.account as NonNullable<ChainEvent["account"]>));
});

it("knows deposits and withdrawals of published EntryPoints alone, which other contracts log alike", () => {
	const A = `0x${"a1".repeat(20)}`;
	const B = `0x${"b2".repeat(20)}`;
	const values: Readonly<Record<string, readonly unknown[]>> = {
		UserOperationEvent: [`0x${"01".repeat(32)}`, A, `0x${"00".repeat(20)}`, 3n, false, 7n, 5n],
		AccountDeployed: [`0x${"01".repeat(32)}`, A, B, B],
		Deposited: [A, 9n],
		Withdrawn: [A, B, 4n],
	};
	const at = receipts.findIndex(({ transactionHash }) => transactionHash === TX);
	const loggedBy = (address: string) => {
		const logs = ENTRY_POINT_EVENTS.map(([, signature], i) => {
			const abi = new Interface([signature]);
			const name = /^event (\w+)/.exec(signature)?.[1] ?? "";
			const { topics, data } = abi.encodeEventLog(name, values[name] ?? []);
			return { address, topics: topics as string[], data, logIndex: `0x${i.toString(16)}` };
		});
		const one = { ...block, transactions: block.transactions.slice(at, at + 1) };
		return eventsOf(POLYGON, one, [{ ...(receipts[at] as RpcReceipt), logs }]);
	};
	const published = loggedBy(ENTRY_POINT.toUpperCase().replace("0X", "0x"));
	expect(published.map(({ kind, account, details }) => [kind, account?.slice(-4), details["amount"] ?? details["total"] ?? ""])).toEqual([
		["user-operation", "a1a1", ""],
		["account-deployed", "a1a1", ""],
		["gas-deposit", "a1a1", "9"],
		["gas-withdrawal", "a1a1", "4"],
	]);
	expect(published.map(userOperationOf)[0]).toMatchObject({ paymaster: undefined, succeeded: false, gasCost: 7n, version: "0.6" });
	const anybodys = loggedBy(B);
	expect(anybodys.map(({ kind }) => kind)).toEqual(["user-operation", "account-deployed"]);
	expect(anybodys.map(userOperationOf)[0]?.version).toBeUndefined();
});
