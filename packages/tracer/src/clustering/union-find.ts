const FIRST_CAPACITY = 1_024;

/**
 * Disjoint sets over dense ids 0, 1, 2, … in typed arrays: union by size, path halving (Tarjan, van Leeuwen 1984); near-constant per
 * operation, eight bytes an id. The root of a set is unspecified; use {@link UnionFind.labels} for an answer that does not depend on the
 * order of unions.
 */
export class UnionFind {
	private parent = new Int32Array(FIRST_CAPACITY);
	private sizes = new Int32Array(FIRST_CAPACITY);
	private count = 0;

	/** Number of ids. */
	get length(): number {
		return this.count;
	}

	/** Makes sure that ids below `n` exist, each its own set at first. */
	grow(n: number): void {
		if (n <= this.count) return;
		if (n > this.parent.length) {
			const capacity = Math.max(n, this.parent.length * 2);
			const [parent, sizes] = [new Int32Array(capacity), new Int32Array(capacity)];
			parent.set(this.parent.subarray(0, this.count));
			sizes.set(this.sizes.subarray(0, this.count));
			this.parent = parent;
			this.sizes = sizes;
		}
		for (let id = this.count; id < n; id++) {
			this.parent[id] = id;
			this.sizes[id] = 1;
		}
		this.count = n;
	}

	find(id: number): number {
		const { parent } = this;
		let at = id;
		let up = parent[at] as number;
		while (up !== at) {
			const above = parent[up] as number;
			parent[at] = above;
			at = above;
			up = parent[at] as number;
		}
		return at;
	}

	/** Joins two sets; true when they were apart. */
	union(a: number, b: number): boolean {
		let x = this.find(a);
		let y = this.find(b);
		if (x === y) return false;
		if ((this.sizes[x] as number) < (this.sizes[y] as number)) [x, y] = [y, x];
		this.parent[y] = x;
		this.sizes[x] = (this.sizes[x] as number) + (this.sizes[y] as number);
		return true;
	}

	sizeOf(id: number): number {
		return this.sizes[this.find(id)] as number;
	}

	/** An independent copy. */
	copy(): UnionFind {
		const other = new UnionFind();
		other.parent = this.parent.slice();
		other.sizes = this.sizes.slice();
		other.count = this.count;
		return other;
	}

	/** For every id the lowest id of its set: the same however the sets came about. */
	labels(): Int32Array {
		const lowest = new Int32Array(this.count).fill(-1);
		const labels = new Int32Array(this.count);
		for (let id = 0; id < this.count; id++) {
			const root = this.find(id);
			if (lowest[root] === -1) lowest[root] = id;
			labels[id] = lowest[root] as number;
		}
		return labels;
	}
}
