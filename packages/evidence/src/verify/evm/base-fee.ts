import { toNumber } from "../encoding/bytes.js";
import { EVM_FIELD } from "../proofs/headers.js";

/** Chains in whose headers the hash of atomic transactions stands before the base fee (coreth). */
const WITH_ATOMIC: readonly string[] = ["eip155:43114", "eip155:43113"];

/** The base fee of a header with so many fields, 0 where it has none. Throws Error. */
export function baseFee(chain: string, fields: number, field: (number: number) => Uint8Array): bigint {
	const place = EVM_FIELD.baseFee + (WITH_ATOMIC.includes(chain) ? 1 : 0);
	return fields > place ? toNumber(field(place)) : 0n;
}
