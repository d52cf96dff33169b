"""The sheet of GB/T 9704-2012 (clause 5): paper, margins, grid, type sizes and typefaces.

Lengths are in twips (1/20 point), as WordprocessingML keeps them, unless the name says otherwise.
"""

from dataclasses import dataclass
from decimal import Decimal

TWIPS_PER_MM = Decimal(1440) / Decimal("25.4")


def twips(mm: Decimal | int | str) -> int:
    """Millimetres in whole twips."""
    return round(Decimal(mm) * TWIPS_PER_MM)


def millimetres(length: int) -> Decimal:
    """Twips in millimetres, to a hundredth."""
    return (Decimal(length) / TWIPS_PER_MM).quantize(Decimal("0.01"))


# A4 with 天头 37 mm, 订口 28 mm and a type area (版心) of 156 × 225 mm.
PAGE_WIDTH, PAGE_HEIGHT = 11906, 16838
TOP, LEFT, RIGHT, BOTTOM = 2098, 1587, 1474, 1984
HEADER = twips(15)
# The dash of the page number stands 7 mm below the type area: its line, 14 pt high, is centred
# on the dash, so that the footer ends 25 mm above the edge of the paper.
FOOTER = twips(25)

# 22 lines of 28 characters fill the type area; charSpace is in 1/4096 point.
LINES, CHARS = 22, 28
PITCH = 579
CHAR_SPACE = -848
TIGHTENING = 5  # twips off a 3号 character, so that 28 stand on a line
CHAR_WIDTH = Decimal(PAGE_WIDTH - LEFT - RIGHT) / CHARS

MARK_DROP = twips(35)  # from the type area's top to the top of the agency's mark
RULE_DROP_PT = 5  # what a border adds below the number's line so that 4 mm stay free
THICK, THIN = 8, 6  # imprint lines of 0.35 and 0.25 mm, in eighths of a point
RED = "FF0000"

SIZE_1_SMALL, SIZE_2, SIZE_3, SIZE_4 = 24, 22, 16, 14  # 小一 二号 三号 四号, in points
MARK_LARGEST = 44


@dataclass(frozen=True)
class Face:
    """A typeface by the name that offices have installed, and what stands in where it is not."""

    name: str
    stand_in: str
    family: str = "roman"


SONG_TITLE = Face("方正小标宋简体", "STZhongsong")
FANGSONG = Face("仿宋_GB2312", "FangSong")
KAI = Face("楷体_GB2312", "KaiTi")
HEI = Face("黑体", "SimHei", "swiss")
SONG = Face("宋体", "SimSun")
LATIN = Face("Times New Roman", "Liberation Serif")
FACES = (SONG_TITLE, FANGSONG, KAI, HEI, SONG, LATIN)


def chars(count: Decimal | int) -> int:
    """The width of so many characters of the grid."""
    return round(CHAR_WIDTH * count)


def mark_size(mark: str) -> int:
    """The point size at which the agency's mark stays within the type area on one line."""
    area = Decimal(PAGE_WIDTH - LEFT - RIGHT) / 20
    return min(MARK_LARGEST, int(area / max(len(mark), 1)))
