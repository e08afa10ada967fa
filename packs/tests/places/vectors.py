"""Writes area_codes.tsv anew: what others say of every area code from 200 to 999, to hold packs/places against.

    pip install phonenumbers==9.0.35 py-area-code-nanp==1.0.1 tzdata==2026.6
    python3 packs/tests/places/vectors.py

Columns, separated by tabs:

- the area code;
- the time zones that phonenumbers finds for its exchanges, all of them together; `-` where it finds none of its own, and
  falls back on all of the plan;
- the countries in which phonenumbers takes some of its numbers for valid;
- the kinds that it gives them (phonenumberutil.PhoneNumberType);
- the state or province that py-area-code-nanp names, a table made from the list of the plan's administrator in 2020: newer codes
  are not in it.

And state_zones.tsv: each zone of the IANA database whose comment in zone1970.tab names states, with these states.
"""

import importlib.resources
import re
from importlib.metadata import version
from pathlib import Path

import area_code_nanp
import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberType, timezone

HERE = Path(__file__).parent
KINDS = {number: name for name, number in vars(PhoneNumberType).items() if isinstance(number, int)}
NAMES = importlib.resources.files(area_code_nanp).joinpath("data/nanp.json")


def main():
    import json

    named = json.loads(NAMES.read_text(encoding="utf-8"))
    fallback = set(timezone.time_zones_for_geographical_number(PhoneNumber(1, 9995550100)))
    rows = []
    for code in range(200, 1000):
        zones, countries, kinds = set(), set(), set()
        for exchange in range(200, 1000):
            number = PhoneNumber(1, code * 10_000_000 + exchange * 10_000 + 100)
            found = set(timezone.time_zones_for_geographical_number(number))
            zones |= found if found != fallback else set()
            # One in eight exchanges tells countries and kinds; it is the slow question.
            if exchange % 8 == 0 and phonenumbers.is_valid_number(number):
                countries.add(phonenumbers.region_code_for_number(number))
                kinds.add(KINDS[phonenumbers.number_type(number)])
        cells = [" ".join(sorted(it)) or "-" for it in (zones, countries, kinds)]
        rows.append("\t".join([str(code), *cells, named.get(str(code), "-")]))
    head = f"# phonenumbers {version('phonenumbers')}, py-area-code-nanp {version('py-area-code-nanp')}; made by vectors.py\n"
    (HERE / "area_codes.tsv").write_text(head + "\n".join(rows) + "\n", encoding="utf-8")

    table = importlib.resources.files("tzdata").joinpath("zoneinfo/zone1970.tab").read_text(encoding="utf-8")
    rows = []
    for line in table.splitlines():
        cells = line.split("\t")
        if len(cells) == 4 and "US" in cells[0].split(","):
            states = re.findall(r"\b([A-Z]{2})\b(?= \()", cells[3])
            rows += [f"{state}\t{cells[2]}" for state in states]
    head = f"# tzdata {version('tzdata')}, zone1970.tab; made by vectors.py\n"
    (HERE / "state_zones.tsv").write_text(head + "\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
