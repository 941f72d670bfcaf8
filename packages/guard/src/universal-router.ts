import { AbiCoder } from "ethers";
import type { Action } from "./intent.js";

/** Commands of Uniswap's Universal Router (Commands.sol) that carry a permit of Permit2, pay, or hold commands; the two upper bits are flags. */
const [PERMIT, PERMIT_BATCH, TRANSFER_FROM, SWEEP, TRANSFER, SUB_PLAN] = [0x0a, 0x03, 0x02, 0x04, 0x05, 0x21];
const COMMAND = 0x3f;
const MAX_DEPTH = 3;
const ZERO = `0x${"0".repeat(40)}`;
const DETAILS = "tuple(address,uint160,uint48,uint48)";

/**
 * What commands of the router do for its caller. Undefined for those that do not read. Swaps are not read: whom they name is looked up as
 * in any call that is not read.
 */
export function routed(commands: string, inputs: readonly string[], caller: string | undefined, depth = 0): Action[] | undefined {
	if (depth > MAX_DEPTH || (commands.length - 2) / 2 !== inputs.length) return undefined;
	const found: Action[] = [];
	for (const [i, input] of inputs.entries()) {
		const command = Number.parseInt(commands.slice(2 + 2 * i, 4 + 2 * i), 16) & COMMAND;
		const one = commanded(command, input, caller, depth);
		if (one === undefined) return undefined;
		found.push(...one);
	}
	return found;
}

function commanded(command: number, input: string, caller: string | undefined, depth: number): Action[] | undefined {
	const decode = (...types: string[]) => AbiCoder.defaultAbiCoder().decode(types, input, true).toArray(true) as unknown[];
	const address = (value: unknown) => String(value).toLowerCase();
	try {
		if (command === PERMIT || command === PERMIT_BATCH) {
			const [permit] = decode(`tuple(${DETAILS}${command === PERMIT ? "" : "[]"},address,uint256)`, "bytes");
			const [details, spender] = permit as readonly unknown[];
			const list = (command === PERMIT ? [details] : details) as readonly (readonly unknown[])[];
			return list.map(([token]) => ({ kind: "permit", token: address(token), owner: caller ?? ZERO, spender: address(spender) }));
		}
		if (command === TRANSFER_FROM || command === SWEEP || command === TRANSFER) {
			const [token, to, amount] = decode("address", "address", "uint256");
			// To 1 or 2: to the caller, or to the router itself.
			if (BigInt(address(to)) <= 2n) return [];
			if (command === TRANSFER_FROM || address(token) !== ZERO)
				return [{ kind: "pay-token", token: address(token), to: address(to), amount: amount as bigint }];
			return [{ kind: "pay", to: address(to), amount: amount as bigint }];
		}
		if (command !== SUB_PLAN) return [];
		const [commands, inputs] = decode("bytes", "bytes[]");
		return routed(String(commands), inputs as readonly string[], caller, depth + 1);
	} catch {
		return undefined;
	}
}
