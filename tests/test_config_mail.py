"""Settings of the mail: what is refused, and where secrets come from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import SecretStr

from arshjul.config import read_settings
from arshjul.plan.files import read_toml
from arshjul.plan.problems import Problem
from arshjul.service.parts import at_once, is_same_way_out, relay_of, server_of, thumbprint_of
from arshjul.settings import Settings

SMTP = '[mail]\ntransport = "smtp"\nhost = "smtp.example.no"\n'
XOAUTH2 = (
    'auth = "xoauth2"\nusername = "arshjul@example.no"\ntenant = "t"\nclient_id = "c"\nsecret_expires = 2027-05-31\n'
)


def settings_of(
    text: str, folder: Path = Path(), environment: Mapping[str, str] | None = None
) -> tuple[Settings, list[Problem]]:
    document, problems = read_toml(text, "config.toml")
    assert problems == []
    return read_settings(document, folder, environment or {})


def told(text: str, folder: Path = Path()) -> list[str]:
    return [str(problem) for problem in settings_of(text, folder)[1]]


def test_log_in_is_never_unencrypted_but_on_this_machine() -> None:
    plain = 'start_tls = false\nusername = "arshjul"\n'
    assert told(SMTP + plain) == [
        "config.toml:4:13: Innloggingen ville gått ukryptert over nettet.\n    Sett start_tls = true."
    ]
    assert told(SMTP.replace("smtp.example.no", "127.0.0.1") + plain) == []
    assert told(SMTP + "start_tls = false\n") == []  # a relay that knows us by our address


@pytest.mark.parametrize(
    ("sender", "hello", "greeted"),
    [
        ("arshjul@example.no", "", "example.no"),
        ("Årshjul <post@blåbær.no>", "", "xn--blbr-roah.no"),
        ("arshjul@example.no", "Årshjul.Example.no", "xn--rshjul-hua.example.no"),
        ("arshjul@example.no", "srv01.example.no.", "srv01.example.no"),
        ("arshjul@localhost.localdomain", "arshjul.example.no", "arshjul.example.no"),
    ],
)
def test_server_is_greeted_with_a_name_that_others_can_look_up(sender: str, hello: str, greeted: str) -> None:
    settings, problems = settings_of(f'[letters]\nfrom = "{sender}"\n{SMTP}hello = "{hello}"\n')
    assert (problems, server_of(settings).local_hostname) == ([], greeted)


@pytest.mark.parametrize(
    ("hello", "why"),
    [
        ("localhost", "«localhost» er et navn som bare denne maskinen kjenner."),
        ("3f2a9c81d0e4", "«3f2a9c81d0e4» er et navn som bare denne maskinen kjenner."),
        ("localhost.localdomain", "«localhost.localdomain» er et navn som bare denne maskinen kjenner."),
        ("203.0.113.9", "«203.0.113.9» er en IP-adresse."),
        ("[203.0.113.9]", "«[203.0.113.9]» er en IP-adresse."),
        ("mail_gw.example.no", "«mail_gw.example.no» har en understrek, og det godtar ikke e-posttjenere."),
    ],
)
def test_name_that_no_server_would_take_is_refused_at_load(hello: str, why: str) -> None:
    assert told(f'{SMTP}hello = "{hello}"\n') == [
        f"config.toml:4:9: {why} Skriv et navn som finnes i DNS, for eksempel «arshjul.example.no»."
    ]


def test_name_with_a_blank_or_a_second_command_in_it_is_refused() -> None:
    assert told(f'{SMTP}hello = "example.no SIZE=1"\n') == [
        "config.toml:4:9: «example.no SIZE=1» er ikke navnet på noen tjener. Skriv for eksempel «smtp.example.no»."
    ]


def test_domain_of_the_sender_must_do_where_no_other_name_is_given() -> None:
    sender = '[letters]\nfrom = "arshjul@maskin.localdomain"\n'
    assert told(sender) == []  # a Maildir greets nobody
    assert told(sender + SMTP) == [
        "config.toml:2:8: «maskin.localdomain» er et navn som bare denne maskinen kjenner. Skriv et navn som finnes i "
        "DNS, for eksempel «arshjul.example.no».\n    E-posttjeneren hilses med avsenderens domene. Sett ellers "
        "hello i [mail]."
    ]


def test_another_name_to_greet_with_is_another_way_out() -> None:
    one, other = (settings_of(f'{SMTP}hello = "{name}.example.no"\n')[0] for name in ("a", "b"))
    assert (relay_of(one) != relay_of(other), is_same_way_out(one, other)) == (True, False)


@pytest.mark.parametrize(
    ("host", "read"),
    [
        ("smtp.example.no", "smtp.example.no"),
        ("SMTP.Example.NO", "smtp.example.no"),
        ("smtp.blåbær.no", "smtp.xn--blbr-roah.no"),
        ("localhost", "localhost"),
        ("mail_gw", "mail_gw"),
        ("192.0.2.17", "192.0.2.17"),
        ("2001:DB8::17", "2001:db8::17"),
        ("[::1]", "::1"),
        ("", ""),
    ],
)
def test_host_is_read_as_dns_knows_it(host: str, read: str) -> None:
    settings, problems = settings_of(f'[mail]\nhost = "{host}"\n')
    assert (problems, settings.mail.host) == ([], read)


NO_HOST = "er ikke navnet på noen tjener. Skriv for eksempel «smtp.example.no»."


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("smtp..no", f"«smtp..no» {NO_HOST}"),
        (".example.no", f"«.example.no» {NO_HOST}"),
        ("smtp example.no", f"«smtp example.no» {NO_HOST}"),
        ("smtp.example.no/inn", f"«smtp.example.no/inn» {NO_HOST}"),
        ("-smtp.example.no", f"«-smtp.example.no» {NO_HOST}"),
        ("192.0.2.256", f"«192.0.2.256» {NO_HOST}"),
        ("x" * 64 + ".no", NO_HOST),
        ("smtp://smtp.example.no", "«smtp://smtp.example.no» er en adresse. Skriv bare navnet, uten «smtp://»."),
        (
            "smtp.example.no:587",
            "«smtp.example.no:587» har porten i seg. Skriv bare navnet her, og port = 587 for seg.",
        ),
    ],
)
def test_host_that_is_no_name_is_told_with_its_place(host: str, said: str) -> None:
    (message,) = told(SMTP.replace("smtp.example.no", host))
    assert message.startswith("config.toml:3:8: ")
    assert message.endswith(said)


@pytest.mark.parametrize(
    "host",
    [
        "arshjul:hemmelig@smtp.example.no",
        "arshjul:hem melig@smtp.example.no",
        "smtp://arshjul:hemmelig@smtp.example.no:587",
        "hemmelig@smtp.example.no",
        "arshjul:hemm@lig@smtp.example.no",
    ],
)
def test_password_before_a_host_is_not_repeated(host: str) -> None:
    assert told(SMTP.replace("smtp.example.no", host)) == [
        "config.toml:3:8: Det står noe foran @ i navnet på tjeneren. "
        "Skriv bare navnet, og brukernavn og passord for seg."
    ]


def test_xoauth2_says_all_that_it_needs() -> None:
    messages = told(SMTP + 'auth = "xoauth2"\n')
    assert [message.split("XOAUTH2 trenger ")[1].split()[0] for message in messages] == [
        "username",
        "tenant",
        "client_id",
        "secret_expires",
    ]
    assert told(SMTP + XOAUTH2) == []


def test_expiry_is_a_date() -> None:
    assert told(SMTP + 'secret_expires = "i mai"\n') == [
        "config.toml:4:18: «i mai» er ingen dato.\n    Skriv for eksempel «2027-05-31»."
    ]


def test_secrets_come_from_the_environment_or_a_file_that_only_we_read(tmp_path: Path) -> None:
    file = tmp_path / "hemmelig"
    file.write_text("nøkkel\n", encoding="utf-8")
    file.chmod(0o644)
    text = SMTP + XOAUTH2 + 'client_secret_file = "hemmelig"\n'
    assert told(text, tmp_path) == [
        "config.toml:9:22: Filen «hemmelig» kan leses av andre.\n    Kjør: chmod 600 hemmelig"
    ]
    file.chmod(0o600)
    settings, problems = settings_of(text, tmp_path)
    assert (problems, settings.client_secret) == ([], SecretStr("nøkkel"))
    settings, _ = settings_of(text, tmp_path, {"ARSHJUL_CLIENT_SECRET": "annen"})
    assert settings.client_secret == SecretStr("annen")
    file.unlink()
    assert told(text, tmp_path) == [
        "config.toml:9:22: Filen i client_secret_file finnes ikke. Er det hemmeligheten selv som står her?\n"
        "    Skriv den i en fil for seg, og navnet på filen her."
    ]


def test_no_secret_is_shown() -> None:
    secrets = {
        "ARSHJUL_SMTP_PASSWORD": "kanari-1",
        "ARSHJUL_CLIENT_SECRET": "kanari-2",
        "ARSHJUL_CERTIFICATE": "kanari-3",
    }
    settings, _ = settings_of(SMTP + XOAUTH2, environment=secrets)
    assert "kanari" not in repr(settings) + str(settings) + repr(server_of(settings)) + relay_of(settings)


def test_a_secret_in_the_file_itself_is_refused() -> None:
    assert "Ukjent nøkkel «password»" in told(SMTP + 'password = "hemmelig"\n')[0]


@pytest.mark.parametrize(
    ("text", "environment"),
    [
        (SMTP, {"ARSHJUL_SMTP_PASSWORD": "ny"}),
        (SMTP.replace("smtp.", "mail."), {}),
        (SMTP + '[letters]\nfrom = "annen@example.no"\n', {}),
        (SMTP + "port = 2525\n", {}),
    ],
)
def test_the_relays_name_changes_with_what_a_log_in_depends_on(text: str, environment: dict[str, str]) -> None:
    assert relay_of(settings_of(text, environment=environment)[0]) != relay_of(settings_of(SMTP)[0])


def test_the_relays_name_stays_when_something_else_changes() -> None:
    assert relay_of(settings_of(SMTP + '[site]\nname = "Annet"\n')[0]) == relay_of(settings_of(SMTP)[0])


def test_connections_are_those_of_a_server() -> None:
    assert at_once(settings_of(SMTP + "connections = 7\n")[0]) == 7
    assert at_once(settings_of("[mail]\nconnections = 7\n")[0]) == 1
    assert len(told(SMTP + "connections = 51\n")) == 1


def test_certificate_without_a_certificate_in_it_has_no_thumbprint() -> None:
    assert thumbprint_of(SecretStr("-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----")) == ""
    pem = "-----BEGIN CERTIFICATE-----\nYQ==\n-----END CERTIFICATE-----\n"
    assert thumbprint_of(SecretStr("key\n" + pem)) == "86F7E437FAA5A7FCE15D1DDCB9EAEAEA377667B8"
