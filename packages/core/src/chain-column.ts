const CHAIN = /^((block|evm|source|src)?chain|network)(id|name|slug)?$/;

/** True for the name of a column that says of which chain its row is, however it is written. */
export function namesChain(column: string): boolean {
	return CHAIN.test(column.toLowerCase().replace(/[^a-z]/g, ""));
}
