"""Metrics of faulty pictures, by brute force: every picture formed, every distance taken, every pair compared. Needs NumPy.

Standard errors are the infinitesimal jackknife within prompts: each metric as a function of the samples' weights, and its slope by each
weight from a difference quotient. That of the median is left out: the median goes in steps.

Writes tests/data/images-metrics.json: python tests/reference/images_metrics.py
"""

import json

import numpy as np
from images import ROOT, world

SIGMA = 0.4
DATA, SHARES, NAMES, MEAN = world()
STYLES = sorted({name[1] for name in NAMES})
BACKGROUNDS = sorted({name[2] for name in NAMES})

# Of each prompt what it names (subject, style, background), and how many samples there are of it.
PROMPTS = [
    ("rocket", ("rocket", None, None), 9),
    ("noto cat on a night background", ("cat", "noto", "night"), 4),
    ("twemoji", (None, "twemoji", None), 6),
    ("astronaut riding", ("astronaut riding", None, None), 5),
    ("", (None, None, None), 4),
]


def asks(what, name):
    subject, style, background = what
    right = subject is None or name[0] == subject or subject.endswith(" riding") and name[0].startswith(subject + " ")
    return right and style in (None, name[1]) and background in (None, name[2])


def samples():
    """Two pictures of the world blended, made more colourful around the mean colour, with grain."""
    made = []
    k = 0
    for text, what, count in PROMPTS:
        allowed = [i for i, name in enumerate(NAMES) if asks(what, name)]
        for n in range(count):
            # Of every three samples one is of the prompt's first picture, and of every seven one of any picture.
            first = allowed[0 if n % 3 == 0 else (97 * n * n + 13 * n) % len(allowed)]
            if k % 7 == 3:
                first = (1009 * k + 5) % len(NAMES)
            second = (613 * k + 100) % len(NAMES)
            blend, factor, grain = 0.06 * (k % 5), 1 + 0.05 * (k % 4), 0.04 * (k % 6)
            made.append((text, what, first, second, blend, factor, grain))
            k += 1
    return made


def picture(first, second, blend, factor, grain):
    i = np.arange(3072)
    x = factor * ((1 - blend) * DATA[first] + blend * DATA[second]) + grain * np.sin(0.37 * i + 0.0011 * i * i)
    return x.astype(np.float32).astype(np.float64)


def shown(x):
    return x.reshape(32, 32, 3) * 0.5 + MEAN


def chroma(image):
    boxes = np.clip(image, 0, 1).reshape(8, 4, 8, 4, 3).mean((1, 3))
    return (boxes.max(-1) - boxes.min(-1)).mean()


def variation(image):
    image = np.clip(image, 0, 1)
    steps = np.abs(np.diff(image, axis=0)).sum() + np.abs(np.diff(image, axis=1)).sum()
    return steps / (3 * 2 * 32 * 31)


def read(x, what):
    squares = ((x - DATA) ** 2).sum(1)
    nearest = squares.argmin()
    image = shown(x)
    allowed = np.array([asks(what, name) for name in NAMES])
    p = SHARES[allowed] / SHARES[allowed].sum()
    logs = np.log(p) - squares[allowed] / (2 * SIGMA**2) - 1536 * np.log(2 * np.pi * SIGMA**2)
    # Of a picture in its own place: all others of the prompt are added.
    pictures = DATA[allowed]
    among = (pictures**2).sum(1)[:, None] + (pictures**2).sum(1) - 2 * pictures @ pictures.T
    perfect = np.log(np.exp(np.log(p) - np.maximum(among, 0) / (2 * SIGMA**2)).sum(1)) - 1536 * np.log(2 * np.pi * SIGMA**2)
    return {
        "nearest": int(nearest),
        "distance": np.sqrt(squares[nearest] / 3072) / 2,
        "chromaExcess": chroma(image) - chroma(shown(DATA[nearest])),
        "totalVariationExcess": variation(image) - variation(shown(DATA[nearest])),
        "outside": ((image < -0.02) | (image > 1.02)).mean(),
        "logDensity": logs.max() + np.log(np.exp(logs - logs.max()).sum()),
        "gap": logs.max() + np.log(np.exp(logs - logs.max()).sum()) - p @ perfect,
    }


def entropy(shares):
    shares = shares[shares > 0]
    return -(shares * np.log(shares)).sum()


class Set:
    """Samples with weights, which are scaled to a sum of one for each prompt's samples."""

    def __init__(self, made):
        self.what = [what for _, what, *_ in made]
        self.prompt = np.array([[text for text, *_ in PROMPTS].index(text) for text, *_ in made])
        self.readings = [read(picture(*rest), what) for _, what, *rest in made]
        self.names = [NAMES[r["nearest"]] for r in self.readings]

    def groups(self, open_part=None):
        for g in range(len(PROMPTS)):
            members = np.flatnonzero(self.prompt == g)
            if open_part is None or PROMPTS[g][1][open_part] is None:
                yield PROMPTS[g][1], members

    def mean(self, weights, value, part=None):
        total, count = 0, 0
        for what, members in self.groups():
            if part is not None and what[part] is None:
                continue
            w = weights[members] / weights[members].sum()
            total += len(members) * (w @ [value(i) for i in members])
            count += len(members)
        return total / count

    def right(self, part):
        only = lambda what: tuple(w if i == part else None for i, w in enumerate(what))
        return lambda weights: self.mean(weights, lambda i: float(asks(only(self.what[i]), self.names[i])), part)

    def effective(self, part, values):
        def of(weights):
            total, count = 0, 0
            for _, members in self.groups(part):
                shares = np.array([weights[[i for i in members if self.names[i][part] == v]].sum() for v in values])
                total += len(members) * entropy(shares / shares.sum())
                count += len(members)
            return np.exp(total / count)

        return of

    def true_effective(self, part, values):
        total, count = 0, 0
        for what, members in self.groups(part):
            shares = np.array([sum(p for p, name in zip(SHARES, NAMES) if asks(what, name) and name[part] == v) for v in values])
            total += len(members) * entropy(shares / shares.sum())
            count += len(members)
        return np.exp(total / count)

    def same(self, weights):
        total, count = 0, 0
        for _, members in self.groups():
            n = len(members)
            same, pairs = 0, 0
            for i in members:
                for j in members:
                    if i != j:
                        pairs += weights[i] * weights[j]
                        same += weights[i] * weights[j] * (self.readings[i]["nearest"] == self.readings[j]["nearest"])
            total += n * (n - 1) * same / pairs
            count += n * (n - 1)
        return total / count

    def true_same(self):
        total, count = 0, 0
        for what, members in self.groups():
            p = np.array([p for p, name in zip(SHARES, NAMES) if asks(what, name)])
            pairs = len(members) * (len(members) - 1)
            total += pairs * ((p / p.sum()) ** 2).sum()
            count += pairs
        return total / count

    def error(self, metric):
        n = len(self.readings)
        step = 1e-5
        slopes = np.zeros(n)
        for i in range(n):
            up, down = np.ones(n), np.ones(n)
            up[i] += step
            down[i] -= step
            slopes[i] = (metric(up) - metric(down)) / (2 * step)
        variance = 0
        for _, members in self.groups():
            inner = slopes[members] - slopes[members].mean()
            variance += len(members) / (len(members) - 1) * inner @ inner
        return np.sqrt(variance)


def judge(made):
    s = Set(made)
    each = lambda key: lambda weights: s.mean(weights, lambda i: s.readings[i][key])
    rows = {
        "subjectRight": (s.right(0), 1),
        "styleRight": (s.right(1), 1),
        "backgroundRight": (s.right(2), 1),
        "effectiveStyles": (s.effective(1, STYLES), s.true_effective(1, STYLES)),
        "effectiveBackgrounds": (s.effective(2, BACKGROUNDS), s.true_effective(2, BACKGROUNDS)),
        "samePicture": (s.same, s.true_same()),
        "chromaExcess": (each("chromaExcess"), 0),
        "totalVariationExcess": (each("totalVariationExcess"), 0),
        "outside": (each("outside"), 0),
        "logDensityGap": (each("gap"), 0),
    }
    ones = np.ones(len(made))
    metrics = {id: {"value": f(ones), "standardError": s.error(f), "truth": truth} for id, (f, truth) in rows.items()}
    median = np.median([r["distance"] for r in s.readings])
    metrics["distance"] = {"value": median, "standardError": None, "truth": 0}
    return s, rows, metrics


def main():
    made = samples()
    s, rows, metrics = judge(made)
    # Others of the same prompts: the pictures one on, with less of every fault.
    others = [(t, w, (f + 6) % len(NAMES) if i % 2 else f, se, b / 2, 1 + (fa - 1) / 2, g / 2) for i, (t, w, f, se, b, fa, g) in enumerate(made)]
    other, other_rows, _ = judge(others)
    paired = {}
    for id, (metric, _) in rows.items():
        both = lambda weights: metric(weights) - other_rows[id][0](weights)
        paired[id] = {"value": both(np.ones(len(made))), "standardError": s.error(both)}
    described = lambda list, of: [
        {"prompt": t, "first": f, "second": se, "blend": b, "factor": fa, "grain": g, "reading": r}
        for (t, _, f, se, b, fa, g), r in zip(list, of.readings)
    ]
    # Least distance of any two pictures.
    narrow = DATA.astype(np.float32)
    squares = (narrow**2).sum(1)
    least = np.inf
    for at in range(0, len(narrow), 500):
        among = squares[at : at + 500, None] + squares - 2 * narrow[at : at + 500] @ narrow.T
        among[np.arange(len(among)), np.arange(at, at + len(among))] = np.inf
        least = min(least, among.min())
    total = {
        "samples": described(made, s), "metrics": metrics, "others": described(others, other), "difference": paired,
        "leastDistance": float(np.sqrt(least)),
    }
    (ROOT / "tests/data/images-metrics.json").write_text(json.dumps(total, indent=1) + "\n")


if __name__ == "__main__":
    main()
