import { createHash } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createSecureServer } from "node:tls";
import { Block } from "bitcoinjs-lib";
import type { Btcd } from "../scripts/services/btcd.js";

/** What a server answers in place of the truth: another result, an error, or bytes as they are; undefined for the truth. */
export type Twist = (
	method: string,
	params: readonly unknown[],
	truth: unknown,
) => { result: unknown } | { error: { code: number; message: string } } | { bytes: string | "close" } | undefined;

/** A server of the Electrum protocol over the blocks of a node, whose answers a test may twist. */
export interface ElectrumServer {
	readonly url: string;
	/** Methods in the order in which they were asked. */
	readonly asked: string[];
	twist: Twist | undefined;
	stop(): void;
}

const reversed = (bytes: Uint8Array) => Buffer.from(bytes).reverse().toString("hex");
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest();
const doubled = (...parts: Uint8Array[]) => sha256(sha256(Buffer.concat(parts)));

/** How scripts are named. */
const nameOf = (script: Uint8Array) => reversed(sha256(script));

interface Index {
	readonly headers: string[];
	readonly ids: Uint8Array[][];
	readonly raws: Map<string, string>;
	/** By the name of a script: its transactions, and its outputs that nobody spent. */
	readonly histories: Map<string, { tx_hash: string; height: number }[]>;
	readonly unspent: Map<string, { script: string; tx_hash: string; tx_pos: number; height: number; value: number }>;
	readonly scripts: Map<string, string>;
}

/** Starts one on a port of its own; with key and certificate it speaks TLS. */
export async function startElectrum(node: Btcd, tls?: { readonly key: string; readonly cert: string }): Promise<ElectrumServer> {
	const index: Index = { headers: [], ids: [], raws: new Map(), histories: new Map(), unspent: new Map(), scripts: new Map() };
	const asked: string[] = [];
	const sockets = new Set<Socket>();
	let reading = Promise.resolve();
	const answer = (socket: Socket) => {
		let text = "";
		sockets.add(socket);
		socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
		socket.on("data", (chunk) => {
			text += chunk;
			for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n")) {
				const line = text.slice(0, at);
				text = text.slice(at + 1);
				reading = reading.then(async () => reply(socket, line));
			}
		});
	};
	const versioned = new WeakSet<Socket>();
	const reply = async (socket: Socket, line: string) => {
		const { id, method, params } = JSON.parse(line);
		asked.push(method);
		await readOn(node, index);
		if (method !== "server.version" && !versioned.has(socket)) return void socket.destroy();
		versioned.add(socket);
		const truth = truthOf(index, method, params);
		const twisted = self.twist?.(method, params, "result" in truth ? truth.result : undefined);
		if (twisted === undefined || !("bytes" in twisted)) socket.write(`${JSON.stringify({ jsonrpc: "2.0", id, ...(twisted ?? truth) })}\n`);
		else if (twisted.bytes === "close") socket.destroy();
		else socket.write(twisted.bytes);
	};
	const server: Server = tls === undefined ? createServer(answer) : createSecureServer(tls, answer);
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as { port: number };
	const self: ElectrumServer = {
		url: `${tls === undefined ? "tcp" : "ssl"}://127.0.0.1:${port}`,
		asked,
		twist: undefined,
		stop() {
			for (const socket of sockets) socket.destroy();
			server.close();
		},
	};
	return self;
}

/** Takes in the blocks that the node has and the index has not. */
async function readOn(node: Btcd, index: Index): Promise<void> {
	const tip = await node.call<number>("getblockcount");
	for (let height = index.headers.length; height <= tip; height++) {
		const hex = await node.call<string>("getblock", await node.call<string>("getblockhash", height), 0);
		index.headers.push(hex.slice(0, 160));
		const transactions = Block.fromHex(hex).transactions ?? [];
		index.ids.push(transactions.map((tx) => tx.getHash()));
		for (const tx of transactions) {
			const id = tx.getId();
			index.raws.set(id, tx.toHex());
			const touched = new Set<string>();
			for (const { hash, index: n } of tx.ins) {
				const spent = `${reversed(hash)}:${n}`;
				const script = index.scripts.get(spent);
				if (script !== undefined) touched.add(script);
				index.unspent.delete(spent);
			}
			for (const [n, { script, value }] of tx.outs.entries()) {
				const name = nameOf(script);
				touched.add(name);
				index.scripts.set(`${id}:${n}`, name);
				index.unspent.set(`${id}:${n}`, { script: name, tx_hash: id, tx_pos: n, height, value: Number(value) });
			}
			for (const name of touched) index.histories.set(name, [...(index.histories.get(name) ?? []), { tx_hash: id, height }]);
		}
	}
}

function branchOf(ids: readonly Uint8Array[], pos: number): string[] {
	const branch: string[] = [];
	for (let [level, at] = [ids, pos]; level.length > 1; at >>= 1) {
		branch.push(reversed(level[at ^ 1] ?? (level[at] as Uint8Array)));
		level = level.flatMap((one, i) => (i % 2 === 0 ? [doubled(one, level[i + 1] ?? one)] : []));
	}
	return branch;
}

function truthOf(
	index: Index,
	method: string,
	params: readonly unknown[],
): { result: unknown } | { error: { code: number; message: string } } {
	const refuse = (message: string, code = 1) => ({ error: { code, message } });
	const [first, second] = params as [never, never];
	const tip = index.headers.length - 1;
	switch (method) {
		case "server.version":
			return { result: ["test server 1.0", "1.4.2"] };
		case "blockchain.headers.subscribe":
			return { result: { height: tip, hex: index.headers[tip] } };
		case "blockchain.block.header":
			return index.headers[first] === undefined ? refuse(`height ${first} out of range`) : { result: index.headers[first] };
		case "blockchain.scripthash.get_history":
			return { result: index.histories.get(first) ?? [] };
		case "blockchain.scripthash.listunspent":
			return { result: [...index.unspent.values()].filter(({ script }) => script === first).map(({ script: _, ...one }) => one) };
		case "blockchain.transaction.get":
			if (second === true) return refuse("verbose transactions are currently unsupported", -32603);
			return index.raws.has(first) ? { result: index.raws.get(first) } : refuse("daemon error: No information available", 2);
		case "blockchain.transaction.get_merkle": {
			const ids = index.ids[second] ?? [];
			const pos = ids.findIndex((id) => reversed(id) === first);
			return pos < 0
				? refuse(`tx ${first} not in block at height ${second}`)
				: { result: { block_height: second, pos, merkle: branchOf(ids, pos) } };
		}
		case "blockchain.transaction.id_from_pos": {
			const id = index.ids[first]?.[second];
			return id === undefined
				? refuse(`no tx at position ${second}`)
				: { result: { tx_hash: reversed(id), merkle: branchOf(index.ids[first] ?? [], second) } };
		}
		default:
			return refuse(`unknown method "${method}"`, -32601);
	}
}
