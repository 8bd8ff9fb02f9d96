"""Turns the text of cells into typed values in DuckDB: a strict reading for clean cells, a forgiving one for the others.

Each kind of column has two expressions. The strict one takes only what is written as it should be and gives NULL for the
rest; it runs on every row. The forgiving one knows what people and spreadsheets do to a cell (interfaces.md, "Files in")
and runs only on rows with a cell that the strict one did not take; with it goes an expression for the defect, a short code
whose sentence is in ``reasons``. The macros here are the forgiving half; identity numbers are in ``identity_cells``.
"""

from __future__ import annotations

import datetime as dt

import duckdb

from . import identity_cells
from .contract import Column, Kind
from .sql import FULL_WIDTH, HALF_WIDTH, listed, quoted

# Full-width forms and the Chinese marks that stand for one sign each.
_WIDE = FULL_WIDTH + "。—–−‐‑・•‧"
_NARROW = HALF_WIDTH + ".-----···"
_BLANKS = r"[\s\p{Z}\x{200B}-\x{200D}\x{FEFF}\x{00AD}]"
_NOTHING = ("-", "--", "---", "----", "/", "//", "\\", "无", "NULL", "null", "None", "N/A", "n/a", "nan", "NaN", "空")
_FORMULA_ERRORS = r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!)"
_YES = ("是", "有", "Y", "YES", "1", "TRUE", "T", "√", "✓", "对", "已")
_NO = ("否", "无", "N", "NO", "0", "FALSE", "F", "×", "✗", "X", "不", "未", "没有", "不是")
EARLIEST_YEAR, LATEST_YEAR = 1890, 2100
IDENTITY_KINDS = (Kind.IDENTITY, Kind.CERTIFICATE)
_NAME_DOTS = "•・‧∙⋅．｡."


def narrowed(text: str) -> str:
    """What the macro ``cell_narrow`` makes of a text, for spellings that are compared with it."""
    return "".join(text.translate(str.maketrans(_WIDE, _NARROW)).split())


_MACROS = {
    # w: a cell without blanks at its ends; t: without what spreadsheets wrap around it; n: in narrow letters and without any
    # blank; b: a number without currency and unit; a: without its sign. NULL when nothing is left.
    "cell_trimmed(x)": f"regexp_replace(x, '^{_BLANKS}+|{_BLANKS}+$', '', 'g')",
    "cell_unwrapped(w)": """nullif(cell_trimmed(CASE
        WHEN regexp_full_match(w, '="[^"]*"') THEN w[3:-2]
        ELSE regexp_replace(w, '^[\'\'‘’`＇]+', '') END), '')""",
    # DuckDB builds the table of translate anew for every cell: only where there is something to translate.
    "cell_wide_to_narrow(t)": f"CASE WHEN regexp_matches(t, {quoted(f'[{_WIDE[0]}-{_WIDE[93]}{_WIDE[94:]}]')}) "
    f"THEN translate(t, {quoted(_WIDE)}, {quoted(_NARROW)}) ELSE t END",
    "cell_narrow(t)": f"nullif(regexp_replace(cell_wide_to_narrow(t), '{_BLANKS}+', '', 'g'), '')",
    "cell_says_nothing(n)": f"coalesce(list_contains([{listed(_NOTHING)}], n), true)",
    "cell_is_damaged(n)": r"coalesce(regexp_full_match(upper(n), '[+-]?\d(\.\d+)?E\+?\d+'), false)",
    "cell_is_formula_error(n)": f"coalesce(regexp_full_match(upper(n), '{_FORMULA_ERRORS}'), false)",
    "cell_name(t)": f"nullif(regexp_replace(regexp_replace(t, '[{_NAME_DOTS}]', '·', 'g'), '{_BLANKS}+', '', 'g'), '')",
    "cell_key(n)": r"CASE WHEN NOT cell_says_nothing(n) THEN regexp_replace(n, '^(\d+)\.0+$', '\1') END",
    "cell_valid_day(d)": f"CASE WHEN d BETWEEN DATE '{EARLIEST_YEAR}-01-01' AND DATE '{LATEST_YEAR}-12-31' THEN d END",
    # A serial number of Excel: 7306 is 1920-01-01, 73050 the end of 2099; below it could be a year.
    "cell_day(t)": r"""cell_valid_day(CASE
        WHEN regexp_full_match(t, '\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?((\s+|T)\d{1,2}[:时].*)?')
          THEN try_cast(regexp_replace(t, '^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2}).*$', '\1-\2-\3') AS DATE)
        WHEN regexp_full_match(t, '\d{8}|\d{14}')
          THEN try_cast(regexp_replace(left(t, 8), '(\d{4})(\d\d)(\d\d)', '\1-\2-\3') AS DATE)
        WHEN regexp_full_match(t, '\d{4,5}(\.\d+)?') AND trunc(try_cast(t AS DOUBLE)) BETWEEN 7306 AND 73050
          THEN DATE '1899-12-30' + trunc(try_cast(t AS DOUBLE))::INTEGER
        END)""",
    "cell_valid_month(y, m)": f"""CASE WHEN try_cast(y AS INTEGER) BETWEEN {EARLIEST_YEAR} AND {LATEST_YEAR}
        AND try_cast(m AS INTEGER) BETWEEN 1 AND 12 THEN y || '-' || lpad(m, 2, '0') END""",
    # 2022.1 may once have been 2022.10: it is not taken.
    "cell_month(n, t)": r"""CASE
        WHEN regexp_full_match(n, '\d{6}') THEN cell_valid_month(left(n, 4), right(n, 2))
        WHEN regexp_full_match(n, '\d{4}\.1') THEN NULL
        WHEN regexp_full_match(n, '\d{4}[-/.年]\d{1,2}月?份?')
          THEN cell_valid_month(left(n, 4), regexp_extract(n, '^\d{4}[-/.年](\d{1,2})', 1))
        ELSE strftime(cell_day(t), '%Y-%m') END""",
    "cell_year(n)": f"""CASE WHEN regexp_full_match(n, '\\d{{4}}(\\.0+)?(年度?)?')
        AND left(n, 4)::INTEGER BETWEEN {EARLIEST_YEAR} AND {LATEST_YEAR} THEN left(n, 4)::INTEGER END""",
    # A number without currency and unit; (1.50) is negative in bookkeeping.
    "cell_bare_number(n)": r"""regexp_replace(regexp_replace(upper(n), '^\(([^()]*)\)$', '-\1'),
        '^([+-]?)(人民币|RMB|CNY|[￥¥$])?([+-]?[\d.,_]+)(万|万元|元|圆|块|元整|亩|人|个|口|户|月|个月|年|岁|天|次|级)?$', '\1\3')""",
    "cell_number(b)": r"""regexp_replace(CASE
        WHEN regexp_full_match(b, '[+-]?\d{1,3}(,\d{3})+(\.\d+)?') THEN replace(b, ',', '')
        WHEN regexp_full_match(b, '[+-]?(\d+(_\d+)*(\.\d*)?|\.\d+)') THEN replace(b, '_', '') END, '^\+', '')""",
    "cell_unit_factor(n, factor)": r"""CASE WHEN regexp_matches(n, '万元?$') THEN 10000
        WHEN regexp_matches(n, '(元|圆|块|元整)$') THEN 1 ELSE factor END""",
    # Up to sixteen digits before the point, in whole numbers of 10⁻⁸ yuan after it: later digits are the noise of binary fractions.
    "cell_yuan(a)": r"CASE WHEN regexp_full_match(a, '\d{0,16}(\.\d*)?') THEN ('0' || split_part(a, '.', 1))::HUGEINT END",
    "cell_fraction(a)": """rpad(left(split_part(a, '.', 2), 8), 8, '0')::BIGINT
        + CASE WHEN substr(split_part(a, '.', 2), 9, 1) >= '5' THEN 1 ELSE 0 END""",
    "cell_fen(b, yuan, parts)": """CASE WHEN parts % 100000000 = 0
        THEN try_cast((yuan + parts // 100000000) * CASE WHEN starts_with(b, '-') THEN -1 ELSE 1 END AS BIGINT) END""",
    "cell_whole(b)": r"CASE WHEN regexp_full_match(b, '-?\d{1,9}(\.0*)?') THEN try_cast(b AS INTEGER) END",
    "cell_decimal(b)": "try_cast(b AS DECIMAL(18, 2))",
    "cell_yes_no(n)": f"CASE WHEN list_contains([{listed(_YES)}], upper(n)) THEN true "
    f"WHEN list_contains([{listed(_NO)}], upper(n)) THEN false END",
}
_PLAIN_TEXT = r"[一-鿿A-Za-z0-9]([^\x{FFFD}]*[^\s\p{Z}\x{FFFD}])?"


def install(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the macros of the forgiving reading known to a connection."""
    for signature, body in {**_MACROS, **identity_cells.MACROS}.items():
        connection.execute(f"CREATE OR REPLACE TEMP MACRO {signature} AS {body}")


def strict(column: Column, cell: str, latest_day: dt.date | None, factor: int) -> str:
    """SQL for the typed value of a clean ``cell`` (an SQL name); NULL for anything that is not as it should be."""
    if column.codes:
        # Not IN (…): DuckDB turns a longer list into a join, and rows then lose their order and so their numbers.
        return _as_kind(
            column, f"CASE WHEN list_contains([{listed(list(column.codes.values))}], {cell}) THEN {cell} END"
        )
    match column.kind:
        case Kind.NAME:
            return f"CASE WHEN regexp_full_match({cell}, '[一-鿿]{{2,4}}') THEN {cell} END"
        case Kind.TEXT | Kind.CODE:
            return f"CASE WHEN regexp_full_match({cell}, '{_PLAIN_TEXT}') THEN {cell} END"
        case Kind.KEY:
            bare = f"substr({cell}, 3, strlen({cell}) - 3)"
            return f"""CASE WHEN regexp_full_match({cell}, '[0-9A-Za-z][0-9A-Za-z_/\\-]*') THEN {cell}
                WHEN regexp_full_match({cell}, '="[0-9A-Za-z]+"') AND NOT cell_is_damaged({bare}) THEN {bare} END"""
        case Kind.DAY:
            last = latest_day or dt.date(LATEST_YEAR, 12, 31)
            day = f"CASE WHEN strlen({cell}) = 10 THEN try_cast({cell} AS DATE) END"
            return f"CASE WHEN {day} BETWEEN DATE '{EARLIEST_YEAR}-01-01' AND DATE '{last}' THEN {day} END"
        case Kind.MONTH:
            return f"CASE WHEN regexp_full_match({cell}, '(19|20)\\d\\d-(0[1-9]|1[0-2])') THEN {cell} END"
        case Kind.YEAR:
            return f"CASE WHEN regexp_full_match({cell}, '(19|20)\\d\\d') THEN try_cast({cell} AS INTEGER) END"
        case Kind.MONEY:
            fen = f"(try_cast({cell} AS DECIMAL(18, 2)) * 100)::BIGINT"
            if factor > 1:
                return f"CASE WHEN regexp_full_match({cell}, '\\d{{1,9}}(\\.\\d\\d)?') THEN {fen} * {factor} END"
            # GLOB is quicker than the regular expression, and most amounts are written in this one way.
            return f"""CASE WHEN {cell} GLOB '[0-9]*.[0-9][0-9]' THEN {fen}
                WHEN regexp_full_match({cell}, '-?\\d+(\\.\\d\\d?)?') THEN {fen} END"""
        case Kind.WHOLE:
            return f"CASE WHEN regexp_full_match({cell}, '-?\\d{{1,9}}') THEN try_cast({cell} AS INTEGER) END"
        case Kind.DECIMAL:
            return f"CASE WHEN regexp_full_match({cell}, '-?\\d{{1,15}}(\\.\\d{{1,2}})?') THEN try_cast({cell} AS DECIMAL(18, 2)) END"
        case Kind.YES_NO:
            return f"CASE {cell} WHEN '是' THEN true WHEN '否' THEN false END"
    return "NULL::VARCHAR"


def forgiving_layers(column: Column, position: int, factor: int) -> list[list[str]]:
    """SELECT items of nested queries over the list ``cells`` of a row, innermost first; the last gives the typed
    ``v<position>``, NULL when the cell is empty or cannot be read. ``n<position>`` is the cell in narrow letters."""
    w, t, n, k, b, v = (f"{letter}{position}" for letter in "wtnkbv")
    value = f"CASE WHEN NOT cell_says_nothing({n}) THEN {n} END" if _may_hold_nothing(column) else n
    cleaned = [
        [f"cell_trimmed(cells[{position + 1}]) AS {w}"],
        [f"cell_unwrapped({w}) AS {t}"],
        [f"cell_narrow({t}) AS {n}"],
        [f"{value} AS {k}"],
    ]
    if column.kind in IDENTITY_KINDS:
        return cleaned + identity_cells.forgiving_layers(k, position, is_certificate=column.kind is Kind.CERTIFICATE)
    is_number = column.kind in (Kind.MONEY, Kind.WHOLE, Kind.DECIMAL) and not column.codes
    is_money = is_number and column.kind is Kind.MONEY
    return [
        *cleaned,
        [f"cell_bare_number({k}) AS {b}_"] if is_number else [],
        [f"cell_number({b}_) AS {b}"] if is_number else [],
        [f"ltrim({b}, '-') AS a{position}, 100 * cell_unit_factor({n}, {factor}) AS u{position}"] if is_money else [],
        [
            f"cell_yuan(a{position}) * u{position} AS y{position}, cell_fraction(a{position}) * u{position} AS p{position}"
        ]
        if is_money
        else [],
        [f"{_forgiving(column, position)} AS {v}"],
    ]


def _forgiving(column: Column, position: int) -> str:
    t, n, b = (f"{letter}{position}" for letter in "tkb")
    if column.codes:
        branches = " ".join(
            f"WHEN {quoted(narrowed(spelling).upper())} THEN {quoted(value)}"
            for spelling, value in column.codes.canonical().items()
        )
        return _as_kind(column, f"CASE upper({n}) {branches} END")
    return {
        Kind.NAME: f"cell_name({t})",
        Kind.TEXT: t,
        Kind.CODE: t,
        Kind.KEY: f"cell_key({n})",
        Kind.DAY: f"cell_day(cell_wide_to_narrow({t}))",
        Kind.MONTH: f"cell_month({n}, cell_wide_to_narrow({t}))",
        Kind.YEAR: f"cell_year({n})",
        Kind.MONEY: f"cell_fen({b}, y{position}, p{position})",
        Kind.WHOLE: f"cell_whole({b})",
        Kind.DECIMAL: f"cell_decimal({b})",
        Kind.YES_NO: f"cell_yes_no({n})",
        Kind.VILLAGE: f"CASE WHEN cell_key({n}) IN (SELECT code FROM villages_in_force) THEN cell_key({n}) END",
    }[column.kind]


def defect(column: Column, position: int, latest_day: dt.date | None) -> str:
    """SQL over the layers of ``forgiving_layers``: the code of what is wrong with a cell, NULL when nothing is."""
    n, v = f"n{position}", f"v{position}"
    cases = [
        f"WHEN k{position} IS NULL THEN {'NULL' if column.may_be_empty else quoted('empty')}",
        f"WHEN contains({n}, '\ufffd') THEN 'garbled'",
        f"WHEN cell_is_formula_error({n}) THEN 'formula'",
    ]
    if column.kind not in (Kind.TEXT, Kind.NAME) and not column.codes:
        cases.append(f"WHEN cell_is_damaged({n}) THEN 'damaged'")
    if column.kind is Kind.MONEY and not column.codes:
        cases.append(f"WHEN {v} IS NULL AND y{position} IS NOT NULL THEN 'part_of_fen'")
    cases.append(f"WHEN {v} IS NULL THEN {quoted(_unreadable(column))}")
    if column.kind is Kind.DAY and latest_day:
        cases.append(f"WHEN {v} > DATE '{latest_day}' THEN 'late'")
    return f"CASE {' '.join(cases)} END"


def is_empty(column: Column, cell: str) -> str:
    """SQL: whether a clean row may leave this cell empty and does."""
    return f"({cell} IS NULL OR {cell} = '')" if column.may_be_empty else "false"


def sql_type(column: Column) -> str:
    """The type that a column has once it is read."""
    return {
        Kind.DAY: "DATE",
        Kind.YEAR: "INTEGER",
        Kind.MONEY: "BIGINT",
        Kind.WHOLE: "INTEGER",
        Kind.DECIMAL: "DECIMAL(18, 2)",
        Kind.YES_NO: "BOOLEAN",
    }.get(column.kind, "VARCHAR")


def _may_hold_nothing(column: Column) -> bool:
    """Whether 无, - and the like mean an empty cell; in words and in yes or no they are values."""
    return column.kind not in (Kind.TEXT, Kind.CODE, Kind.NAME, Kind.YES_NO) and not column.codes


def _unreadable(column: Column) -> str:
    return "code" if column.codes else column.kind.name.lower()


def _as_kind(column: Column, code: str) -> str:
    """The canonical value of a code list in the type of its column."""
    match column.kind:
        case Kind.WHOLE | Kind.YEAR:
            return f"try_cast({code} AS INTEGER)"
        case Kind.YES_NO:
            return f"CASE {code} WHEN '是' THEN true WHEN '否' THEN false END"
        case Kind.DECIMAL:
            return f"try_cast({code} AS DECIMAL(18, 2))"
    return code
