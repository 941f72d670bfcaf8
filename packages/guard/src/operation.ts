import { type Action, addressOr, type Intent, readRequest } from "./intent.js";
import { namedInCall } from "./named.js";

const ADDRESS = 42;
const SELECTOR = 10;

/** What a user operation (ERC-4337) does: its own calls, and the contracts that make its account, pay, act for it and carry it out. */
export function readOperation(operation: unknown, entryPoint: unknown): Intent {
	if (typeof operation !== "object" || operation === null) throw new TypeError("no user operation");
	const fields = operation as Readonly<Record<string, unknown>>;
	const auth = fields["eip7702Auth"] ?? undefined;
	const intent = readRequest({
		from: fields["sender"],
		to: fields["sender"],
		data: fields["callData"],
		...(auth === undefined ? {} : { authorizationList: [auth] }),
	});
	if (entryPoint !== undefined && addressOr(entryPoint) === undefined) throw new TypeError("an entry point that is no address");
	return {
		...intent,
		actions: [
			...intent.actions,
			...called(fields["factory"], fields["factoryData"]),
			...packed(fields["initCode"]),
			...called(fields["paymaster"], fields["paymasterData"]),
			...packed(fields["paymasterAndData"]),
			...(entryPoint === undefined ? [] : called(entryPoint, "0x")),
		],
	};
}

/** A contract and its data in one text, as operations before version 0.7 have them. */
function packed(value: unknown): Action[] {
	const text = hexOr(value);
	return text === "0x" ? [] : called(text.slice(0, ADDRESS), `0x${text.slice(ADDRESS)}`);
}

/** The account of EIP-7702 is written as a short mark in the place of a factory. */
const MARK = /^0x7702(0{36})?$/;

function called(contract: unknown, data: unknown): Action[] {
	if (contract === undefined || contract === null || contract === "0x" || MARK.test(String(contract))) return [];
	const to = addressOr(contract);
	if (to === undefined) throw new TypeError("a contract of the operation that is no address");
	const text = hexOr(data);
	return [{ kind: "call", to, selector: text.slice(0, SELECTOR) }, ...namedInCall(text)];
}

function hexOr(value: unknown): string {
	if (value === undefined || value === null) return "0x";
	if (typeof value !== "string" || !/^0x([0-9a-f]{2})*$/i.test(value))
		throw new TypeError("data of the operation that is no hexadecimal text");
	return value.toLowerCase();
}
