"""Identity numbers in DuckDB: the same judgement as ``foundation.identity``, a million rows at a time.

The strict reading needs no loop over digits. Sixteen of the seventeen are read as one hexadecimal number, so that each
digit is four bits wide. The weights of GB 11643 are powers of two modulo 11, so neighbouring digits are added up in pairs,
fours, eights and sixteens inside the one 64-bit number; the last two characters are looked at by themselves.
"""

from __future__ import annotations

from .sql import FULL_WIDTH, HALF_WIDTH, listed, quoted

_EACH_OTHER_DIGIT = 0x0F0F0F0F0F0F0F0F
_EACH_OTHER_PAIR = 0x00FF00FF00FF00FF
_EACH_OTHER_FOUR = 0x0000FFFF0000FFFF
_LOW_HALF = 0x00000000FFFFFFFF
_LOW_BITS = 0x7777777777777777
_SIX = 0x0666666666666666
_HIGH_BIT = 0x0888888888888888  # of every digit but the first, which is below 8 or the cast has failed
_UP_TO_28, _DECEMBER = 0x28, 0x12

# The last two characters by (four times the sum over the first sixteen digits) modulo 11, and by the seventeenth digit.
_ENDINGS = listed([f"{last}{'10X98765432'[(rest + 2 * last) % 11]}" for rest in range(11) for last in range(10)])
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SUM = " + ".join(f"(ascii(substr(n, {place}, 1)) - 48) * {weight}" for place, weight in enumerate(_WEIGHTS, start=1))
_WRAPPINGS = " \t\r\n'’‘`　\u00a0\u200b\ufeff\"=-"

MACROS = {
    # As foundation.identity.clean: full-width letters made narrow, wrappings removed, x made X; '' for nothing.
    "identity_clean(x)": f"""CASE WHEN regexp_full_match(x, '[0-9X]*') THEN x ELSE
        upper(translate(translate(x, {quoted(FULL_WIDTH)}, {quoted(HALF_WIDTH)}), {quoted(_WRAPPINGS)}, '')) END""",
    "identity_check(n)": f"substr('10X98765432', ({_SUM}) % 11 + 1, 1)",
    "identity_birth(n)": "try_cast(substr(n, 7, 4) || '-' || substr(n, 11, 2) || '-' || substr(n, 13, 2) AS DATE)",
    "identity_18(y)": r"""CASE WHEN regexp_full_match(y, '\d{15}')
        THEN left(y, 6) || '19' || right(y, 9) || identity_check(left(y, 6) || '19' || right(y, 9)) ELSE y END""",
    # A disability certificate: identity number, kind and level one digit each, B1 and so on for a re-issue.
    "certificate_number(y)": r"CASE WHEN regexp_full_match(y, '.{18}\d\d([A-Z]\d{1,2})?') THEN left(y, 18) ELSE y END",
    # Why a text y, as n of 18 characters with the check character k, is no number: in the words of foundation.identity.
    "identity_defect(y, n, k)": r"""CASE
        WHEN y = '' OR y IS NULL THEN '为空'
        WHEN regexp_full_match(y, '\d(\.\d+)?E\+?\d+') THEN '被表格软件写成科学计数法，末尾数字已经丢失'
        WHEN k IS NULL THEN CASE WHEN length(n) IN (15, 18) THEN '含有不应出现的字符'
            ELSE '应为 18 位（或旧 15 位），现为 ' || length(n) || ' 位' END
        WHEN identity_birth(n) IS NULL THEN '出生日期部分 ' || substr(n, 7, 8) || ' 不是真实日期'
        WHEN substr(n, 7, 4)::INTEGER NOT BETWEEN 1890 AND 2100 THEN '出生日期部分 ' || substr(n, 7, 8) || ' 不合理'
        WHEN substr(n, 18, 1) <> k THEN '校验位应为 ' || k || '，现为 ' || substr(n, 18, 1)
        END""",
}


def forgiving_layers(cell: str, position: int, *, is_certificate: bool) -> list[list[str]]:
    """SELECT items of nested queries, innermost first: y (cleaned), n18_ (as 18 characters), k_ (its check character), f (why it
    is no number) and v (the number, or NULL), each with the position of the column."""
    y, n, k, f = f"y{position}", f"n18_{position}", f"check_{position}", f"f{position}"
    cleaned = f"identity_clean(coalesce({cell}, ''))"
    return [
        [f"{f'certificate_number({cleaned})' if is_certificate else cleaned} AS {y}"],
        [f"identity_18({y}) AS {n}"],
        [rf"CASE WHEN regexp_full_match({n}, '\d{{17}}[\dX]') THEN identity_check({n}) END AS {k}"],
        [f"identity_defect({y}, {n}, {k}) AS {f}"],
        [f"CASE WHEN {f} IS NULL THEN {n} END AS v{position}"],
    ]


def strict_layers(cell: str, prefix: str, *, is_certificate: bool = False) -> list[list[str]]:
    """SELECT items of nested queries, innermost first; the last gives ``<prefix>_number``, NULL if the cell is not clean.

    Numbers with a birthday after the 28th take the slower test of a real calendar day.
    """
    # Exports of the national system and of hospitals wrap numbers as ="…": that much is taken in stride.
    # Of a certificate also the two digits after the number and the letter of a re-issue are looked at.
    wrapped, cell = cell, f"{prefix}_cell"
    clean = (
        rf"strlen({cell}) IN (20, 22) AND regexp_full_match(substr({cell}, 19), '\d\d([A-Z]\d)?')"
        if is_certificate
        else f"strlen({cell}) = 18"
    )
    b, p, f, e, n, t = (f"{prefix}_{what}" for what in ("bits", "pairs", "fours", "eights", "ending", "total"))
    number = f"left({cell}, 18)" if is_certificate else cell
    number = f"CASE WHEN ends_with({number}, 'x') THEN upper({number}) ELSE {number} END"
    return [
        [
            f"CASE WHEN starts_with({wrapped}, '=\"') AND ends_with({wrapped}, '\"') "
            f"THEN substr({wrapped}, 3, strlen({wrapped}) - 3) ELSE {wrapped} END AS {cell}"
        ],
        [
            f"CASE WHEN {clean} THEN try_cast('0x' || substr({cell}, 1, 16) AS BIGINT) END AS {b}",
            # a small x is no defect: a third of those who type numbers write it so
            f"upper(substr({cell}, 17, 2)) AS {n}",
        ],
        [f"({b} & {_EACH_OTHER_DIGIT}) + (({b} >> 4) & {_EACH_OTHER_DIGIT}) * 2 AS {p}"],
        [f"({p} & {_EACH_OTHER_PAIR}) + (({p} >> 8) & {_EACH_OTHER_PAIR}) * 4 AS {f}"],
        [f"({f} & {_EACH_OTHER_FOUR}) + (({f} >> 16) & {_EACH_OTHER_FOUR}) * 16 AS {e}"],
        [f"(({e} & {_LOW_HALF}) + ({e} >> 32) * 256) * 4 AS {t}"],
        [
            # Sixteen digits, none of them a letter; a possible birthday; the right two last characters for this 17th digit.
            f"""CASE WHEN {b} >= {1 << 60} AND ((({b} & {_LOW_BITS}) + {_SIX}) & {b} & {_HIGH_BIT}) = 0
            AND (({b} >> 24) & 65535) BETWEEN {0x1890} AND {0x2100}
            AND (((({b} >> 8) & 255) BETWEEN 1 AND {_UP_TO_28} AND (({b} >> 16) & 255) BETWEEN 1 AND {_DECEMBER})
                 OR identity_birth({cell}) IS NOT NULL)
            AND ([{_ENDINGS}])[{t} % 11 * 10 + ascii({n}) - 47] = {n} THEN {number} END AS {prefix}_number"""
        ],
    ]
