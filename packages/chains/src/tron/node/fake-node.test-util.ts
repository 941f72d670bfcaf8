import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { checkTronBlock } from "../check/check-block.js";
import { parseTronBlock } from "../decode/block.js";
import { Message } from "../decode/wire.js";
import { idOf, madeUpBlock, message } from "../made-up.test-util.js";
import { gridAnswer } from "./fake-grid.test-util.js";
import { type Fields, HEADER, INFO, type Kind, RESULT } from "./fields.js";

/** The genesis block's id of the main network. */
const GENESIS = "00000000000000001ebf88508a03865c71d452e25f4d51194196a1d22b6653dc";

/** A block as bytes, with the infos of its transactions. */
export interface Served {
	readonly block: Buffer;
	readonly infos?: Buffer | undefined;
}

/** Fields of infos beside id and height, by transaction. */
export type InfoParts = readonly (readonly (readonly [number: number, held: Buffer | number | string])[])[];

/** A made-up block as a node holds it, with its id, upon a block of this id or upon any; blocks are three seconds apart. */
export function extended(
	height: number,
	transactions: readonly Buffer[],
	parent?: string,
	parts: InfoParts = [],
): Served & { readonly id: string } {
	const time = 1_700_000_001_000 + height * 3_000;
	const bare = madeUpBlock(height, transactions, undefined, parent === undefined ? undefined : Buffer.from(parent, "hex"), time);
	const { id } = checkTronBlock(parseTronBlock(bare));
	const block = message(
		...transactions.map((tx) => [1, message([1, tx], [2, Buffer.from(idOf(tx), "hex")])] as const),
		[2, new Message(bare, "block").bytes(2)],
		[3, Buffer.from(id, "hex")],
	);
	const infos = message(
		...transactions.map((tx, i) => [1, message([1, Buffer.from(idOf(tx), "hex")], [3, height], [4, time], ...(parts[i] ?? []))] as const),
	);
	return { id, block, infos };
}

/** Answers instead of the node: a status with a body, or undefined to let the node answer. `asked` counts requests of the path. */
export type Fault = (
	path: string,
	num: number,
	asked: number,
) => { status?: number; headers?: Record<string, string>; body: string } | undefined;

/** What bodies of requests hold. */
interface Asked {
	readonly num?: number;
	readonly value?: string;
	readonly address?: string;
}

/** A node that serves blocks in the JSON of java-tron's HTTP API, made from their bytes, and fails as it is told to. */
export class FakeTronNode {
	readonly blocks = new Map<number, Served>();
	/** Changes what the node says of a block. */
	edit: (path: string, json: unknown) => unknown = (_, json) => json;
	fault: Fault = () => undefined;
	/** Whether it tells of fields that it does not know. */
	unknown = true;
	/** Whether it answers `/walletsolidity` on this port. */
	solidity = true;
	/** The lists of TronGrid that it offers, and the most rows that it gives at once; plain java-tron has none. */
	grid: { readonly lists: RegExp; readonly limit: number } | undefined;
	/** What it says of accounts, by address in hex with the version; of others it knows nothing. */
	readonly accounts = new Map<string, object>();
	readonly headers: Record<string, string | undefined>[] = [];
	private readonly asked = new Map<string, number>();
	private readonly server = createServer((request, response) => {
		const parts: Buffer[] = [];
		request.on("data", (part: Buffer) => parts.push(part));
		request.on("end", () => {
			this.headers.push({ ...request.headers } as Record<string, string | undefined>);
			this.answer(request.url ?? "", JSON.parse(Buffer.concat(parts).toString() || "{}"), response);
		});
	});

	/** Serves a block in place of another of its height. */
	serve(served: Served): this {
		this.blocks.set(heightOf(served.block), served);
		return this;
	}

	async listen(): Promise<string> {
		await new Promise<void>((listening) => this.server.listen(0, "127.0.0.1", listening));
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
	}

	close(): void {
		this.server.closeAllConnections();
		this.server.close();
	}

	private answer(url: string, { num = 0, ...body }: Asked, response: ServerResponse): void {
		const path = url.replace(/^\//, "").replace(/\?.*/, "");
		const asked = (this.asked.get(path) ?? 0) + 1;
		this.asked.set(path, asked);
		const fault = this.fault(path, num, asked);
		if (fault !== undefined) return void response.writeHead(fault.status ?? 200, fault.headers).end(fault.body);
		const json = this.grid?.lists.test(path)
			? gridAnswer(this.blocks.values(), new URL(url, "http://grid"), this.grid.limit)
			: this.json(path, num, body);
		if (json === undefined) return void response.writeHead(404).end("<html>no such page</html>");
		response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(this.edit(path, json)));
	}

	private json(path: string, num: number, { value = "", address = "" }: Asked): unknown {
		const served = this.blocks.get(num);
		const newest = Math.max(...this.blocks.keys());
		if (path === "wallet/getblockbynum")
			return num === 0
				? { blockID: GENESIS, block_header: { raw_data: {} } }
				: served === undefined
					? {}
					: jsonOfBlock(served.block, this.unknown);
		if (path === "wallet/gettransactioninfobyblocknum")
			return served?.infos === undefined
				? []
				: new Message(served.infos, "infos").all(1).map((info) => jsonOf(new Message(info, "info"), INFO));
		if (path === "walletsolidity/getaccount") return this.accounts.get(address) ?? {};
		if (path === "wallet/gettransactioninfobyid") {
			const all = [...this.blocks.values()].flatMap(({ infos }) => (infos === undefined ? [] : new Message(infos, "infos").all(1)));
			const told = all.map((info) => jsonOf(new Message(info, "info"), INFO)).find((info) => (info as { id?: string }).id === value);
			return told ?? {};
		}
		if (path === "walletsolidity/getnowblock" && this.solidity) return jsonOfBlock((this.blocks.get(newest) as Served).block, this.unknown);
		if (path === "wallet/getnodeinfo")
			return { solidityBlock: `Num:${newest},ID:${idOfBlock(newest, this.blocks)}`, configNodeInfo: { codeVersion: "4.8.0" } };
		return undefined;
	}
}

function idOfBlock(height: number, blocks: ReadonlyMap<number, Served>): string {
	return (jsonOfBlock((blocks.get(height) as Served).block, false) as { blockID: string }).blockID;
}

function heightOf(block: Buffer): number {
	const header = new Message(block, "block").message(2, "header")?.message(1, "raw");
	return Number(header?.number(7));
}

/** What java-tron writes of a `BlockExtention`. */
function jsonOfBlock(bytes: Buffer, unknown: boolean): object {
	const block = new Message(bytes, "block");
	const header = block.message(2, "header") as Message;
	const transactions = block.all(1).map((one) => {
		const extended = new Message(one, "transaction");
		const whole = extended.message(1, "transaction") as Message;
		return {
			ret: whole.all(5).map((result) => jsonOf(new Message(result, "result"), RESULT, unknown)),
			signature: whole.all(2).map((signature) => signature.toString("hex")),
			txID: extended.bytes(2)?.toString("hex"),
			raw_data: { contract: [] },
			raw_data_hex: whole.bytes(1)?.toString("hex"),
		};
	});
	return {
		blockID: block.bytes(3)?.toString("hex"),
		block_header: {
			raw_data: jsonOf(header.message(1, "raw") as Message, HEADER),
			witness_signature: header.bytes(2)?.toString("hex"),
		},
		...(transactions.length === 0 ? {} : { transactions }),
	};
}

function jsonOf(message: Message, { fields }: Fields, unknown = false): object {
	const told: Record<string, unknown> = {};
	const known = new Set(Object.values(fields).map(([number]) => number));
	if (unknown) for (const number of message.others(known)) told[number] = message.all(number).map((held) => held.toString("hex"));
	for (const [name, [number, kind, repeated]] of Object.entries(fields)) {
		if (!message.has(number)) continue;
		if (repeated !== undefined) told[name] = message.all(number).map((held) => shown(held, kind));
		else told[name] = shown(isNumber(kind) ? (message.number(number) ?? 0n) : (message.bytes(number) ?? Buffer.alloc(0)), kind);
	}
	return told;
}

const isNumber = (kind: Kind) => kind === "number" || kind === "flag" || (typeof kind === "object" && "names" in kind);

function shown(held: bigint | Buffer, kind: Kind): unknown {
	if (kind === "flag") return held === 1n;
	if (kind === "bytes") return (held as Buffer).toString("hex");
	if (kind === "text") return (held as Buffer).toString();
	if (kind === "number") return Number(held);
	if ("fields" in kind) return jsonOf(new Message(held as Buffer, "part"), kind);
	return Object.entries(kind.names).find(([, number]) => number === held)?.[0] ?? `UNKNOWN_ENUM_VALUE_code_${held}`;
}
