"""The settings of an organisation as frozen values, and the shapes of the tables of config.toml."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, Field, SecretStr
from pydantic_core import PydanticCustomError

from arshjul.letters.rules import LetterRules
from arshjul.plan.addresses import read_hello, read_host, read_site_address
from arshjul.plan.model import Recipient
from arshjul.plan.problems import Note
from arshjul.plan.shapes import Filled, Leads, LeadsFor, Shape, Text, Texts

T = TypeVar("T")


def _said_by(read: Callable[[T], T]) -> AfterValidator:
    """Return a validator that says what a reader of addresses says."""

    def validate(text: T) -> T:
        try:
            return read(text)
        except ValueError as error:
            raise PydanticCustomError("address", "{said}", {"said": str(error)}) from None

    return AfterValidator(validate)


def _host_if_any(text: str) -> str:
    return read_host(text) if text.strip() else ""


def _hosts(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(read_host(name) for name in names)


def _hello_if_any(text: str) -> str:
    return read_hello(text) if text.strip() else ""


class SiteShape(Shape):
    """[site]: where the service is and what it shows. `url` is scheme, name and port, and no more.

    `aliases` are other names that it answers to: an old one, or the one that a web server before it asks by.
    """

    name: Filled = "Årshjul"
    url: Annotated[Filled, _said_by(read_site_address)] = "http://127.0.0.1:8000"
    host: Filled = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    uid_domain: Filled = "arshjul.example.no"
    aliases: Annotated[Texts, _said_by(_hosts)] = ()
    index: Literal["all", "public"] = "public"


class FilesShape(Shape):
    """[files]: folders, from the folder of config.toml."""

    calendars: Filled = "calendars"
    templates: Filled = "templates"


class StoreShape(Shape):
    """[store]."""

    url: Filled = "sqlite:///var/arshjul.db"
    witness: Filled = ".arshjul.witness"


class FeedsShape(Shape):
    """[feeds]: what subscribers see. `vanish_share` is the share of what lies ahead that may go without leave."""

    cancelled_days: Annotated[int, Field(ge=0, le=366)] = 14
    vanish_share: Annotated[float, Field(ge=0, le=1)] = 0.3


class LettersShape(Shape):
    """[letters]."""

    leads: Leads = ("20 virkedager", "5 virkedager")
    leads_for: LeadsFor = Field(default_factory=dict)
    send_days: Texts = ("tirsdag",)
    urgent_leads: Annotated[int, Field(ge=0)] = 5
    time: Text = "08:00"
    sender: Text = Field("Årshjul <arshjul@example.no>", alias="from")
    reply_to: Text = ""
    coordinator: Text = ""
    quiet_days: Texts = ()


class MailShape(Shape):
    """[mail]. `hello` is the name that the mail server is greeted with; "" is the domain that letters come from."""

    transport: Literal["maildir", "smtp"] = "maildir"
    maildir: Filled = "var/mail"
    host: Annotated[Text, _said_by(_host_if_any)] = ""
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    hello: Annotated[Text, _said_by(_hello_if_any)] = ""
    start_tls: bool = True
    auth: Literal["password", "xoauth2"] = "password"
    username: Text = ""
    password_file: Text = ""
    tenant: Text = ""
    client_id: Text = ""
    client_secret_file: Text = ""
    certificate_file: Text = ""
    secret_expires: Text = ""
    per_minute: Annotated[int, Field(ge=1)] = 25
    connections: Annotated[int, Field(ge=1, le=50)] = 1


class BrakesShape(Shape):
    """[brakes]: how many letters may be queued at once before a person has looked.

    `letters_at_once`, or `times_normal` times what the files plan for their largest day where that is more; and
    `letters_by_edit` that tell of what was edited.
    """

    letters_at_once: Annotated[int, Field(ge=1)] = 50
    times_normal: Annotated[int, Field(ge=1)] = 2
    letters_by_edit: Annotated[int, Field(ge=1)] = 20


class ConfigShape(Shape):
    """The whole of config.toml; every part may be left out."""

    site: SiteShape = SiteShape()
    files: FilesShape = FilesShape()
    store: StoreShape = StoreShape()
    feeds: FeedsShape = FeedsShape()
    letters: LettersShape = Field(default_factory=lambda: LettersShape.model_validate({}))
    mail: MailShape = MailShape()
    brakes: BrakesShape = BrakesShape()


NOBODY = Recipient("arshjul@example.no", "Årshjul")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the rest of the program is told. Paths are absolute; `rules` are ready for planning."""

    folder: Path
    site: SiteShape = field(default_factory=SiteShape)
    calendars: Path = Path("calendars")
    templates: Path = Path("templates")
    store_url: str = field(default="sqlite:///var/arshjul.db", repr=False)
    witness: Path = Path(".arshjul.witness")
    feeds: FeedsShape = field(default_factory=FeedsShape)
    rules: LetterRules = field(default_factory=LetterRules)
    sender: Recipient = NOBODY
    reply_to: Recipient = NOBODY
    mail: MailShape = field(default_factory=MailShape)
    maildir: Path = Path("var/mail")
    password: SecretStr | None = None
    client_secret: SecretStr | None = None
    certificate: SecretStr | None = None
    secret_expires: date | None = None
    brakes: BrakesShape = field(default_factory=BrakesShape)
    crash_at: str = ""
    force_polling: bool = False
    notes: tuple[Note, ...] = ()

    @classmethod
    def unread(cls, folder: Path) -> Settings:
        """Return what holds where config.toml cannot be read: the database is where it lies by default."""
        return cls(folder, store_url=f"sqlite:///{folder / 'var' / 'arshjul.db'}", witness=folder / ".arshjul.witness")

    @property
    def has_store(self) -> bool:
        """Whether there is a database yet; of PostgreSQL it is taken for granted."""
        path = self.store_url.removeprefix("sqlite:///")
        return path == self.store_url or self.folder.joinpath(path).exists()

    @property
    def state(self) -> Path:
        """The folder of what the service remembers outside its database."""
        return self.folder / "var"

    @property
    def hello(self) -> str:
        """The name that the mail server is greeted with."""
        return self.mail.hello or self.sender.address.rpartition("@")[2]

    @property
    def secret_files(self) -> tuple[Path, ...]:
        """The files that secrets are read from."""
        names = (self.mail.password_file, self.mail.client_secret_file, self.mail.certificate_file)
        return tuple(self.folder / name for name in names if name)
