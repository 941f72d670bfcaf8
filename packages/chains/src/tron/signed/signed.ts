import { addressOf, type ChainId, InputError, isNative, nullAccount, type SignedTron, tronDigits, unknownAccount } from "@clew/core";
import { z } from "zod";
import { parseExactJson } from "../../exact-json.js";
import { Addresses } from "../decode/accounts.js";
import { readTransaction, sha256, type TronTransaction } from "../decode/block.js";
import { CONTRACT_TYPES } from "../decode/contract-types.js";
import { readContract } from "../decode/contracts.js";
import { permissionEvent } from "../decode/events.js";
import { Message } from "../decode/wire.js";
import { message } from "../decode/wire-writer.js";
import { bytesOf, rebuild } from "../node/fields.js";
import { ADDRESS_FIELDS, CONTRACT_FIELDS, NAME_FIELDS, rawFields } from "./transaction-fields.js";

/** A transaction weighs some 500 kB at most on the chain; this only bounds what is looked at. */
const MAX_HEX = 4_000_000;

/** Reads `broadcasthex`: a whole `Transaction` in hex. Throws InputError for what is none, or that nobody signed. */
export function readSignedTron(hex: string, chain: ChainId): SignedTron {
	const bytes = hex.length > MAX_HEX ? undefined : bytesOf(hex.replace(/^0x/, ""));
	if (bytes === undefined) throw new InputError("the transaction is no hex");
	return signedOf(readTransaction(bytes, 0, undefined), chain);
}

const shape = z.looseObject({
	txID: z.string().optional(),
	raw_data: z.record(z.string(), z.unknown()),
	raw_data_hex: z.string().optional(),
	signature: z.array(z.string()).min(1),
	visible: z.boolean().optional(),
});

/**
 * Reads `broadcasttransaction`: a transaction in JSON. Nodes write its bytes again from `raw_data` and look at nothing else, so that these
 * are what is read; where wallets showed and signed `raw_data_hex` and `txID`, they must say the same. Throws InputError for JSON that
 * says one thing twice, leaves something open, or contradicts itself.
 */
export function readSignedTronJson(text: string, chain: ChainId): SignedTron & { readonly visible: boolean } {
	const found = shape.safeParse(parseExactJson(text, "the transaction"));
	if (!found.success) throw new InputError("the transaction has no raw_data, or no signature");
	const { raw_data, raw_data_hex, signature, txID, visible = false } = found.data;
	const type = typeOf(raw_data);
	const fields = CONTRACT_FIELDS[type];
	if (fields === undefined)
		throw new InputError(`the JSON of ${type || "its contract"} is not known here: whether it says what was signed cannot be told`);
	const { bytes: raw, unread } = rebuild(hexed(raw_data, visible) as object, rawFields(fields));
	if (unread.length > 0) throw new InputError(`its raw_data holds what is not known: ${unread.slice(0, 3).join(", ")}`);
	if (raw_data_hex !== undefined && raw_data_hex.toLowerCase() !== raw.toString("hex"))
		throw new InputError("its raw_data says another thing than its raw_data_hex");
	if (txID !== undefined && txID.toLowerCase() !== sha256(raw).toString("hex"))
		throw new InputError("its txID is not that of its raw_data");
	const signatures = signature.map((one) => bytesOf(one.replace(/^0x/, "")) ?? Buffer.alloc(0));
	const whole = message([1, raw], ...signatures.map((one) => [2, one] as const));
	return { ...signedOf(readTransaction(whole, 0, undefined), chain), visible };
}

/** The name of the one contract's type, empty where none is told. */
function typeOf(raw: Readonly<Record<string, unknown>>): string {
	const contracts = raw["contract"];
	const [one] = Array.isArray(contracts) ? contracts : [];
	const type: unknown = (one as Readonly<Record<string, unknown>> | undefined)?.["type"];
	return typeof type === "string" && Object.hasOwn(CONTRACT_FIELDS, type) ? type : "";
}

/** JSON with addresses and names as hex, whichever form they stand in. */
function hexed(value: unknown, visible: boolean, key = ""): unknown {
	if (Array.isArray(value)) return value.map((one) => hexed(one, visible, key));
	if (typeof value === "object" && value !== null)
		return Object.fromEntries(Object.entries(value).map(([name, held]) => [name, hexed(held, visible, name)]));
	if (typeof value !== "string" || !visible) return value;
	if (ADDRESS_FIELDS.has(key) && value.startsWith("T")) return `41${tronDigits(value)}`;
	return NAME_FIELDS.has(key) ? Buffer.from(value, "utf8").toString("hex") : value;
}

function signedOf(tx: TronTransaction, chain: ChainId): SignedTron {
	if (tx.signatures.length === 0) throw new InputError("nobody signed it");
	const [contract] = tx.contracts;
	const type = CONTRACT_TYPES[contract?.type ?? -1] ?? `contract type ${contract?.type}`;
	const stated = statedType(tx.bytes);
	if (stated !== type && CONTRACT_TYPES[contract?.type ?? -1] !== undefined)
		throw new InputError(`it says that it is a ${type}, and that it holds a ${stated}`);
	const addresses = new Addresses(chain);
	const asked = readContract(tx, 0, undefined, addresses);
	const { owner, transfers, call } = asked;
	const unread = asked.unread ?? asked.gaps.find((gap) => gap.endsWith("left out"));
	const nobody = new Set([nullAccount(chain), unknownAccount(chain), owner]);
	return {
		id: tx.id,
		owner: addressOf(owner),
		type,
		pays: transfers
			.filter(({ to }) => !nobody.has(to))
			.map(({ to, amount, asset }) => ({ to: addressOf(to), amount, ...(isNative(asset) ? {} : { token: asset }) })),
		...(call === undefined || call.created ? {} : { call: { contract: addressOf(call.contract), data: call.data.toString("hex") } }),
		...(call?.created === true ? { creates: true as const } : {}),
		...(asked.permissions ? { permissions: signersOf(tx, owner, addresses) } : {}),
		...(unread === undefined ? {} : { unread }),
	};
}

const RAW = 1;
const CONTRACT = 11;
const PARAMETER = 2;
const TYPE_URL = 1;

/** What the message inside says that it is, behind `type.googleapis.com/protocol.`. */
function statedType(bytes: Buffer): string {
	const raw = new Message(bytes, "the transaction").message(RAW, "its raw data");
	const [first = Buffer.alloc(0)] = raw?.all(CONTRACT) ?? [];
	const url = new Message(first, "its contract").message(PARAMETER, "its parameter")?.bytes(TYPE_URL)?.toString("utf8") ?? "";
	return /^type\.googleapis\.com\/protocol\.(\w+)$/.exec(url)?.[1] ?? "thing without a name";
}

function signersOf(tx: TronTransaction, owner: Parameters<typeof permissionEvent>[1], addresses: Addresses): string {
	const place = { height: 0, txIndex: 0, txHash: tx.id as Parameters<typeof permissionEvent>[2]["txHash"] };
	const { details } = permissionEvent(tx, owner, place, addresses);
	return Object.entries(details)
		.map(([what, keys]) => `${what === "owner" ? "all rights" : "active rights"}: ${String(keys)}`)
		.join("; ");
}
