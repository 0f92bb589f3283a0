from __future__ import annotations

import pytest

from arshjul.core.model import Party, Recipient
from arshjul.core.names import stem
from arshjul.core.parties import Directory, Resolved

FOLLO, FOLLO_MAYORS = Recipient("follo@example.no"), Recipient("ordforerne.follo@example.no")
HAMAR, OFFICE = Recipient("hamar@example.no"), Recipient("sekretariatet@example.no")
BOARD = Recipient("styret@example.no")


def party(id_: str, name: str, *members: Recipient, parts: tuple[str, ...] = (), also: tuple[str, ...] = ()) -> Party:
    return Party("o", id_, name, also, members, parts)


PARTIES = Directory(
    [
        party("sekretariatet", "Sekretariatet", OFFICE),
        party("styret", "Styret", BOARD, also=("Styret i Osloregionen IPR",)),
        party("delregionene", "Delregionene", parts=("follo", "Hamarregionen")),
        Party("o", "follo", "Asker og Follo", (), (FOLLO,), (), {"Ordførerne": (FOLLO_MAYORS,)}),
        Party("o", "hamar", "Hamarregionen", (), (HAMAR,), (), {"Ordførerne": ()}),
        party("ordforerne", "Ordførere", parts=("Delregionene: Ordførerne",)),
        party("adm-grupper", "Adm. grupper", OFFICE),
        party("tom", "Valgkomiteen"),
    ]
)
ALL_PARTS = {"o/delregionene", "o/follo", "o/hamar"}


@pytest.mark.parametrize(
    ("cell", "names", "recipients"),
    [
        ("Sekretariatet", ("Sekretariatet",), (OFFICE,)),
        ("Delregionene", ("Delregionene",), (FOLLO, HAMAR)),
        ("delregioner", ("delregioner",), (FOLLO, HAMAR)),
        ("Delregionene: Ordførerne", ("Delregionene: Ordførerne",), (FOLLO_MAYORS,)),
        ("Ordførerne", ("Ordførerne",), (FOLLO_MAYORS,)),
        ("Delregionene/ adm.grupper", ("Delregionene", "adm.grupper"), (FOLLO, HAMAR, OFFICE)),
        ("Sekretariatet, styret", ("Sekretariatet", "styret"), (OFFICE, BOARD)),
        ("Styret og sekretariatet", ("Styret", "sekretariatet"), (BOARD, OFFICE)),
        ("Styret, Asker og Follo", ("Styret", "Asker og Follo"), (BOARD, FOLLO)),
        ("Styret i Osloregionen IPR", ("Styret i Osloregionen IPR",), (BOARD,)),
        ("", (), ()),
    ],
)
def test_cell_resolves_to_parties_in_order_and_their_recipients(
    cell: str, names: tuple[str, ...], recipients: tuple[Recipient, ...]
) -> None:
    resolved = PARTIES.resolve(cell)

    assert (resolved.names, resolved.recipients, resolved.unknown) == (names, recipients, ())


def test_cell_with_unknown_and_empty_parties_names_them() -> None:
    assert PARTIES.resolve("Styret/ Fylkeslaget, Valgkomiteen") == Resolved(
        names=("Styret", "Valgkomiteen"),
        parties=frozenset({"o/styret", "o/tom"}),
        recipients=(BOARD,),
        ways=((BOARD.address, "Styret"),),
        unknown=("Fylkeslaget",),
        empty=("Valgkomiteen",),
    )


@pytest.mark.parametrize(
    ("cell", "ways"),
    [
        ("Delregionene", {FOLLO.address: "Delregionene → Asker og Follo"}),
        ("Delregionene: Ordførerne", {FOLLO_MAYORS.address: "Delregionene: Ordførerne → Asker og Follo"}),
        ("Ordførerne", {FOLLO_MAYORS.address: "Ordførerne → Delregionene: Ordførerne → Asker og Follo"}),
    ],
)
def test_the_way_from_a_cell_to_a_person_names_every_step(cell: str, ways: dict[str, str]) -> None:
    found = dict(PARTIES.resolve(cell).ways)

    assert {address: found[address] for address in ways} == ways


def test_a_person_who_is_reached_twice_is_one_recipient_by_the_first_way() -> None:
    found = PARTIES.resolve("Styret, Styret")

    assert (found.recipients, found.ways) == ((BOARD,), ((BOARD.address, "Styret"),))


def test_parties_of_a_cell_hold_all_their_parts() -> None:
    assert PARTIES.resolve("Delregionene").parties == ALL_PARTS
    assert PARTIES.resolve("Ordførere").parties == ALL_PARTS | {"o/ordforerne"}


def test_parts_that_go_in_a_ring_are_found_and_end() -> None:
    ring = Directory([party("a", "Alfa", OFFICE, parts=("Beta",)), party("b", "Beta", parts=("Alfa",))])

    assert ring.loop(ring.parties[0]) == ["Alfa", "Beta", "Alfa"]
    assert ring.resolve("Beta").recipients == (OFFICE,)
    assert PARTIES.loop(PARTIES.parties[2]) == []


@pytest.mark.parametrize(
    "names",
    [
        ("styret", "Styre", "styrene"),
        ("kommuner", "Kommunene", "kommune"),
        ("ordførere", "ordførerne", "Ordfører"),
        ("adm. grupper", "adm.grupper", "adm gruppe"),
        ("trontaledebatten", "Trontaledebatt"),
        ("Stortingets-åpning", "stortingets åpningen"),
    ],
)
def test_stem_is_the_same_for_all_inflections(names: tuple[str, ...]) -> None:
    assert len({stem(name) for name in names}) == 1
