"""Writes area_codes.txt anew from the files of libphonenumber (https://github.com/google/libphonenumber, Apache-2.0).

    python3 packs/places/regenerate.py path/to/libphonenumber v9.0.35

What is taken, and from where:

- resources/PhoneNumberMetadata.xml: which area codes are in use, in which country, and which belong to no place;
- resources/geocoding/en/1.txt: the state or province of an area code;
- resources/timezones/map_data.txt: its time zones, those of every exchange under it together. A number may be carried to
  another exchange of its area code and keep its digits, so that an exchange tells less than it seems to.

Zones are named by the one that stands for them in zones.txt. Countries other than the United States get none: whoever
rings there is under other law, and a foreign number is no evidence of an hour here.
"""

import re
import sys
import xml.etree.ElementTree as ElementTree
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).parent

HEAD = """\
# Area codes of the North American Numbering Plan: where each belongs, and its time zones.
#
# Made by regenerate.py from libphonenumber EDITION, which is
#   Copyright (C) 2011, 2012 The Libphonenumber Authors
#   Licensed under the Apache License, Version 2.0 (LICENSE-libphonenumber, in this folder)
# and changed here: exchanges are put together under their area code, names of places are jurisdictions, zones have the
# names of zones.txt, overlays have the zones of what they lie over, and other countries have none.
#
# area code | jurisdictions, or what it is instead of a place | zones
"""

# An overlay serves the places of the code that it lies over, and has its zones: upstream knows only where its first numbers
# were seen.
OVERLAYS = {
    "364": "270",  # Kentucky
    "448": "850",  # Florida
    "458": "541",  # Oregon
    "729": "423",  # Tennessee
    "930": "812",  # Indiana
    "986": "208",  # Idaho
}

TERRITORIES = {"AS": "US-AS", "GU": "US-GU", "MP": "US-MP", "PR": "US-PR", "VI": "US-VI"}

CANADA = {
    "Alberta": "AB", "British Columbia": "BC", "British Colombia": "BC", "Manitoba": "MB", "New Brunswick": "NB",
    "Newfoundland and Labrador": "NL", "Northwest Territories": "NT", "Nova Scotia": "NS", "Nunavut": "NU",
    "Ontario": "ON", "Prince Edward Island": "PE", "Quebec": "QC", "Saskatchewan": "SK", "Yukon": "YT",
}  # fmt: skip

NO_PLACE = {"tollFree": "toll_free", "premiumRate": "premium", "personalNumber": "personal", "voip": "no_place"}


def lines(path):
    """The lines that say something."""
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip() and not line.startswith("#")]


def patterns(metadata):
    """By country: each kind of number with its pattern."""
    for territory in ElementTree.parse(metadata).getroot().find("territories"):
        if territory.get("countryCode") != "1":
            continue
        kinds = {}
        for kind in territory:
            pattern = kind.find("nationalNumberPattern")
            if pattern is not None and kind.tag in {"fixedLine", "mobile", *NO_PLACE}:
                kinds[kind.tag] = re.compile(r"(?:" + re.sub(r"\s", "", pattern.text) + r")\Z")
        yield territory.get("id"), kinds


def serves(pattern, code):
    """Whether some number of that area code is of this pattern."""
    return any(pattern.match(f"{code}{exchange}0100") for exchange in range(200, 1000))


def kind(countries, code):
    """The country that an area code belongs to, or why it belongs to no place; none if it is not in use."""
    for tag, word in NO_PLACE.items():
        if any(tag in kinds and serves(kinds[tag], code) for kinds in countries.values()):
            # A country may keep some exchanges of an area code apart; those make no area code of their own.
            if not any(serves(kinds[it], code) for kinds in countries.values() for it in ("fixedLine", "mobile") if it in kinds):
                return None, word
    served = [
        country
        for country, kinds in countries.items()
        if any(tag in kinds and serves(kinds[tag], code) for tag in ("fixedLine", "mobile"))
    ]
    if len(served) > 1:
        raise SystemExit(f"{code} is in use in {served}")
    return (served[0], None) if served else (None, None)


def states():
    """What people call a state: its jurisdiction."""
    named = {"Washington State": "US-WA", "Washington D.C.": "US-DC"}
    for line in lines(HERE / "states.txt"):
        code, jurisdiction, _, name = (part.strip() for part in line.split("|"))
        named[code] = named[name] = jurisdiction
    for name, code in CANADA.items():
        named[code] = named[name] = f"CA-{code}"
    return named


def main(upstream, edition):
    resources = Path(upstream) / "resources"
    representative = dict(line.split() for line in lines(HERE / "zones.txt"))
    named = states()

    zones, places = defaultdict(set), defaultdict(set)
    for line in lines(resources / "timezones/map_data.txt"):
        prefix, listed = line.split("|")
        if prefix.startswith("1") and len(prefix) >= 4:
            zones[prefix[1:4]].update(listed.split("&"))
    by_exchange = defaultdict(lambda: defaultdict(int))
    for line in lines(resources / "geocoding/en/1.txt"):
        prefix, place = line.split("|", 1)
        state = place.rsplit(", ", 1)[-1]
        if len(prefix) == 4:
            places[prefix[1:]] = {named[part] for part in state.split("/")}
        elif len(prefix) > 4 and state in named:
            by_exchange[prefix[1:4]][named[state]] += 1
    for code, seen in by_exchange.items():
        if code not in places:
            places[code] = set(seen)

    countries = dict(patterns(resources / "PhoneNumberMetadata.xml"))
    rows = []
    for number in range(200, 1000):
        code = str(number)
        country, no_place = kind(countries, code)
        if no_place:
            rows.append(f"{code} | {no_place} |")
            continue
        if country is None:
            continue
        if country == "US":
            where = places.get(code) or {"US"}
        elif country == "CA":
            where = places.get(code) or {"CA"}
        else:
            where = {TERRITORIES.get(country, country)}
        if country in ("US", "CA") and any(not it.startswith(country) for it in where):
            raise SystemExit(f"{code} is in use in {country}, and named {where}")
        kept = set()
        if next(iter(where)).startswith("US"):
            kept = {representative[zone] for zone in zones.get(code, set()) | zones.get(OVERLAYS.get(code), set())}
        rows.append(f"{code} | {' '.join(sorted(where))} | {' '.join(sorted(kept))}".rstrip())

    text = HEAD.replace("EDITION", edition) + "\n".join(rows) + "\n"
    (HERE / "area_codes.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
