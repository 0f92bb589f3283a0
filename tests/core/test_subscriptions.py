"""Which feeds there are, what they are called, and what they hold."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arshjul.feeds.subscriptions import (
    FeedNameError,
    FeedSpec,
    Scope,
    areas,
    asked_spec,
    indexed,
    milestone_ids,
    parse_spec,
    selected,
    slug,
    title,
)
from arshjul.plan.model import Catalogue
from arshjul.timing.days import Span
from arshjul.year.expand import expand
from tests.files_of import catalogue_of

YEAR = Span(date(2027, 1, 1), date(2028, 1, 1))
REGION = catalogue_of(
    """
    [calendar]
    id = "region"
    name = "Regionen"

    [[party]]
    id = "sekretariatet"
    name = "Sekretariatet"
    members = ["Kari <kari@example.no>"]

    [[party]]
    id = "styret"
    name = "Styret"
    members = ["Ola <ola@example.no>"]
    roles = { "Leder" = ["Leder <leder@example.no>"] }

    [[party]]
    id = "regionen"
    name = "Regionen"
    parts = ["Styret"]

    [[event]]
    id = "styremote"
    title = "Styremøte"
    when = ["2027-02-12", "2027-04-23"]
    contributors = "Styret"
    area = "Møter"
    milestones = [ { id = "papirer", title = "Papirer", when = "5 virkedager før", responsible = "Sekretariatet" } ]

    [[event]]
    id = "hoering"
    title = "Høringssvar"
    when = "1. juni"
    responsible = "Sekretariatet"
    contributors = "Styret: Leder"
    area = "Høring og innspill"
    """
)


def held(text: str, catalogue: Catalogue = REGION) -> list[str]:
    spec = asked_spec(text, catalogue)
    index = indexed(expand(catalogue, YEAR), [spec, FeedSpec(Scope.PARTY, "region/regionen")])
    return [one.key for one in selected(spec, index, milestone_ids(catalogue))]


MEETINGS = ["region/styremote/2027-02", "region/styremote/2027-04"]
PAPERS = ["region/styremote.papirer/2027-02", "region/styremote.papirer/2027-04"]
HEARING = "region/hoering/2027"


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("region", [*MEETINGS, *PAPERS, HEARING]),
        ("calendar:region;no-milestones", [*MEETINGS, HEARING]),
        ("calendar:region;deadlines", [*PAPERS, HEARING]),
        ("calendar:region;no-milestones;deadlines", [HEARING]),
        ("area:region/Høring og innspill", [HEARING]),
        ("area:region/moter", [*MEETINGS, *PAPERS]),
        ("party:region/styret", [*MEETINGS, HEARING]),
        ("region/styret", [*MEETINGS, HEARING]),
        ("Sekretariatet", [*PAPERS, HEARING]),
        ("recipient:kari@example.no", [*PAPERS, HEARING]),
        ("recipient:ola@example.no", MEETINGS),
        ("recipient:leder@example.no", [HEARING]),
    ],
)
def test_feed_holds_what_it_follows(text: str, keys: list[str]) -> None:
    assert sorted(held(text)) == sorted(keys)


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("osloregionen/styret", FeedSpec(Scope.PARTY, "osloregionen/styret")),
        ("party:osloregionen/styret", FeedSpec(Scope.PARTY, "osloregionen/styret")),
        ("calendar:politisk-aar;lang=nb", FeedSpec(Scope.CALENDAR, "politisk-aar")),
        ("area:o/horing;deadlines;alarms", FeedSpec(Scope.AREA, "o/horing", deadlines=True, alarms=True)),
        ("recipient:a@example.no;leads", FeedSpec(Scope.RECIPIENT, "a@example.no", leads=True)),
    ],
)
def test_name_of_a_feed_is_read_the_old_way_and_the_new(text: str, spec: FeedSpec) -> None:
    assert parse_spec(text) == spec


@given(
    st.builds(
        FeedSpec,
        st.sampled_from(Scope),
        st.text("abc/-.@", min_size=1),
        *(st.booleans() for _ in range(4)),
    )
)
def test_name_of_a_feed_reads_back(spec: FeedSpec) -> None:
    assert parse_spec(str(spec)) == spec


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("party:region/styret;lang=nn", "bare på bokmål"),
        ("party:region/styret;colour", "Valgene er no-milestones, deadlines, leads, alarms"),
        ("team:region/styret", "Begynn med calendar:"),
        ("party:", "Begynn med calendar:"),
        ("party:region/styre-x", "Parten «region/styre-x» finnes ikke."),
        ("calendar:reg", "Kalenderne er region."),
        ("area:region/tull", "Områdene er region/moter, region/horing-og-innspill."),
        ("recipient:ukjent@example.no", "Ingen part har adressen «ukjent@example.no»."),
        ("recipient:ukjent", "mangler en e-postadresse"),
    ],
)
def test_what_is_no_feed_is_told_plainly(text: str, words: str) -> None:
    with pytest.raises(FeedNameError, match=words.replace("(", r"\(")):
        asked_spec(text, REGION)


def test_address_of_a_feed_never_holds_who_subscribes() -> None:
    assert asked_spec("recipient:kari@example.no", REGION).slug == "mine-oppgaver"
    assert [asked_spec(text, REGION).slug for text in ("region", "Styret", "area:region/Møter")] == [
        "region",
        "styret",
        "moter",
    ]


def test_title_says_whose_year_it_is() -> None:
    specs = [asked_spec(text, REGION) for text in ("Styret", "area:region/moter", "recipient:kari@example.no")]
    assert [title(spec, REGION) for spec in specs] == [
        ("Styret – Regionen", "Årshjulet for Styret"),
        ("Møter – Regionen", "Årshjulet for Møter"),
        ("Mine oppgaver i årshjulet", "Alt du er ansvarlig for eller medvirker i."),
    ]


def test_what_the_calendars_have_no_more_has_no_title() -> None:
    specs = [parse_spec(text) for text in ("region/borte", "area:region/borte", "calendar:borte", "borte/styret")]
    assert [title(spec, REGION) for spec in specs] == [None] * 4


def test_areas_are_known_by_plain_names() -> None:
    (calendar,) = REGION.calendars.values()
    assert areas(calendar) == {"moter": "Møter", "horing-og-innspill": "Høring og innspill"}
    assert slug("Ærlig talt: Öl & Å") == "aerlig-talt-ol-a"
