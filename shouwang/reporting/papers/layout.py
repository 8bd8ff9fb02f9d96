"""The measures of an official document (GB/T 9704-2012) that Word and PDF share. Millimetres and points."""

PAGE_WIDTH, PAGE_HEIGHT = 210.0, 297.0
TOP, LEFT, WIDTH, HEIGHT = 37.0, 28.0, 156.0, 225.0  # margins and type area
RIGHT, BOTTOM = PAGE_WIDTH - LEFT - WIDTH, PAGE_HEIGHT - TOP - HEIGHT

BODY, LINE = 16.0, 28.95  # 3号; 22 lines fill the type area
TRACKING = -0.2  # 28 letters fill a line
TITLE, TITLE_LINE = 22.0, 34.0  # 2号
TABLE, TABLE_LINE = 12.0, 17.0  # 小4号
MOST_COLUMNS_IN_FULL_SIZE = 6
SMALL = 10.5  # 5号
PAGE_NUMBER = 14.0  # 4号
PAGE_NUMBER_BELOW = 7.0  # millimetres below the type area
HEAD, HEAD_BELOW = 40.0, 35.0  # the red head: points, and millimetres below the upper edge of the type area
NARROW_TOP, NARROW_SIDE = 25.0, 22.0  # margins of forms, which are no official documents
WIDE_MARGIN = 25.0  # all around a page on its side

# What the fonts are called on the computers of offices.
FANGSONG, XIAOBIAOSONG, HEITI, KAITI, SONGTI = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"
RED = "D7000F"


def width(*, is_form: bool, is_wide: bool) -> float:
    """Millimetres between the margins of a page, upright or on its side."""
    if is_wide:
        return PAGE_HEIGHT - 2 * WIDE_MARGIN
    return PAGE_WIDTH - 2 * NARROW_SIDE if is_form else WIDTH


def margins(*, is_form: bool, is_wide: bool) -> tuple[float, float, float, float]:
    """Top, right, bottom, left in millimetres."""
    if is_wide:
        return WIDE_MARGIN, WIDE_MARGIN, WIDE_MARGIN, WIDE_MARGIN
    return (NARROW_TOP, NARROW_SIDE, NARROW_TOP, NARROW_SIDE) if is_form else (TOP, RIGHT, BOTTOM, LEFT)
