"""Abstract ornaments for covers: circles, waves, tiles and the like, in two inks."""

from __future__ import annotations

from math import cos, pi, sin

from .shapes import Box, Ornament, Seed, disc, fill, line, number


def rings(seed: Seed, box: Box, ink: str, second: str) -> str:
    """Concentric circles around a filled centre."""
    x, y = box.middle
    radius = min(box.width, box.height) / 2 - 3
    step = 5.5 + seed.pick(5)
    outer = "".join(disc(x, y, radius - step * row) for row in range(int((radius - 4) / step)))
    return line(outer, ink, 1.2 + seed.pick(3) * 0.5) + fill(disc(x, y, 4 + seed.pick(3)), second)


def arches(seed: Seed, box: Box, ink: str, second: str) -> str:
    """Half circles that stand on the lower edge, one inside the other."""
    x, base = box.x + box.width / 2, box.y + box.height
    largest = min(box.width / 2 - 4, box.height - 4)
    step = 8 + seed.pick(6)
    # Every second arch takes the second ink, so there are two paths.
    parts = ["", ""]
    for row in range(int(largest / step)):
        # The ends of the arc are computed from the rounded radius, so that they fit it.
        r = number(largest - row * step)
        parts[row % 2] += f"M{number(x - float(r))} {number(base)}a{r} {r} 0 0 1 {number(2 * float(r))} 0"
    weight = step * 0.45
    return line(parts[0], ink, weight) + line(parts[1], second, weight)


def waves(seed: Seed, box: Box, ink: str, second: str) -> str:
    """Rows of waves."""
    rise, step, across = 4 + seed.pick(5), 8 + seed.pick(5), 2 + seed.pick(3)
    half = box.width / across / 2
    parts = ["", ""]
    for row in range(int((box.height - 2 * rise) / step) + 1):
        y = box.y + rise + row * step
        parts[row % 2] += (
            # “t” continues a wave by the mirror image of its last bend.
            f"M{number(box.x)} {number(y)}q{number(half / 2)}-{rise} {number(half)} 0"
            + f"t{number(half)} 0" * (2 * across - 1)
        )
    return line(parts[0], ink, 2) + line(parts[1], second, 2)


def dots(seed: Seed, box: Box, ink: str, second: str) -> str:
    """A field of dots that grow towards one side."""
    step = 15 + seed.pick(4)
    columns, rows = int(box.width / step), int(box.height / step)
    left, top = box.x + (box.width - (columns - 1) * step) / 2, box.y + (box.height - (rows - 1) * step) / 2
    # The dots grow downwards, to the right, or towards the lower right corner.
    slope, sizes = seed.pick(3), ["", "", ""]
    for row in range(rows):
        for column in range(columns):
            place = (row / max(rows, 1), column / max(columns, 1), (row + column) / max(rows + columns, 1))[
                slope
            ]
            # A line of length 0 with round ends is a dot.
            sizes[min(int(place * 3), 2)] += f"M{number(left + column * step)} {number(top + row * step)}h0"
    inks = (second, ink, ink)
    return "".join(
        line(path, inks[size], (3.5, 6, 9)[size], ' stroke-linecap="round"')
        for size, path in enumerate(sizes)
    )


def tiles(seed: Seed, box: Box, ink: str, second: str) -> str:
    """Quarter circles, each in one of four directions."""
    columns = 3 + seed.pick(2)
    side = min(box.width / columns, box.height)
    rows = max(1, int(box.height / side))
    left, top = box.x + (box.width - columns * side) / 2, box.y + (box.height - rows * side) / 2
    parts, s = ["", ""], number(side)
    for row in range(rows):
        for column in range(columns):
            x, y, turn = left + column * side, top + row * side, seed.pick(4)
            right, below = number(x + side), number(y + side)
            parts[(row + column + turn) % 2] += (
                f"M{number(x)} {number(y)}h{s}a{s} {s} 0 0 1-{s} {s}z",
                f"M{right} {number(y)}v{s}a{s} {s} 0 0 1-{s}-{s}z",
                f"M{right} {below}h-{s}a{s} {s} 0 0 1 {s}-{s}z",
                f"M{number(x)} {below}v-{s}a{s} {s} 0 0 1 {s} {s}z",
            )[turn]
    return fill(parts[0], ink) + fill(parts[1], second)


def rays(seed: Seed, box: Box, ink: str, second: str) -> str:
    """Lines that spread from one point on the lower edge."""
    x, base = box.x + box.width / 2, box.y + box.height
    count, far = 9 + 2 * seed.pick(4), min(box.height - 4, box.width / 2 - 4)
    # The rays begin a little outside of the core.
    near = far * 0.36
    parts = ["", ""]
    for ray in range(count):
        angle = pi * (ray + 0.5) / count
        parts[ray % 2] += (
            f"M{number(x - near * cos(angle))} {number(base - near * sin(angle))}"
            f"L{number(x - far * cos(angle))} {number(base - far * sin(angle))}"
        )
    core, r = far * 0.26, number(far * 0.26)
    core_path = f"M{number(x - core)} {number(base)}a{r} {r} 0 0 1 {number(2 * core)} 0z"
    return line(parts[0], ink, 3) + line(parts[1], second, 3) + fill(core_path, ink)


def spiral(seed: Seed, box: Box, ink: str, second: str) -> str:
    """One line that winds outwards."""
    x, y = box.middle
    largest = min(box.width, box.height) / 2 - 4
    step = 3.5 + seed.pick(3)
    # Half circles that grow and change sides make the spiral.
    path, radius, side = f"M{number(x)} {number(y)}", step, 1
    while radius + step / 2 <= largest:
        path += f"a{number(radius)} {number(radius)} 0 0 1 {number(side * 2 * radius)} 0"
        radius, side = radius + step, -side
    return line(path, ink, step * 0.5, ' stroke-linecap="round"') + fill(disc(x, y, 4), second)


def lattice(seed: Seed, box: Box, ink: str, second: str) -> str:
    """Diamonds with a smaller diamond inside."""
    columns = 3 + seed.pick(2)
    wide = box.width / columns
    rows = max(1, round(box.height / (wide * 1.3)))
    high = box.height / rows
    outer, inner = "", ""
    for row in range(rows):
        for column in range(columns):
            x, y = box.x + (column + 0.5) * wide, box.y + (row + 0.5) * high
            for share, inside in ((0.45, False), (0.2, True)):
                dx, dy = number(wide * share), number(high * share)
                shape = f"M{number(x)} {number(y - high * share)}l{dx} {dy}-{dx} {dy}-{dx}-{dy}z"
                outer, inner = (outer, inner + shape) if inside else (outer + shape, inner)
    return line(outer, ink) + fill(inner, second)


PLAIN: tuple[Ornament, ...] = (rings, arches, waves, dots, tiles, rays, spiral, lattice)
