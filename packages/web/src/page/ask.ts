/// <reference lib="dom" />

/** Asks the server for a view. Throws Error with the server's words. */
export async function ask<T>(path: string, params: Readonly<Record<string, string>>): Promise<T> {
	const response = await fetch(`/api/${path}?${new URLSearchParams(params)}`, { credentials: "same-origin" });
	if (response.ok) return (await response.json()) as T;
	const said = await response.text();
	throw new Error(wordsOf(said));
}

function wordsOf(said: string): string {
	try {
		return (JSON.parse(said) as { error: { message: string } }).error.message;
	} catch {
		return said;
	}
}
