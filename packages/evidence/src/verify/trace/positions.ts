/** Height of the block that a position is in. */
export function heightOf(position: string): number {
	return Number(position.slice(0, position.indexOf(".")));
}

/** Height and place in its block of the transaction that a position is in. */
export function transactionOf(position: string): string {
	return position.slice(0, position.lastIndexOf("."));
}

/** Order of two positions: block, transaction, movement. */
export function comparePosition(a: string, b: string): number {
	const [x, y] = [a.split(".").map(Number), b.split(".").map(Number)];
	for (let i = 0; i < 3; i++) if (x[i] !== y[i]) return (x[i] ?? 0) - (y[i] ?? 0);
	return 0;
}
