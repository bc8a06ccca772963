"""Patterns that fill a whole cover, behind a plate with the words."""

from __future__ import annotations

from .shapes import Pattern, Seed, line, number


def spots(seed: Seed, ink: str, second: str) -> str:
    """Rows of dots over the whole cover, every other row shifted."""
    step = 11 + seed.pick(5)
    rows = ["", ""]
    for row in range(int(240 / step) + 1):
        # The rows run beyond the edge, where the view box cuts them off.
        rows[row % 2] += f"M{number(row % 2 * step / 2)} {number(step / 2 + row * step)}h170"
    # Dashes of length 0 with round ends are dots.
    dash = f' stroke-linecap="round" stroke-dasharray="0 {step}"'
    return line(rows[0], ink, 3 + seed.pick(3), dash) + line(rows[1], second, 3 + seed.pick(3), dash)


def pinstripes(seed: Seed, ink: str, second: str) -> str:
    """Vertical stripes, thick and thin in turn."""
    step = 7 + seed.pick(6)
    thick = "".join(f"M{x} 0v240" for x in range(step, 166, 2 * step))
    thin = "".join(f"M{x} 0v240" for x in range(2 * step, 166, 2 * step))
    return line(thick, ink, 2 + seed.pick(3)) + line(thin, second, 1 + seed.pick(2))


def zigzags(seed: Seed, ink: str, second: str) -> str:
    """Herringbone rows over the whole cover."""
    half, step = 11 + seed.pick(7), 13 + seed.pick(6)
    rows = ["", ""]
    for row in range(int(250 / step) + 1):
        rows[row % 2] += f"M0 {row * step}" + f"l{half}-{half / 2:g} {half} {half / 2:g}" * (
            160 // (2 * half) + 1
        )
    return line(rows[0], ink, 2.5) + line(rows[1], second, 2.5)


def scales(seed: Seed, ink: str, second: str) -> str:
    """Overlapping half circles over the whole cover."""
    radius = 17 + seed.pick(7)
    rows = ["", ""]
    for row in range(240 // radius + 2):
        start = -radius if row % 2 else 0
        rows[row % 2] += f"M{start} {row * radius}" + f"a{radius} {radius} 0 0 0 {2 * radius} 0" * (
            160 // (2 * radius) + 2
        )
    return line(rows[0], ink, 1.8) + line(rows[1], second, 1.8)


def weave(seed: Seed, ink: str, second: str) -> str:
    """Short strokes, horizontal and vertical in turn."""
    step, dash = 12 + seed.pick(5), 7 + seed.pick(3)
    rows = "".join(
        f"M{number(row % 2 * step)} {number(step / 2 + row * step)}h180" for row in range(240 // step + 1)
    )
    columns = "".join(
        f"M{number(step * 1.5 + c * step)} {number((c + 1) % 2 * step)}v260" for c in range(160 // step + 1)
    )
    dashes = f' stroke-dasharray="{dash} {2 * step - dash}"'
    return line(rows, ink, 2.5, dashes) + line(columns, second, 2.5, dashes)


PATTERNS: tuple[Pattern, ...] = (spots, pinstripes, zigzags, scales, weave)
