"""Times graphsense-clustering on pairs of address ids (little-endian int32) in a file; prints JSON."""

import array
import json
import sys
import time

from gs_clustering import Clustering

path, addresses = sys.argv[1], int(sys.argv[2])
numbers = array.array("i")
with open(path, "rb") as file:
    numbers.frombytes(file.read())
pairs = [[numbers[i], numbers[i + 1]] for i in range(0, len(numbers), 2)]

begin = time.perf_counter()
clustering = Clustering(max_address_id=addresses - 1)
handed = 0.0
for start in range(0, len(pairs), 100_000):
    clustering.process_transactions(pairs[start : start + 100_000])
middle = time.perf_counter()
mapping = clustering.get_mapping()
end = time.perf_counter()

clusters = mapping.column(1)
# Addresses that no pair names are clusters of their own, as they are for us.
named = set(numbers)
inside = {cluster for address, cluster in zip(mapping.column(0).to_pylist(), clusters.to_pylist()) if address in named}
print(json.dumps({"seconds": end - begin, "own": end - middle, "clusters": len(inside) + addresses - len(named)}))
