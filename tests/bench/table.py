"""The table: a line a figure, or a line a peer beside one."""


class Line:
    """One measurement. `held` is None where nothing was asked for."""

    def __init__(self, figure, what, ours, *, floor="", ratio=None, target="", held=None, noise=None):
        self.figure, self.what, self.ours = figure, what, ours
        self.floor, self.ratio, self.target = floor, ratio, target
        self.held, self.noise = held, noise

    def cells(self):
        return [str(self.figure), self.what, self.floor, self.ours,
                "" if self.ratio is None else f"{self.ratio:.2f}",
                "" if self.noise is None else f"±{self.noise:.0%}",
                self.target, {None: "", True: "held", False: "NOT"}[self.held]]


HEAD = ["#", "what", "floor, in the same run", "ours", "ratio", "noise", "target", "held"]


def against(figure, what, rounds, ours, floor, target, unit=1000, word="ms", named="", held=None):
    """The line of a ratio with a bound."""
    ratio = rounds.ratio(ours, floor)
    return Line(figure, what, f"{rounds.of(ours) * unit:.3g} {word}",
                floor=f"{rounds.of(floor) * unit:.3g} {word}{' ' + named if named else ''}", ratio=ratio,
                noise=rounds.noise(ours, floor), target=f"≤ {target:g}",
                held=ratio <= target if held is None else held)


def as_markdown(lines):
    rows = [HEAD] + [line.cells() for line in lines]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEAD))]
    text = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths)) for row in rows]
    text.insert(1, " | ".join("-" * width for width in widths))
    return "\n".join(f"| {row} |" for row in text)
