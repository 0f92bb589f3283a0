from __future__ import annotations

import pytest

from arshjul.plan.model import Party, Recipient
from arshjul.plan.parties import Directory, Resolved, cell_fault, stem

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

    assert (resolved.names, resolved.recipients, PARTIES.unknown(cell)) == (names, recipients, ())


def test_cell_with_unknown_and_empty_parties_names_them() -> None:
    assert PARTIES.resolve("Styret/ Fylkeslaget, Valgkomiteen") == Resolved(
        names=("Styret", "Valgkomiteen"),
        parties=frozenset({"o/styret", "o/tom"}),
        recipients=(BOARD,),
        ways=((BOARD.address, "Styret"),),
        empty=("Valgkomiteen",),
    )
    assert PARTIES.unknown("Styret/ Fylkeslaget, Valgkomiteen") == ("Fylkeslaget",)


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


def test_parts_that_go_in_a_ring_end() -> None:
    ring = Directory([party("a", "Alfa", OFFICE, parts=("Beta",)), party("b", "Beta", parts=("Alfa",))])

    assert ring.resolve("Beta").recipients == (OFFICE,)
    assert ring.resolve("Beta").parties == {"o/a", "o/b"}


def test_layers_of_parties_are_gone_through_once() -> None:
    """With two parts in each of 22 layers there are four million ways to the bottom."""
    names = [(f"Lag {layer} a", f"Lag {layer} b") for layer in range(22)]
    pairs = [
        party(f"l{layer}{side}", names[layer][side], parts=names[layer + 1] if layer < 21 else (), also=())
        for layer in range(22)
        for side in (0, 1)
    ]
    bottom = party("bunn", "Bunnen", OFFICE)
    found = Directory([party("topp", "Toppen", parts=names[0]), *pairs, bottom]).resolve("Toppen, Bunnen")

    assert (len(found.parties), found.recipients, found.empty) == (46, (OFFICE,), ("Toppen",))


def test_chain_of_a_thousand_parties_is_followed_to_its_end() -> None:
    chain = [party(f"p{number}", f"Part {number}", parts=(f"Part {number + 1}",)) for number in range(1200)]
    found = Directory([*chain, party("p1200", "Part 1200", OFFICE)]).resolve("Part 0")

    assert (len(found.parties), found.recipients) == (1201, (OFFICE,))


def test_role_that_a_party_has_of_itself_is_looked_for_once() -> None:
    ring = Directory([party("a", "Alfa", OFFICE, parts=("Alfa: Lederen",))])

    assert ring.unknown("Alfa") == ()
    assert ring.unknown("Alfa: Lederen") == ("Alfa: Lederen",)


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ("/", "nevner ingen"),
        ("//", "nevner ingen"),
        ("", "nevner ingen"),
        ("Styret: ", "mangler rollen etter kolon"),
        ("Delregionene v/", "mangler rollen etter kolon"),
        ("Styret:, Ordførerne", "mangler rollen etter kolon"),
        ("Styret, , Styret", "har et tomt ledd"),
        ("Styret/", "har et tomt ledd"),
        ("Delregionene v/ordførerne, styret", ""),
        ("Delregionene/ adm.grupper", ""),
    ],
)
def test_cell_that_misses_something_is_known_by_its_signs(cell: str, fault: str) -> None:
    assert cell_fault(cell) == fault


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
