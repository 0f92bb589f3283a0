"""config.toml: what it may say, and what is told when it says something else."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from arshjul.config import PASSWORD, read_settings
from arshjul.plan.files import read_toml
from arshjul.plan.model import Recipient
from arshjul.plan.problems import Problem
from arshjul.settings import Settings
from arshjul.timing.days import Offset, Unit


def settings_of(text: str, folder: Path = Path("/srv/arshjul"), password: str = "") -> tuple[Settings, list[str]]:
    document, problems = read_toml(text, "config.toml")
    assert problems == []
    settings, found = read_settings(document, folder, {PASSWORD: password} if password else {})
    return settings, [said(problem) for problem in found]


def said(problem: Problem) -> str:
    return f"{problem.place.line}:{problem.place.column} {problem.message} {problem.hint}".strip()


def test_empty_config_has_working_defaults() -> None:
    settings, problems = settings_of("")

    assert problems == []
    assert settings.rules.leads == (Offset(20), Offset(5))
    assert settings.rules.send_days.weekdays == {1}
    assert settings.rules.send_days.at == time(8)
    assert (settings.site.host, settings.site.port, settings.mail.transport) == ("127.0.0.1", 8000, "maildir")


def test_paths_lie_below_the_folder_of_the_config() -> None:
    settings, _ = settings_of('[mail]\nmaildir = "post"\n[store]\nurl = "sqlite:///data/a.db"\n')

    assert settings.maildir == Path("/srv/arshjul/post")
    assert settings.calendars == Path("/srv/arshjul/calendars")
    assert settings.store_url == "sqlite:////srv/arshjul/data/a.db"


def test_address_of_the_site_has_no_slash_at_its_end_wherever_it_is_shown() -> None:
    settings, problems = settings_of('[site]\nurl = "https://kalender.example.no/"\n')

    assert problems == []
    assert settings.site.url == "https://kalender.example.no"


def test_front_page_that_shows_all_behind_a_web_server_is_told_of() -> None:
    settings, problems = settings_of('[site]\nurl = "https://kalender.example.no"\nindex = "all"\n')

    assert problems == []
    assert [str(note) for note in settings.notes] == [
        "config.toml:3:9: Merk: Forsiden viser alt, også det som ikke er åpent, til alle som når "
        "https://kalender.example.no.\n    Sett index = «public», hvis ikke webtjeneren der krever innlogging."
    ]


@pytest.mark.parametrize("index", ["all", "public"])
def test_front_page_of_this_machine_alone_is_not_told_of(index: str) -> None:
    assert settings_of(f'[site]\nurl = "http://localhost:8000"\nindex = "{index}"\n')[0].notes == ()


def test_aliases_are_names_and_no_addresses() -> None:
    settings, problems = settings_of('[site]\naliases = ["Gammel.example.no", "kalender.ås.no"]\n')
    assert (settings.site.aliases, problems) == (("gammel.example.no", "kalender.xn--s-1fa.no"), [])

    _, problems = settings_of('[site]\naliases = ["https://gammel.example.no"]\n')
    assert [str(problem) for problem in problems] == [
        "2:11 «https://gammel.example.no» er en adresse. Skriv bare navnet, uten «https://»."
    ]


def test_address_of_the_site_that_would_break_links_is_told_with_its_place() -> None:
    _, problems = settings_of('[site]\nurl = "https://kalender.example.no/a b"\n')

    assert [str(problem) for problem in problems] == [
        "2:7 Dette kan ikke være adressen: den skal bare ha navn og port. "
        "Skriv for eksempel «https://kalender.example.no»."
    ]


def test_letters_are_sent_as_the_config_says() -> None:
    settings, problems = settings_of(
        '[letters]\nleads = [15, "2 uker"]\nsend_days = ["mandag", "Torsdag"]\ntime = "07.30"\n'
        'quiet_days = ["24. desember–1. januar"]\nreply_to = "Sekretariatet <post@blåbær.no>"\n'
    )

    assert problems == []
    assert settings.rules.leads == (Offset(15), Offset(2, Unit.WEEKS))
    assert settings.rules.send_days.weekdays == {0, 3}
    assert settings.rules.send_days.at == time(7, 30)
    assert not settings.rules.send_days.is_open(date(2026, 12, 30))
    assert str(settings.reply_to) == "Sekretariatet <post@xn--blbr-roah.no>"


def test_coordinator_may_be_named_and_may_be_left_out() -> None:
    named, _ = settings_of('[letters]\ncoordinator = "Kari <kari@example.no>"\n')
    unnamed, _ = settings_of("[letters]\n")
    _, problems = settings_of('[letters]\ncoordinator = "Kari"\n')
    _, unread = settings_of('[letters]\ncoordinator = "Kari <kari@example.no>; tysk"\n')

    assert named.rules.coordinator == Recipient("kari@example.no", "Kari")
    assert unnamed.rules.coordinator is None
    assert [problem.split()[0] for problem in problems] == ["2:15"]
    assert unread == ["2:15 «tysk» er ikke noe språk. Skriv «bokmål», «nynorsk» eller «engelsk»."]


@pytest.mark.parametrize(("after", "language"), [("", "nb"), ("; nynorsk", "nn"), ("; engelsk", "en"), ("; en", "en")])
def test_coordinator_may_have_a_language(after: str, language: str) -> None:
    settings, problems = settings_of(f'[letters]\ncoordinator = "Kari <kari@example.no>{after}"\n')

    assert problems == []
    assert settings.rules.coordinator
    assert (settings.rules.coordinator, settings.rules.coordinator.language) == (
        Recipient("kari@example.no", "Kari"),
        language,
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[leters]\n", ["1:2 Ukjent nøkkel «leters». Mente du «letters»?"]),
        (
            '[letters]\nleads = ["500 dager"]\n',
            ["2:10 Varslingstiden «500 dager» er lengre enn et år. Skriv høyst 366 dager."],
        ),
        (
            '[letters]\nleads_for = { "årlig" = [300] }\n',
            ["2:26 Varslingstiden «300 virkedager» er lengre enn et år. Skriv høyst 250 virkedager."],
        ),
        ('[site]\nport = "8000"\n', ["2:8 «port»: Her skal det stå et helt tall."]),
        (
            '[letters]\nsend_days = ["tirsdag", "lørdag"]\n',
            [
                "2:25 «lørdag» er ingen ukedag det kan sendes brev på. "
                "Skriv en av mandag, tirsdag, onsdag, torsdag, fredag."
            ],
        ),
        ('[letters]\ntime = "02:30"\n', ["2:8 Brev kan ikke sendes mellom kl. 02 og 03."]),
        (
            '[letters]\nquiet_days = ["1. januar–31. desember"]\n',
            ["2:14 De stille dagene varer mer enn 62 dager i strekk. Da rekker ingen brev frem i tide."],
        ),
        ('[letters]\ntime = "åtte"\n', ["2:8 «åtte» er ikke noe klokkeslett. Skriv «08:00»."]),
        (
            '[letters]\nquiet_days = ["jevnlig"]\n',
            ["2:15 «jevnlig» er ingen dager i året. Skriv for eksempel «24. desember–1. januar»."],
        ),
        (
            '[letters]\nfrom = "bjørn@example.no"\n',
            ["2:8 «bjørn@example.no» har et tegn foran @ som ikke kan brukes i en adresse."],
        ),
        ('[mail]\ntransport = "smtp"\n', ["1:2 SMTP trenger en tjener: host = «smtp.example.no»."]),
        (
            '[site]\nhost = "0.0.0.0"\nindex = "all"\n',
            [
                "2:8 Forsiden viser alt og kan nås av andre. Sett index = «public» når andre kan nå tjenesten.",
            ],
        ),
        (
            '[mail]\npassword = "hemmelig"\n',
            [
                "2:1 Ukjent nøkkel «password» under [mail]. Et passord skal aldri stå her. "
                "Sett miljøvariabelen ARSHJUL_SMTP_PASSWORD, eller skriv password_file."
            ],
        ),
    ],
)
def test_mistake_in_the_config_is_told_with_its_place(text: str, expected: list[str]) -> None:
    _, problems = settings_of(text)

    assert problems == expected


def test_password_comes_from_the_environment_and_never_shows() -> None:
    settings, problems = settings_of("", password="hemmelig")

    assert problems == []
    assert settings.password is not None
    assert settings.password.get_secret_value() == "hemmelig"
    assert "hemmelig" not in repr(settings)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://arshjul:kanari@db.example.no/arshjul",
        "postgresql+psycopg://arshjul:kan/a:ri@db.example.no:5432/arshjul",
        "postgresql://:kanari@db.example.no/arshjul",
        "postgresql://arshjul@db.example.no/arshjul?sslmode=require&password=kanari",
    ],
)
def test_password_in_the_address_of_the_database_is_refused_and_never_shows(url: str) -> None:
    settings, problems = settings_of(f'[store]\nurl = "{url}"\n')

    assert problems == [
        "2:7 Adressen til databasen har et passord i seg. "
        "Ta det ut. Sett miljøvariabelen PGPASSWORD, eller skriv det i ~/.pgpass eller filen i PGPASSFILE."
    ]
    assert url not in repr(settings)
    assert "ri@" not in repr(settings)
    assert "kanari" not in repr(settings)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://db.example.no/arshjul",
        "postgresql+psycopg://arshjul@db.example.no:5432/arshjul?sslmode=verify-full",
        "postgresql:///arshjul?host=/run/postgresql",
        "sqlite:///var/a:b@c.db",
        "postgresql://arshjul@db.example.no/arshjul",
        "postgresql://arshjul@[2001:db8::1]:5432/arshjul",
        "postgresql://[::1]/arshjul",
        "postgresql:///arshjul",
        "postgresql://arshjul@/arshjul?host=/run/postgresql&port=5433",
    ],
)
def test_address_of_the_database_without_a_password_is_taken(url: str) -> None:
    assert settings_of(f'[store]\nurl = "{url}"\n')[1] == []


BEGINNING = "den må begynne med «sqlite:///» eller «postgresql://»"
SLASHES = "før filen skal det stå «sqlite:///», med tre skråstreker"
PORT = "porten må være et tall fra 1 til 65535"
FILE = "databasen må ligge i en fil"


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("postgresql://h:notport/x", PORT),
        ("postgresql://arshjul@db.example.no:0/x", PORT),
        ("postgresql://db.example.no:65536/x", PORT),
        ("postgresql://db.example.no:/x", PORT),
        ("postgresql://db.example.no:5432:1/x", PORT),
        ("postgresql://[::1]:x/x", PORT),
        ("postgresql:///x?host=/run/postgresql&port=abc", PORT),
        ("postgresql://:5432/x", "navnet på tjeneren mangler før porten"),
        ("mysql://db.example.no/x", BEGINNING),
        ("postgres://db.example.no/x", BEGINNING),
        ("var/arshjul.db", BEGINNING),
        ("sqlite://var/arshjul.db", SLASHES),
        ("sqlite+aiosqlite:///var/arshjul.db", SLASHES),
        ("sqlite:///", FILE),
        ("sqlite:///:memory:", FILE),
        ("sqlite:///file:a?mode=memory", FILE),
    ],
)
def test_address_that_no_database_can_have_is_told_with_its_place(url: str, why: str) -> None:
    _, problems = settings_of(f'[store]\nurl = "{url}"\n')

    assert problems == [
        f"2:7 Dette kan ikke være adressen til databasen: {why}. "
        "Skriv for eksempel «sqlite:///var/arshjul.db» eller «postgresql://arshjul@db.example.no/arshjul»."
    ]


def test_database_that_is_a_folder_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "arshjul.db").touch()

    assert settings_of('[store]\nurl = "sqlite:///var/arshjul.db"\n', tmp_path)[1] == []
    assert settings_of('[store]\nurl = "sqlite:///var"\n', tmp_path)[1] == [
        "2:7 Databasen må være en fil, men «var» er en mappe."
    ]


def test_password_file_must_be_ours_alone(tmp_path: Path) -> None:
    file = tmp_path / "passord"
    file.write_text("hemmelig\n", encoding="utf-8")
    file.chmod(0o644)
    text = '[mail]\npassword_file = "passord"\n'

    assert settings_of(text, tmp_path)[1] == ["2:17 Filen «passord» kan leses av andre. Kjør: chmod 600 passord"]

    file.chmod(0o600)
    settings, problems = settings_of(text, tmp_path)
    assert problems == []
    assert settings.password is not None
    assert settings.password.get_secret_value() == "hemmelig"


def test_password_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    text = '[mail]\npassword_file = "borte.txt"\n'
    assert settings_of(text, tmp_path)[1] == ["2:17 Filen «borte.txt» kan ikke leses."]
    (tmp_path / "var").mkdir()
    assert settings_of(text.replace("borte.txt", "var/borte"), tmp_path)[1] == [
        "2:17 Filen «var/borte» kan ikke leses."
    ]


@pytest.mark.parametrize(
    "secret",
    [
        "hunter2",
        "9a/Zk+Qx0w==",
        "/begynner med skråstrek",
        "-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBgkq\\n",
        "x" * 5000,
        "nul\\u0000tegn",
    ],
)
@pytest.mark.parametrize("key", ["password_file", "client_secret_file", "certificate_file"])
def test_secret_in_place_of_its_file_is_not_repeated(tmp_path: Path, key: str, secret: str) -> None:
    assert settings_of(f'[mail]\n{key} = "{secret}"\n', tmp_path)[1] == [
        f"2:{len(key) + 4} Filen i {key} finnes ikke. Er det hemmeligheten selv som står her? "
        "Skriv den i en fil for seg, og navnet på filen her."
    ]
