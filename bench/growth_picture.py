"""Growth as a picture: panels over the number of clauses, each line beside the straight one of its first point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

WIDTH, HEIGHT, LEFT, TOP = 300, 190, 56, 40  # of one panel's plot, and the room before it
STEP_X, STEP_Y = WIDTH + LEFT + 44, HEIGHT + TOP + 54
COLOURS = ("#0b6e4f", "#c2410c", "#1d4ed8", "#7c3aed")
Line = Mapping[int, float]  # clauses → value


def picture(panels: Sequence[tuple[str, str, Mapping[str, Line]]]) -> str:
    """Return an SVG of panels (title, unit, name → line), two beside each other; dotted: growth in proportion."""
    rows = -(-len(panels) // 2)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * STEP_X} {rows * STEP_Y}" '
        'font-family="system-ui, sans-serif" font-size="12">',
        f'<rect width="{2 * STEP_X}" height="{rows * STEP_Y}" fill="#ffffff"/>',
    ]
    for number, (title, unit, lines) in enumerate(panels):
        x, y = (number % 2) * STEP_X + LEFT, (number // 2) * STEP_Y + TOP
        parts += [f'<g transform="translate({x} {y})">', *_panel(title, unit, lines), "</g>"]
    return "\n".join([*parts, "</svg>", ""])


def _panel(title: str, unit: str, lines: Mapping[str, Line]) -> list[str]:
    most_x = max(max(line) for line in lines.values())
    most_y = max(max(line.values()) for line in lines.values()) * 1.08

    def at(clauses: float, value: float) -> str:
        return f"{clauses / most_x * WIDTH:.1f},{HEIGHT - min(value / most_y, 1) * HEIGHT:.1f}"

    parts = [f'<text x="0" y="-14" font-weight="600">{escape(title)} ({escape(unit)})</text>',
             f'<path d="M0,0 V{HEIGHT} H{WIDTH}" fill="none" stroke="#64748b"/>']
    for share in (0.5, 1.0):
        value = most_y / 1.08 * share
        height = at(0, value).split(",")[1]
        parts.append(f'<text x="-6" y="{height}" text-anchor="end" fill="#475569">{_short(value)}</text>')
    for clauses in next(iter(lines.values())):
        place = clauses / most_x * WIDTH
        parts.append(f'<text x="{place:.1f}" y="{HEIGHT + 16}" text-anchor="middle" fill="#475569">'
                     f"{_short(clauses)}</text>")
    for number, (name, line) in enumerate(lines.items()):
        colour = COLOURS[number % len(COLOURS)]
        first_x, first_y = next(iter(line.items()))
        slope = first_y / first_x
        end = min(most_x, most_y / slope)
        parts.append(f'<path d="M{at(0, 0)} L{at(end, slope * end)}" stroke="{colour}" stroke-dasharray="2 4" '
                     'fill="none" opacity=".5"/>')
        points = " ".join(at(clauses, value) for clauses, value in line.items())
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{place.split(",")[0]}" cy="{place.split(",")[1]}" r="3" fill="{colour}"/>'
                  for place in points.split()]
        parts.append(f'<text x="{number * 84}" y="{HEIGHT + 34}" fill="{colour}">{escape(name)}</text>')
    return parts


def _short(value: float) -> str:
    for size, sign in ((1_000_000, "M"), (1_000, "k")):
        if value >= size:
            return f"{value / size:.3g}{sign}"
    return f"{value:.3g}"
