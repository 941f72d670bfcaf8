/** The largest of the amounts that rules give, in base units. */
export function largest(amounts: Readonly<Record<string, string | undefined>>): bigint {
	return Object.values(amounts).reduce((max, text) => (text !== undefined && BigInt(text) > max ? BigInt(text) : max), 0n);
}
