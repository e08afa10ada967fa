"""Writes the tables of this folder anew: what others take for holidays from 2000 to 2040, to hold our calendars against.

    pip install holidays==0.109
    npm install --prefix SOME_FOLDER @18f/us-federal-holidays@4.0.0
    python3 packs/tests/holidays/vectors.py SOME_FOLDER

pypi.tsv, from the Python package holidays (MIT), category `public`: calendar, day, name. The calendar is the name that ours
has. `(observed)` in a name is the day off for a holiday that fell on a weekend.

npm.tsv, from @18f/us-federal-holidays (CC0): the day itself, the day off for it, name.
"""

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import holidays

HERE = Path(__file__).parent
YEARS = range(2000, 2041)
STATES = {"alabama": "AL", "louisiana": "LA", "pennsylvania": "PA", "rhode_island": "RI", "utah": "UT"}

ASK = """
const { allForYear } = require(process.argv[1] + '/node_modules/@18f/us-federal-holidays');
const rows = [];
for (let year = 2000; year <= 2040; year++) {
  const own = allForYear(year, { shiftSaturdayHolidays: false, shiftSundayHolidays: false });
  const off = allForYear(year);
  own.forEach((it, at) => rows.push([it.dateString, off[at].dateString, it.name]));
}
const { version } = require(process.argv[1] + '/node_modules/@18f/us-federal-holidays/package.json');
console.log(JSON.stringify({ version, rows }));
"""


def main(folder):
    rows = []
    for calendar, state in {"us_federal": None, **STATES}.items():
        for day, name in sorted(holidays.country_holidays("US", subdiv=state, years=YEARS).items()):
            # New Year's Day of 2041 is observed in 2040, and is not asked for.
            if day.year in YEARS:
                rows.append(f"{calendar}\t{day}\t{name}")
    head = f"# holidays {version('holidays')}; made by vectors.py\n"
    (HERE / "pypi.tsv").write_text(head + "\n".join(rows) + "\n", encoding="utf-8")

    told = subprocess.run(["node", "-e", ASK, str(Path(folder).resolve())], check=True, capture_output=True)
    told = json.loads(told.stdout)
    head = f"# @18f/us-federal-holidays {told['version']}; made by vectors.py\n"
    rows = ["\t".join(row) for row in told["rows"]]
    (HERE / "npm.tsv").write_text(head + "\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
