"""Trains the learned score on a CSV of made-up worlds, audits it for leaks, and prints model and audit as JSON.

Rows: world,split,label,kind,first,features... (see scripts/learn/features.ts). Needs scikit-learn 1.9 and numpy.
"""

import csv
import json
import sys

import numpy as np
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

SEED = 7
NEGATIVES = 5

with open(sys.argv[1], newline="") as file:
    rows = list(csv.DictReader(file))
names = [name for name in rows[0] if name not in ("world", "split", "label", "kind", "first")]


def matched(some):
    """Time-matched: for each positive the negatives of its world that were first seen nearest to it, none twice."""
    chosen = []
    for world in sorted({r["world"] for r in some}):
        own = [r for r in some if r["world"] == world]
        free = sorted((r for r in own if r["label"] == "0"), key=lambda r: int(r["first"]))
        positives = [r for r in own if r["label"] == "1"]
        for positive in positives:
            free.sort(key=lambda r: abs(int(r["first"]) - int(positive["first"])))
            chosen += free[:NEGATIVES]
            free = free[NEGATIVES:]
        chosen += positives
    return chosen


def vectors(some, columns=None):
    columns = names if columns is None else columns
    return np.array([[float(r[c]) for c in columns] for r in some], dtype=np.float32), np.array([int(r["label"]) for r in some])


def unique(some):
    seen, kept = set(), []
    for r in some:
        key = tuple(r[c] for c in names)
        if key not in seen:
            seen.add(key)
            kept.append(r)
    return kept


def fit(x, y):
    model = GradientBoostingClassifier(n_estimators=60, max_depth=3, learning_rate=0.1, subsample=0.8, min_samples_leaf=10, random_state=SEED)
    return model.fit(x, y)


train_all = unique(matched([r for r in rows if r["split"] == "train"]))
seen = {tuple(r[c] for c in names) for r in train_all}
test_all = matched([r for r in rows if r["split"] == "test"])
duplicates = [r for r in test_all if tuple(r[c] for c in names) in seen]
test = [r for r in test_all if tuple(r[c] for c in names) not in seen]
x, y = vectors(train_all)
model = fit(x, y)
tx, ty = vectors(test)
p = model.predict_proba(tx)[:, 1]


def auc_of(columns):
    a, b = vectors(train_all, columns)
    c, d = vectors(test, columns)
    return round(float(roc_auc_score(d, fit(a, b).predict_proba(c)[:, 1])), 3)


rng = np.random.default_rng(SEED)
order = np.argsort(-model.feature_importances_)
dated = [dict(r, first=float(r["first"])) for r in train_all], [dict(r, first=float(r["first"])) for r in test]
a, b = vectors(dated[0], ["first"])
c, d = vectors(dated[1], ["first"])
zero = [(np.array([[float(float(r[n]) == 0) for n in names] for r in part])) for part in (train_all, test)]
audit = {
    "train": {"rows": len(train_all), "positives": int(y.sum())},
    "test": {"rows": len(test), "positives": int(ty.sum()), "duplicatesOfTrainingLeftOut": len(duplicates)},
    "auc": round(float(roc_auc_score(ty, p)), 3),
    "averagePrecision": round(float(average_precision_score(ty, p)), 3),
    "brier": round(float(brier_score_loss(ty, p)), 3),
    "aucFirstSeenAlone": round(float(roc_auc_score(d, fit(a, b).predict_proba(c)[:, 1])), 3),
    "aucWhichFeaturesAreZero": round(float(roc_auc_score(ty, fit(zero[0], y).predict_proba(zero[1])[:, 1])), 3),
    "aucShuffledLabels": round(float(roc_auc_score(ty, fit(x, rng.permutation(y)).predict_proba(tx)[:, 1])), 3),
    "aucWithoutBestThree": auc_of([names[i] for i in order[3:]]),
    "importance": {names[i]: round(float(model.feature_importances_[i]), 3) for i in order},
    "calibration": [
        {"from": low / 10, "rows": int(m.sum()), "positives": int(ty[m].sum()), "mean": round(float(p[m].mean()), 3)}
        for low in range(0, 10, 2)
        for m in [(p >= low / 10) & (p < low / 10 + 0.2 + (low == 8))]
        if m.any()
    ],
    "atHalf": {},
    "recallByKind": {},
}
flagged = p >= 0.5
audit["atHalf"] = {
    "precision": round(float(ty[flagged].mean()), 3) if flagged.any() else None,
    "recall": round(float(flagged[ty == 1].mean()), 3),
}
for kind in sorted({r["kind"] for r in test}):
    m = np.array([r["kind"] == kind for r in test])
    audit["recallByKind"][kind] = {"rows": int(m.sum()), "flagged": int(flagged[m].sum())}
held = [r for r in rows if r["split"] == "held-out"]
if held:
    hx, _ = vectors(held)
    hp = model.predict_proba(hx)[:, 1]
    audit["heldOut"] = {"rows": len(held), "flagged": int((hp >= 0.5).sum()), "median": round(float(np.median(hp)), 3)}


def tree(estimator):
    t = estimator.tree_
    rate = model.learning_rate
    return {
        "feature": [int(f) if f >= 0 else -1 for f in t.feature],
        "threshold": [float(v) for v in t.threshold],
        "left": [int(v) for v in t.children_left],
        "right": [int(v) for v in t.children_right],
        "value": [float(v[0][0]) * rate for v in t.value],
    }


prior = float(np.log(y.mean() / (1 - y.mean())))
out = {"schema": "clew.trees/1", "version": 1, "features": names, "base": prior, "trees": [tree(e[0]) for e in model.estimators_]}
check = [{"vector": [float(v) for v in tx[i]], "probability": float(p[i])} for i in range(0, len(tx), max(1, len(tx) // 20))]
json.dump({"model": out, "audit": audit, "check": check}, sys.stdout)
