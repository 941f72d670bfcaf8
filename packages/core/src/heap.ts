/** A binary min-heap. Ties come out in an unspecified order; callers must not depend on it. */
export class Heap<T> {
	private readonly items: T[] = [];
	private readonly before: (a: T, b: T) => boolean;

	constructor(before: (a: T, b: T) => boolean) {
		this.before = before;
	}

	get size(): number {
		return this.items.length;
	}

	peek(): T | undefined {
		return this.items[0];
	}

	push(item: T): void {
		this.items.push(item);
		let at = this.items.length - 1;
		while (at > 0) {
			const parent = (at - 1) >> 1;
			const above = this.items[parent] as T;
			if (!this.before(item, above)) break;
			this.items[at] = above;
			at = parent;
		}
		this.items[at] = item;
	}

	pop(): T | undefined {
		const top = this.items[0];
		const last = this.items.pop();
		if (this.items.length > 0 && last !== undefined) {
			this.items[0] = last;
			this.sinkTop();
		}
		return top;
	}

	/** Restores order after the top item's key grew; cheaper than pop and push. */
	sinkTop(): void {
		const { items } = this;
		const item = items[0];
		if (item === undefined) return;
		let at = 0;
		for (;;) {
			let child = 2 * at + 1;
			if (child >= items.length) break;
			if (child + 1 < items.length && this.before(items[child + 1] as T, items[child] as T)) child++;
			if (!this.before(items[child] as T, item)) break;
			items[at] = items[child] as T;
			at = child;
		}
		items[at] = item;
	}
}
