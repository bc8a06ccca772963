"""Small pictures for covers: a shelf, a sunset, hills, a branch, the moon, a house front, stairs, sails."""

from __future__ import annotations

from .shapes import Box, Ornament, Seed, disc, fill, line, number, path


def spines(seed: Seed, box: Box, ink: str, second: str) -> str:
    """A row of books on a shelf."""
    parts, x, base = ["", ""], box.x + 8, box.y + box.height - 6
    row = 0
    while (wide := 7 + seed.pick(9)) and x + wide <= box.x + box.width - 6:
        tall = box.height * (0.5 + seed.pick(9) / 20)
        parts[row % 2] += f"M{number(x)} {number(base)}v-{number(tall)}h{wide}v{number(tall)}z"
        x, row = x + wide + 2.5, row + 1
    shelf = line(f"M{number(box.x + 4)} {number(base + 1.5)}H{number(box.x + box.width - 4)}", ink, 2)
    return fill(parts[0], ink) + fill(parts[1], second) + shelf


def horizon(seed: Seed, box: Box, ink: str, second: str) -> str:
    """A sun over water."""
    x = box.x + box.width * (0.36 + seed.pick(4) * 0.1)
    sea = box.y + box.height * (0.55 + seed.pick(3) * 0.06)
    radius = min(sea - box.y - 6, box.width * 0.3)
    r = number(radius)
    sun = f"M{number(x - radius)} {number(sea)}a{r} {r} 0 0 1 {number(2 * radius)} 0z"
    water = ""
    for row in range(1, int((box.y + box.height - sea - 2) / 6)):
        half = max(radius * 1.3 - row * (2 + seed.pick(5)), 5)
        # The reflections must not leave the box either.
        left, right = max(x - half, box.x + 2), min(x + half, box.x + box.width - 2)
        water += path("M", left, sea + row * 6, "H", right)
    shore = f"M{number(box.x)} {number(sea + 1)}H{number(box.x + box.width)}"
    return fill(sun, ink) + line(shore, second, 1.5) + line(water, second, 2)


def hills(seed: Seed, box: Box, ink: str, second: str) -> str:
    """Three ranges of hills and a moon."""
    left, right, base = box.x, box.x + box.width, box.y + box.height
    ranges = ""
    for row in range(3):
        y = box.y + box.height * (0.42 + row * 0.18)
        bend = box.height * 0.12 * (1 if seed.pick(2) else -1)
        quarter = box.width / 4
        slope = path(
            "M", left, y, "q", quarter, -bend, 2 * quarter, 0, "t", 2 * quarter, 0, "V", base, "H", left, "z"
        )
        ranges += (
            f'<path d="{slope}" fill="{second if row == 0 else ink}" fill-opacity="{(0.8, 0.55, 1)[row]}"/>'
        )
    radius = min(box.height * 0.12, 13)
    x = box.x + box.width * (0.25 + seed.pick(6) * 0.1)
    # The moon stays inside of the box.
    return fill(disc(min(x, right - radius), box.y + radius + 4, radius), ink) + ranges


def branch(seed: Seed, box: Box, ink: str, second: str) -> str:
    """A stem with pairs of leaves."""
    x, top, base = box.x + box.width / 2, box.y + 8, box.y + box.height - 4
    pairs = max(2, int((base - top) / (17 + seed.pick(5))))
    reach = min(box.width * 0.3, 30 + seed.pick(10))
    step = (base - top) / (pairs + 0.6)
    leaves = ["", ""]
    for row in range(pairs):
        # Leaves get smaller towards the tip.
        y, wide, high = base - step * (row + 0.5), reach * (1 - row * 0.09), step * 0.8
        for side in (1, -1):
            leaves[row % 2] += (
                path("M", x, y, "q", side * wide * 0.2, -high, side * wide, -high)
                + f"q{number(-side * wide * 0.2)} {number(high)} {number(-side * wide)} {number(high)}z"
            )
    tip = path(
        "M", x, top + step * 0.5, "q", -6, -step * 0.4, 0, -step * 0.8, "q", 6, step * 0.4, 0, step * 0.8, "z"
    )
    return (
        line(f"M{number(x)} {number(base)}V{number(top + step * 0.4)}", ink)
        + fill(leaves[0] + tip, ink)
        + fill(leaves[1], second)
    )


def phases(seed: Seed, box: Box, ink: str, second: str) -> str:
    """The phases of the moon, in one row or two."""
    rows = 2 if box.height > 70 else 1
    columns = 4 + seed.pick(2)
    cell = min(box.width / columns, box.height / rows)
    radius = cell * 0.36
    whole, lit = "", ""
    for place in range(rows * columns):
        row, column = divmod(place, columns)
        x = box.x + box.width / 2 + (column - (columns - 1) / 2) * cell
        y = box.y + box.height / 2 + (row - (rows - 1) / 2) * cell
        whole += disc(x, y, radius)
        # The edge of the light is half an ellipse whose width shrinks, and then grows on the other side.
        bulge = radius * (1 - 2 * place / max(rows * columns - 1, 1))
        sweep = 1 if bulge > 0 else 0
        lit += path("M", x, y - radius, "a", radius, radius, "0 0 1 0", 2 * radius)
        lit += path("a", abs(bulge), radius, "0 0", sweep, 0, -2 * radius, "z")
    return fill(whole, second) + fill(lit, ink)


def windows(seed: Seed, box: Box, ink: str, second: str) -> str:
    """A house front at night, some windows lit."""
    columns = 4 + seed.pick(3)
    wide = box.width / columns
    high = wide * 1.25
    rows = max(1, int(box.height / high))
    top, parts = box.y + (box.height - rows * high) / 2, ["", ""]
    for row in range(rows):
        for column in range(columns):
            x, y = box.x + column * wide + wide * 0.2, top + row * high + high * 0.16
            # One window in three takes the first ink.
            parts[min(seed.pick(3), 1)] += (
                f"M{number(x)} {number(y)}h{number(wide * 0.6)}v{number(high * 0.68)}h-{number(wide * 0.6)}z"
            )
    return fill(parts[0], ink) + fill(parts[1], second)


def steps(seed: Seed, box: Box, ink: str, second: str) -> str:
    """A staircase that rises to the left or to the right."""
    count, base = 5 + seed.pick(3), box.y + box.height
    wide, high = box.width / count, box.height / (count + 1)
    rising, parts = seed.pick(2), ["", ""]
    for step in range(count):
        tall = high * ((step if rising else count - 1 - step) + 1)
        parts[step % 2] += (
            f"M{number(box.x + step * wide)} {number(base)}v-{number(tall)}h{number(wide)}V{number(base)}z"
        )
    return fill(parts[0], ink) + fill(parts[1], second)


def sails(seed: Seed, box: Box, ink: str, second: str) -> str:
    """Tall triangles, each behind the next."""
    count, base = 3 + seed.pick(3), box.y + box.height
    wide = box.width / (count + 1)
    parts = ["", ""]
    for sail in range(count):
        tall = box.height * (0.45 + seed.pick(6) * 0.1)
        x = box.x + sail * wide
        parts[sail % 2] += (
            f"M{number(x)} {number(base)}l{number(wide)}-{number(tall)} {number(wide)} {number(tall)}z"
        )
    # The upper sails are slightly transparent, so that those behind show through.
    return fill(parts[0], second) + f'<path d="{parts[1]}" fill="{ink}" fill-opacity=".85"/>'


PICTURES: tuple[Ornament, ...] = (spines, horizon, hills, branch, phases, windows, steps, sails)
