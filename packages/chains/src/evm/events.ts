import { type ChainEvent, type ChainId, EVENT_BAND, evmChainNumber, type Hash, isAddress, trustedAccountId } from "@clew/core";
import { EventFragment, Interface } from "ethers";
import { BRIDGE_EVENTS } from "./event-decoders/bridges.js";
import type { Context, DecodedEvent, Decoder, Told } from "./event-decoders/decoder.js";
import { ENTRY_POINT_EVENTS } from "./event-decoders/entry-points.js";
import { EXCHANGE_EVENTS } from "./event-decoders/exchanges.js";
import { TOKEN_EVENTS } from "./event-decoders/tokens.js";
import type { RpcBlock, RpcReceipt } from "./shapes.js";

const DECODERS: readonly DecodedEvent[] = [...BRIDGE_EVENTS, ...EXCHANGE_EVENTS, ...TOKEN_EVENTS, ...ENTRY_POINT_EVENTS];

/** The declaration of a protocol's event. Throws RangeError for one that is not decoded. */
export function signatureOf(protocol: string, name: string): string {
	const [, signature] = DECODERS.find(([of, text]) => of === protocol && text.startsWith(`event ${name}(`)) ?? [];
	if (signature === undefined) throw new RangeError(`no event ${name} of ${protocol} is decoded`);
	return signature;
}

interface Known {
	readonly protocol: string;
	readonly abi: Interface;
	/** Topics of its logs: ERC-20 and ERC-721 share a Transfer, and differ in what is indexed. */
	readonly topics: number;
	readonly decode: Decoder;
	readonly by: ReadonlySet<string> | undefined;
}

let byTopic: ReadonlyMap<string, Known> | undefined;

/** By the hash of the signature; made when the first block is decoded, since most commands decode none. */
function knownEvents(): ReadonlyMap<string, Known> {
	byTopic ??= new Map(
		DECODERS.map(([protocol, signature, decode, by]) => {
			const fragment = EventFragment.from(signature);
			const topics = 1 + fragment.inputs.filter(({ indexed }) => indexed).length;
			return [fragment.topicHash, { protocol, abi: new Interface([fragment]), topics, decode, by }];
		}),
	);
	return byTopic;
}

/** Events of known protocols in a block, in order. A log that does not fit its own signature is nobody's event. Pure. */
export function eventsOf(chain: ChainId, block: RpcBlock, receipts: readonly RpcReceipt[]): ChainEvent[] {
	const events: ChainEvent[] = [];
	const number = evmChainNumber(chain);
	const decoders = knownEvents();
	for (const [i, tx] of block.transactions.entries()) {
		const receipt = receipts[i];
		if (receipt === undefined) continue;
		const context = {
			chain: number,
			txHash: tx.hash.toLowerCase(),
			gasPrice: BigInt(receipt.effectiveGasPrice ?? tx.gasPrice ?? "0x0").toString(),
			logs: receipt.logs,
		};
		for (const log of receipt.logs) {
			const known = decoders.get(log.topics[0]?.toLowerCase() ?? "");
			if (known?.topics !== log.topics.length || known.by?.has(log.address.toLowerCase()) === false) continue;
			const told = decodeLog(known, log, context);
			if (told === undefined) continue;
			const { account, key, ...rest } = told;
			events.push({
				chain,
				position: { height: Number(block.number), txIndex: Number(tx.transactionIndex), eventIndex: EVENT_BAND.log + Number(log.logIndex) },
				txHash: context.txHash as Hash,
				protocol: known.protocol,
				contract: trustedAccountId(chain, log.address.toLowerCase()),
				...rest,
				...(account !== undefined && isAddress(account) ? { account: trustedAccountId(chain, account) } : {}),
				...(key === undefined ? {} : { key }),
			});
		}
	}
	return events;
}

function decodeLog(
	{ abi, decode }: Known,
	log: { readonly topics: readonly string[]; readonly data: string },
	context: Context,
): Told | undefined {
	try {
		const parsed = abi.parseLog(log);
		return parsed === null ? undefined : decode(parsed, context);
	} catch {
		// ethers throws on data that does not fit; reading a string argument that is not UTF-8 throws too.
		return undefined;
	}
}
