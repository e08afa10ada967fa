"""Where a person may be: candidate time zones and jurisdictions, as facts of a request."""

from __future__ import annotations

import datetime as dt
import json
from typing import Dict, List, Optional, TypedDict, Union, cast

from byleave._byleave import _locate


class Because(TypedDict):
    """What one part of what is known came to."""

    of: str
    kind: str
    sentence: str


class Located(TypedDict):
    """Where a person may be. ``facts`` lies over a request; what is unknown is left out of it."""

    because: List[Because]
    confirmed_zone: Optional[str]
    facts: Dict[str, Dict[str, List[str]]]
    number: Optional[str]
    presumed: bool


class Confirmed(TypedDict, total=False):
    """A place that the person, or the person's device, has confirmed, and when."""

    state: Optional[str]
    time_zone: Optional[str]
    on: Union[str, dt.date, dt.datetime, None]


def locate(
    phone: Optional[str] = None,
    *,
    state: Optional[str] = None,
    confirmed: Optional[Confirmed] = None,
    at: Union[str, dt.date, dt.datetime, None] = None,
) -> Located:
    """Candidate time zones and jurisdictions, by a number, a postal state and a confirmed place, at the time of the contact.

    What cannot be read is no error: it leaves unknown what would have to be guessed, and says so in ``because``.
    """
    known = {"phone": phone, "state": state, "confirmed": confirmed, "at": at}
    return cast(Located, json.loads(_locate(known)))
