"""A clock in digits large enough to read from across a room.

Each digit is drawn on a grid of square pixels. A terminal's character is about twice as high as it is wide, so a pixel
of size ``n`` is ``n`` columns wide and ``n`` half rows high; half blocks draw the halves.
"""

from __future__ import annotations

_FONT = {
    "0": (" ### ", "#   #", "#   #", "#   #", "#   #", "#   #", " ### "),
    "1": ("  #  ", " ##  ", "  #  ", "  #  ", "  #  ", "  #  ", " ### "),
    "2": (" ### ", "#   #", "    #", "  ## ", " #   ", "#    ", "#####"),
    "3": (" ### ", "#   #", "    #", "  ## ", "    #", "#   #", " ### "),
    "4": ("   # ", "  ## ", " # # ", "#  # ", "#####", "   # ", "   # "),
    "5": ("#####", "#    ", "#### ", "    #", "    #", "#   #", " ### "),
    "6": (" ### ", "#    ", "#    ", "#### ", "#   #", "#   #", " ### "),
    "7": ("#####", "    #", "   # ", "   # ", "  #  ", "  #  ", "  #  "),
    "8": (" ### ", "#   #", "#   #", " ### ", "#   #", "#   #", " ### "),
    "9": (" ### ", "#   #", "#   #", " ####", "    #", "    #", " ### "),
    ":": (" ", "#", "#", " ", "#", "#", " "),
}
_HEIGHT = 7
_GAP = 1
_BLOCKS = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


def size(clock: str, pixel: int) -> tuple[int, int]:
    """Columns and rows that a clock takes with pixels of ``pixel`` columns."""
    columns = sum(len(_FONT[char][0]) for char in clock) + _GAP * (len(clock) - 1)
    return columns * pixel, (_HEIGHT * pixel + 1) // 2


def largest_pixel(clock: str, columns: int, rows: int) -> int:
    """The largest pixel with which a clock fits; 0 where none does."""
    pixel = 0
    while True:
        wide, high = size(clock, pixel + 1)
        if wide > columns or high > rows:
            return pixel
        pixel += 1


def draw(clock: str, pixel: int) -> list[str]:
    """The rows of a clock of digits and colons, all equally long."""
    gap = " " * _GAP
    grid = [gap.join(_FONT[char][row] for char in clock) for row in range(_HEIGHT)]
    tall = [line for line in grid for _ in range(pixel)]
    if len(tall) % 2:
        tall.append(" " * len(tall[0]))
    return [
        "".join(_BLOCKS[up != " ", down != " "] * pixel for up, down in zip(upper, lower, strict=True))
        for upper, lower in zip(tall[::2], tall[1::2], strict=True)
    ]
