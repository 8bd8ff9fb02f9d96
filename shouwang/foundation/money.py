"""Money is decimal yuan to people and whole fen (BIGINT) to the engines; never a float."""

from decimal import ROUND_HALF_UP, Decimal

_CENT = Decimal("0.01")


def yuan(fen: int, divisor: int = 1) -> Decimal:
    """``fen ÷ divisor`` as yuan with two places, halves rounded up (away from zero)."""
    return (Decimal(fen) / (100 * divisor)).quantize(_CENT, ROUND_HALF_UP)


def fen(amount: Decimal | str | int) -> int:
    """Yuan as whole fen. Raises ValueError when there is a part of a fen."""
    exact = Decimal(str(amount)) * 100
    if exact != exact.to_integral_value():
        raise ValueError(f"{amount} 元有不足一分的部分")
    return int(exact)


def grouped(amount: Decimal | int) -> str:
    """1234567.5 → ``1,234,567.50``; whole numbers stay whole."""
    return f"{amount:,.2f}" if isinstance(amount, Decimal) else f"{amount:,}"
