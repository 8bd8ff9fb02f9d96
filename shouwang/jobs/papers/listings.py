"""挂牌督办通知 and 摘牌通知 as papers, from what was kept when the place was listed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from shouwang.households import listings
from shouwang.households.models import Listing
from shouwang.households.models.listings import PROGRESS
from shouwang.policy import Policies
from shouwang.regions import queries as regions
from shouwang.reporting import drafts, scanner
from shouwang.reporting.papers import Paper

from .offices import government_of, unit_of
from .supervision import LINES


# hebei-xiangzhenfa-2022-14#2.2
def listing_notice(listing: Listing, *, policies: Policies) -> Paper:
    """The notice as it went out: the figures of that day, whatever was entered since."""
    unit = unit_of(listing.by_region)
    allow = frozenset({listing.phone})
    return drafts.listing_notice(
        drafts.ListingNotice(
            place=regions.name(listing.region_code),
            recipients=government_of(listing.region_code),
            reason=scanner.masked(listing.reason, allow=allow).rstrip("。"),
            basis=LINES.sub("", policies.citation_text(listings.CITE)),
            triggers=[_line(one) for one in listing.trigger.get("answers", ()) if one["margin"] is not None],
            listed_on=listing.listed_on,
            due_on=_first_due(listing),
            due_reason=_why(listing, policies),
            phone=listing.phone,
            unit=unit,
            number=listing.number,
            head=f"{unit}文件",
        )
    )


def release_notice(listing: Listing) -> Paper:
    """Once the place was taken off the list."""
    assert listing.released_on is not None
    unit = unit_of(listing.by_region)
    return drafts.release_notice(
        drafts.ReleaseNotice(
            place=regions.name(listing.region_code),
            recipients=government_of(listing.region_code),
            listed_on=listing.listed_on,
            released_on=listing.released_on,
            progress=[(one.on, scanner.masked(one.text)) for one in listings.entries(listing) if one.kind == PROGRESS],
            evidence=scanner.masked(listing.evidence).rstrip("。"),
            phone=listing.phone,
            unit=unit,
            head=f"{unit}文件",
        )
    )


def _line(answer: dict[str, Any]) -> drafts.TriggerLine:
    figures = "；".join(
        f"{side['place']}{side['series']} {_percent(side['growth'])}" for side in answer["sides"] if side["growth"]
    )
    sources = "；".join(dict.fromkeys(side["source"] for side in answer["sides"]))
    result = "低于" if answer["is_met"] else "不低于"
    return drafts.TriggerLine(
        answer["label"], figures, _percent(answer["margin"]).removesuffix("%"), result, scanner.masked(sources)
    )


def _percent(share: str | None) -> str:
    if share is None:
        return "—"
    text = f"{Decimal(share) * 100:.4f}".rstrip("0").rstrip(".")
    return f"{text.replace('-', '−')}%"


def _first_due(listing: Listing) -> Any:
    """The day that the notice named, before anybody moved it."""
    moved = [one.due_before for one in listings.entries(listing) if one.due_before]
    return moved[0] if moved else listing.due_on


def _why(listing: Listing, policies: Policies) -> str:
    if listing.limit.get("chosen"):
        return scanner.masked(str(listing.limit["chosen"])).rstrip("。")
    return "；".join(LINES.sub("", policies.citation_text(cite)) for cite in listing.limit.get("cites", ()))
