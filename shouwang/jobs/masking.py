"""How sensitive columns stand on pages and in plans: enough to recognise, too little to copy."""

from shouwang.foundation import identity


def column(heading: str, text: str) -> str:
    """A value under its heading: telephones keep three and four digits, accounts the last four, numbers six and four."""
    if "电话" in heading:
        return identity.masked_phone(text)
    if "银行" in heading or "卡号" in heading:
        return identity.masked_account(text)
    return identity.masked(text)


def columns(values: dict[str, str]) -> dict[str, str]:
    """Sensitive columns as they may stand on a page; empty ones left out."""
    return {heading: column(heading, text) for heading, text in values.items() if text}
