"""Spark, run by ``tests/run spark``: a frame of Spark is answered as the same rows are here, on the cluster that is named.

    python spark_cluster.py 'local-cluster[2,1,1024]'
"""

from __future__ import annotations

import datetime
import os
import sys
from pathlib import Path
from typing import Any

import pyarrow
from pyspark.sql import SparkSession

import byleave
import byleave.spark

POLICY = Path(__file__).resolve().parents[3] / "tests/benches/policy/twelve.leave"
CONTACT = {
    "at": "2026-07-01T16:00:00Z",
    "contact": {"channel": "live_call", "purpose": "own_service", "topic": "running", "technology": "manual", "data": [], "fields": [], "uses": []},
    "content": {"length": 120, "includes": ["opt_out", "sender_identity"]},
    "complete": ["lists", "signals", "interactions", "contacts"],
}


def rows(count: int) -> list[dict[str, Any]]:
    zones = ["America/New_York", "America/Chicago", "Pacific/Honolulu", "Mars/Olympus"]
    consent = {"kind": "grant", "level": "express_written", "at": datetime.datetime(2026, 1, 5, tzinfo=datetime.timezone.utc)}
    return [
        {
            "person.id": f"p{n}",
            "person.time_zones": [zones[n % 4]],
            "person.jurisdictions": ["US-NY"],
            "person.birth_date": datetime.date(1950 + n % 70, 3, 1),
            "consents": [consent] * (n % 3 > 0),
        }
        for n in range(count)
    ]


def main() -> None:
    master = sys.argv[1]
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    consents = pyarrow.list_(pyarrow.struct([("kind", pyarrow.string()), ("level", pyarrow.string()), ("at", pyarrow.timestamp("us", "UTC"))]))
    schema = pyarrow.schema(
        [
            ("person.id", pyarrow.string()),
            ("person.time_zones", pyarrow.list_(pyarrow.string())),
            ("person.jurisdictions", pyarrow.list_(pyarrow.string())),
            ("person.birth_date", pyarrow.date32()),
            ("consents", consents),
        ]
    )
    people = pyarrow.Table.from_pylist(rows(400), schema=schema)
    engine = byleave.Engine(texts={"twelve.leave": POLICY.read_text("utf-8")})
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "4",
    }
    builder = SparkSession.builder.master(master).appName("byleave")
    for name, value in settings.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    try:
        types = (
            "`person.id` string, `person.time_zones` array<string>, `person.jurisdictions` array<string>, "
            "`person.birth_date` date, consents array<struct<kind: string, level: string, at: timestamp>>"
        )
        frame = spark.createDataFrame([tuple(row.values()) for row in people.to_pylist()], types).repartition(4)
        found = byleave.spark.decide(frame, engine, CONTACT, detail="blocking").toArrow()
    finally:
        spark.stop()
    want = engine.decide_frame(CONTACT, people, detail="blocking")
    by_name = {row["person.id"]: row for row in found.to_pylist()}
    assert len(by_name) == found.num_rows == want.num_rows
    told: dict[str, int] = {}
    for row in want.to_pylist():
        got = by_name[row["person.id"]]
        # The number of a row is one within its batch, so what is compared of an error stands behind it.
        for one in (row, got):
            one["error"] = (one["error"] or "").partition("]")[2]
        assert got == row
        told[row["outcome"] or "error"] = told.get(row["outcome"] or "error", 0) + 1
    assert min(told.get(word, 0) for word in ("allow", "defer", "deny", "error")) > 0, told
    print(f"spark: {found.num_rows} rows on {master} as here: {told}")


if __name__ == "__main__":
    main()
