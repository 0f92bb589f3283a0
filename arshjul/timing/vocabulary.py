"""The words of Norwegian time phrases and the roles that they play."""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple

from arshjul.timing.cadences import Bound, Continuous, Each, Nothing, NthOf, OnDemand, Per, Side, Vague, Weekly, Yearly
from arshjul.timing.places import DayKind, Part, Season, Section, YearKind


class Role(Enum):
    """What a word does in a phrase."""

    NAME = auto()  # any word that is not in the vocabulary
    FILLER = auto()  # says nothing about time
    ARTICLE = auto()  # "den", "det"
    PREP = auto()  # "i", "på", "om": ties a part to a whole
    OF = auto()  # "av"
    FOR = auto()
    NUMBER = auto()
    ORDINAL = auto()
    LAST = auto()  # "siste"
    NEXT = auto()  # "neste", "påfølgende"
    MONTH = auto()
    WEEKDAY = auto()
    WEEKDAYS = auto()  # plural: every one of them
    THE_WEEKDAY = auto()  # definite: "mandagen etter"
    WORKDAYS = auto()  # a sort of day: DayKind
    SEASON = auto()
    FEAST = auto()
    UNIT = auto()  # Per
    EACH = auto()  # "hver"
    OTHER = auto()  # "annenhver", "hver annen"
    PER = auto()  # "per", "i hver"
    OFTEN = auto()  # an adverb that is a cadence: "årlig"
    TIMES = auto()  # "ganger"
    LEAST = auto()
    MOST = auto()
    ABOUT = auto()
    BOUND = auto()
    LIMIT = auto()  # "frist": a bound that may also follow its date
    SIDE = auto()
    OWNER = auto()  # "på forhånd": a side without an anchor
    NOTICE = auto()  # "varsel"
    UNTIL = auto()  # "til", "–"
    SECTION = auto()
    HALVE = auto()  # "halve juni"
    TURN = auto()  # "månedsskiftet"
    LAST_DAY = auto()  # "utgangen av"
    FIRST_DAY = auto()
    CLOCK = auto()
    AND = auto()
    OR = auto()
    OPEN = auto()  # a cadence without dates: "ved behov"
    ALL_YEAR = auto()
    CONDITION = auto()
    EXCEPT = auto()
    LATER = auto()  # "flyttes til neste virkedag"
    EARLIER = auto()
    ANCHOR = auto()  # "neste gang" before a year
    PARITY = auto()  # "partallsuker"
    IN_A_ROW = auto()
    WEEKEND = auto()
    INSTEAD = auto()  # "i stedet for", "tidligere": what follows is no longer true
    CLAUSE = auto()  # "at": a clause follows
    NOT = auto()  # "ikke"
    MOVED = auto()  # "utsatt": takes an earlier day away and gives another
    HALF = auto()  # "halvdel"
    UNSURE = auto()  # "kanskje", "natt": denies, doubts or is not read; beside it nothing is sure
    EITHER = auto()  # "enten": two times, and which is not said
    STOP = auto()  # "men", "hvis": ends a name


class Word(NamedTuple):
    """The role of a word, and what it stands for there."""

    role: Role
    value: object = None


Entry = tuple[Role, object, str]
"""A role, a value, and the words or expressions that have them, with "|" between."""


def entered(entries: list[Entry]) -> dict[str, Word]:
    """Return the words of a vocabulary by their text; of two entries for one word the later counts."""
    return {
        " ".join(expression.split()): Word(role, value)
        for role, value, expressions in entries
        for expression in expressions.split("|")
    }


PARTS = {Per.MONTH: Part.MONTH, Per.QUARTER: Part.QUARTER, Per.TERTIAL: Part.TERTIAL, Per.HALF: Part.HALF}
"""The units that are parts of the year."""


VAGUE = """
jevnlig|jamleg|fra tid til annen|av og til|periodisk|
periodiske|med jevne mellomrom|med jamne mellomrom|snarest|snarest mulig|snarast|snarast mogleg|
så snart som mulig|så fort som mulig|så raskt som mulig|så tidlig som mulig|så snart som råd|
så snart som mogleg|så raskt som mogleg|så tidleg som mogleg|så ofte som mulig|omgående|straks|umiddelbart|
med en gang|med ein gong|fremover|framover|på sikt|på lang sikt|over tid|inntil videre|inntil vidare|for tiden|
for tida|pr i dag|per i dag|i dag|i morgen|i morgon|i etterkant|kommende år|komande år|neste år|til neste år|
forrige år|førre år|inneværende år|inneverande år|påfølgende år|påfølgjande år|det kommende året|
etterfølgende år|etterfølgjande år|året etter|året før|foregående år|føregåande år|det komande året|
neste periode|forrige periode|de siste årene|dei siste åra|i fjor|langsiktig|kortsiktig|med rimelig varsel|
med rimeleg varsel|i god tid|en gang i blant|sporadisk|sjelden|ofte|hyppig|arbeidsåret|skoleåret|skuleåret|
regnskapsåret|rekneskapsåret|etterhvert|etter hvert som|gradvis|om kort tid|som vanlig|som vanleg|i øyeblikket|
for øyeblikket|i fremtiden|i framtida|innen rimelig tid|innan rimeleg tid|i nær fremtid|i nær framtid|på nyåret|
over nyttår|på et tidlig tidspunkt|på et så tidlig tidspunkt|på eit så tidleg tidspunkt
"""
ON_DEMAND = """
ved behov|etter behov|om nødvendig|om naudsynt|ved nødvendighet|så ofte som det trengs|så ofte det trengs|
om det trengs|så ofte som nødvendig|på forespørsel|på førespurnad|ved forespørsel|på oppfordring|på oppmoding|
etter avtale|etter nærmere avtale|etter nærare avtale|etter ønske|ved ønske|uansett tidspunkt|når som helst|
ad hoc|ved henvendelse|etter skjønn|ved interesse|på bestilling
"""
CONTINUOUS = """
løpende|løpande|fortløpende|fortløpande|kontinuerlig|kontinuerlige|kontinuerleg|kontinuerlege|til enhver tid|
enhver tid|på enhver tids gjeldende|til ei kvar tid|til einkvar tid|til kvar tid|kor tid som helst|hele tiden|
heile tida|døgnet rundt|alltid|permanent|daglig drift|dagleg drift
"""
NOTHING = """
dato kommer|dato kjem|dato ikke fastsatt|dato ikkje fastsett|ikke fastsatt|ikkje fastsett|dato ikke satt|
tidspunkt ikke fastsatt|dato bestemmes senere|n / a|ikke angitt|ikke oppgitt|ikkje oppgitt|mangler|
kommer senere|kjem seinare|kommer etter hvert|på et senere tidspunkt|på eit seinare tidspunkt|settes senere|
fastsettes senere|avklares senere|bestemmes senere|blir bestemt senere|vert avklart seinare|ikke bestemt|
ikke avklart|ikkje avklart|ikke avtalt|ikke aktuelt|ikke relevant|ikke i år|utgår|ingen|avlyst|tbd|tba|tbc
"""
MOVED = (
    "flyttet|flytta|flyttes|flyttast|utsatt|utsett|utsettes|utsettast|forskjøvet|forskyves|framskyndet|fremskyndet|"
    "ombestemt|omberammet|endret|endra|endres|endrast"
)
"""What takes an earlier day away and gives another."""
UNSURE = (
    "avlyses|avlysast|avlyste|kansellert|kanselleres|innstilt|innstilles|droppes|bortfaller|bortfall|strøket|stroke|"
    "sjeldnere|sjeldnare|oftere|oftare|natt|natten|natta|natt til|natten til|natta til|"
    "forrige|førre|aldri|uten|utan|verken|hverken|korkje|kanskje|kan hende|muligens|kanskje ikke|"
    "midnatt|ved midnatt|halv|kvart over|kvart på|timer|time|timar|minutter|minutt|utc|gmt|z"
)
"""What denies a time, doubts it, or tells it in a way that is not read: beside any of these nothing is sure."""
FILLERS = """
som er blir bli vert var ble å sitt sin sine si selve sjølve ordinære ordinært ordinær årets
holdes haldast avholdes avhaldast gjennomføres skal må bør kan arrangeres leveres sendes søkes fast faste
normalt vanligvis vanlegvis primært helst gjerne venteleg forventet typisk dato tid tidspunkt periode perioden
møtedag møtetid oppstart starter startar start åpner åpnes opnar status beskjed nytt nye klar ferdig sendt inne
utkast utkastet vedtas legges behandles kveld kvelden ettermiddag formiddag morgen bare kun berre dere vi du
dette hele heile også da foreløpig tentativt planlagt begge post
"""


def _vague() -> list[Entry]:
    return [(Role.OPEN, Vague(words), words) for words in " ".join(VAGUE.split()).split("|")]


EXPRESSION_LIST: list[Entry] = [
    (Role.FILLER, None, "|".join(FILLERS.split())),
    (Role.FILLER, None, "d . a|hele dagen|heile dagen|begge dager|begge dagar|begge dagene"),
    (Role.FILLER, None, "med mindre annen beskjed|med mindre annet|med mindre anna|om ikke annet|om ikkje anna"),
    (Role.UNSURE, None, "med mindre"),
    # Parts and edges
    (
        Role.SECTION,
        Section.START,
        "primo|først i|fyrst i|begynnelsen av|begynnelsen på|starten av|starten på|byrjinga av",
    ),
    (Role.SECTION, Section.START, "tidlig i|tidlig på|tidlig|tidleg i|tidleg på|tidleg|første del av|fyrste del av"),
    (Role.SECTION, Section.MIDDLE, "medio|midten av|midten i|midt i|midt på|midt"),
    (
        Role.SECTION,
        Section.END,
        "ultimo|ult|sist i|slutten av|slutten på|mot slutten av|mot slutten på|enden av|siste del av",
    ),
    (Role.SECTION, Section.END, "sent i|sent på|seint i|seint på|sent|seint|sen|sein|sene|seine"),
    (Role.HALVE, None, "halve"),
    (Role.TURN, None, "månedsskiftet|månedsskifte|månedskiftet|månedskifte|månadsskiftet|månadsskifte|overgangen"),
    (Role.LAST_DAY, None, "utgangen av|utgongen av|utgangen|utløpet av|utløpa av|slutt|slutten|siste dag i"),
    (Role.LAST_DAY, "year", "årsslutt|årets slutt|års slutt|årets utgang"),
    (Role.FIRST_DAY, None, "inngangen til|inngangen av"),
    (Role.ALL_YEAR, None, "hele året|heile året|hele året rundt|heile året rundt|året rundt|året gjennom"),
    (Role.ALL_YEAR, None, "gjennom året|gjennom hele året|gjennom heile året"),
    # Limits
    (Role.BOUND, Bound.BY, "innen|innan|senest|seinast|aller senest|helst innen|senest innen|seinast innan"),
    (Role.BOUND, Bound.UNTIL, "fram til|frem til|inntil|fram mot|frem mot|inn til"),
    (Role.BOUND, Bound.THROUGH, "til og med|tom|t . o . m|fram til og med|frem til og med"),
    (Role.BOUND, Bound.DURING, "i løpet av|iløpet av|i laupet av|i løp av|ilp|ila"),
    (Role.BOUND, Bound.FROM, "tidligst|tidlegast|tidligast|aller tidligst|fra tidligst|frå tidlegast"),
    (Role.BOUND, Bound.FROM, "fra|frå|fra og med|frå og med|fom|f . o . m|med oppstart"),
    (
        Role.LIMIT,
        Bound.BY,
        "frist|fristen|siste frist|med frist|frist for|siste frist for|tidsfrist|deadline|siste dag",
    ),
    (Role.LIMIT, Bound.BY, "forfall|forfallsdato|siste søknadsdag|frister|fristene"),
    (
        Role.EXCEPT,
        None,
        "unntatt|unnateke|bortsett fra|med unntak av|med unntak for|utenom|utanom|ikke i|ikkje i|foruten",
    ),
    (Role.INSTEAD, None, "i stedet for|istedenfor|i staden for|tidligere|tidlegare|se|sjå|se også"),
    (Role.NOT, None, "ikke|ikkje"),
    (Role.MOVED, None, MOVED),
    (Role.UNSURE, None, UNSURE),
    (Role.EITHER, None, "enten|anten"),
    (Role.LATER, None, "flyttes til neste virkedag|flyttast til neste virkedag|flyttast til neste yrkedag"),
    (
        Role.LATER,
        None,
        "flyttes til neste arbeidsdag|flyttes til påfølgende virkedag|flyttes til første virkedag etter",
    ),
    (Role.LATER, None, "ellers neste virkedag|eller neste virkedag|eller neste arbeidsdag|eller påfølgende virkedag"),
    (Role.LATER, None, "eller første virkedag etter|eller første påfølgende virkedag"),
    (Role.EARLIER, None, "flyttes til forrige virkedag|flyttast til førre virkedag|flyttast til førre yrkedag"),
    (Role.EARLIER, None, "flyttes til siste virkedag før|eller siste virkedag før|eller forrige virkedag"),
    (Role.ANCHOR, None, "neste gang|neste gong|første gang|fyrste gong|siste gang|fra og med året|med start i|start i"),
    # Relations
    (
        Role.SIDE,
        Side.BEFORE,
        "før|forut for|i forkant av|i forkant for|i framkant av|i forveien av|opp mot|inn mot|framfor",
    ),
    (
        Role.SIDE,
        Side.BEFORE,
        "like før|rett før|straks før|umiddelbart før|kort tid før|i tiden før|i tida før|i god tid før",
    ),
    (Role.SIDE, Side.AFTER, "etter|i etterkant av|rett etter|like etter|straks etter|umiddelbart etter|kort tid etter"),
    (
        Role.SIDE,
        Side.AFTER,
        "kort etter|i tiden etter|i tida etter|snarest etter|snarest mulig etter|regnet fra",
    ),
    (
        Role.SIDE,
        Side.AFTER,
        "så snart som mulig etter|så fort som mulig etter|så raskt som mulig etter|så snart som råd etter",
    ),
    (
        Role.SIDE,
        Side.AT,
        "i forbindelse med|i samband med|i tilknytning til|i sammenheng med|ifbm|ifm|i anledning|i høve",
    ),
    (Role.SIDE, Side.AT, "samtidig med|samtidig som|samstundes med|parallelt med|under|mellom|som en del av"),
    (
        Role.SIDE,
        Side.AT,
        "samme dag som|same dag som|samme dato som|i vedtak av|ved vedtak av|ved behandling av|ved neste|på neste",
    ),
    (Role.OWNER, Side.BEFORE, "i forveien|i forvegen|på forhånd|på førehand|føreåt|i forkant|forut|i førevegen"),
    (Role.OWNER, Side.AFTER, "etterpå|i ettertid|deretter|senere|seinare"),
    (Role.OWNER, Side.AT, "samme dag|same dag"),
    (Role.NOTICE, Side.BEFORE, "varsel|varseltid|forvarsel|førehandsvarsel"),
    (Role.IN_A_ROW, None, "på rad|på rekke|etter hverandre|etter kvarandre|i strekk"),
    # Small words
    (Role.LEAST, None, "minst|minimum|i det minste|ikke mindre enn"),
    (Role.MOST, None, "maks|maksimum|maksimalt|høyst|høgst|opptil|opp til|ikke mer enn|max"),
    (Role.ABOUT, None, "ca|cirka|circa|omkring|rundt|omtrent|om lag|omlag|kring|anslagsvis"),
    (Role.CLOCK, None, "kl|klokken|klokka|klokkeslett"),
    (Role.UNTIL, None, "til|og til|-"),
    (Role.AND, None, "og|samt|&|+"),
    (Role.OR, None, "eller|alternativt|evt|ev|eventuelt|og eventuelt|eller eventuelt|og evt|eller evt"),
    (Role.CLAUSE, None, "at"),
    (Role.STOP, None, "men|så|hvor|der|dersom|hvis|når|mens|slik|fordi|jf|jfr"),
    (Role.ARTICLE, None, "den|det|de|dei"),
    (Role.PREP, None, "i|på|om|ved|over"),
    (Role.OF, None, "av"),
    (Role.FOR, None, "for"),
    # Times that are no dates
    *_vague(),
    (Role.OPEN, Vague("jevnlig"), "jevnlige|regelmessig|regelmessige"),
    (Role.OPEN, Vague("jamleg"), "jamlege|jamnleg|jamnlege"),
    (Role.OPEN, OnDemand(), ON_DEMAND),
    (Role.OPEN, Continuous(), CONTINUOUS),
    (Role.OPEN, Nothing(), NOTHING),
]


MONTHS = (
    "januar|jan",
    "februar|feb|febr",
    "mars|mar",
    "april|apr",
    "mai",
    "juni|jun",
    "juli",
    "august|aug",
    "september|sep|sept",
    "oktober|okt",
    "november|nov",
    "desember|des",
)
WEEKDAYS = (
    "mandag|måndag",
    "tirsdag|tysdag|tirs|tys",
    "onsdag|ons",
    "torsdag|tors",
    "fredag|fre",
    "lørdag|laurdag|lør",
    "søndag|sundag|søn",
)
EACH_OF_THEM = ("er", "ar", "ene", "ane", "s", "skveld", "skvelder", "skvelden", "skveldar", "smorgen", "smorgener")
NUMBERS = (
    "en|én|èn|ett|et|ein|éin|eitt|eit|ei",
    "to|et par|eit par|flere|fleire|noen|nokre",
    "tre",
    "fire",
    "fem",
    "seks",
    "sju|syv",
    "åtte",
    "ni",
    "ti",
    "elleve",
    "tolv",
    "tretten",
    "fjorten",
    "femten",
    "seksten",
    "sytten",
    "atten",
    "nitten",
    "tjue|tyve",
)
ORDINALS = (
    "første|fyrste",
    "andre|annen|annet|annan|anna",
    "tredje",
    "fjerde",
    "femte",
    "sjette",
    "sjuende|syvende|sjuande",
    "åttende|åttande",
    "niende|niande",
    "tiende|tiande",
    "ellevte|ellefte",
    "tolvte",
    "trettende|trettande",
    "fjortende|fjortande",
    "femtende|femtande",
)
LATE_ORDINALS = (
    "sekstende|sekstande",
    "syttende|syttande",
    "attende|attande",
    "nittende|nittande",
    "tjuende|tyvende|tjuande",
    *(
        f"tjue{ones}|tjue {ones}|{units}ogtyvende|{units} og tyvende"
        for ones, units in (
            *(("første|tjuefyrste", "en"), ("andre", "to"), ("tredje", "tre"), ("fjerde", "fire")),
            *(("femte", "fem"), ("sjette", "seks"), ("sjuende|tjuesyvende|tjuesjuande", "syv")),
            *(("åttende|tjueåttande", "åtte"), ("niende|tjueniande", "ni")),
        )
    ),
    "trettiende|trettiande|tredevte",
    "trettiførste|trettifyrste|enogtredevte",
)
"""16 to 31, as days are counted."""


def _weekday_forms() -> list[Entry]:
    """Return "mandager" and "mandagskvelden" (each of them) and "mandagen" (the one beside an anchor)."""
    entries: list[Entry] = []
    for day, names in enumerate(WEEKDAYS):
        for name in [name for name in names.split("|") if name.endswith("dag")]:
            entries += [
                (Role.WEEKDAYS, day, "|".join(name + end for end in EACH_OF_THEM)),
                (Role.THE_WEEKDAY, day, f"{name}en"),
            ]
    return entries


OTHERS = ("annen", "annet", "annan", "anna", "ann", "anne")
MONTH_END = NthOf(-1, DayKind.DAY)
WORD_LIST: list[Entry] = [
    *((Role.MONTH, number, names) for number, names in enumerate(MONTHS, 1)),
    *((Role.WEEKDAY, day, names) for day, names in enumerate(WEEKDAYS)),
    *_weekday_forms(),
    *((Role.NUMBER, number, names) for number, names in enumerate(NUMBERS, 1)),
    (Role.NUMBER, 30, "tretti"),
    *((Role.ORDINAL, number, names) for number, names in enumerate(ORDINALS, 1)),
    *((Role.ORDINAL, number, names) for number, names in enumerate(LATE_ORDINALS, 16)),
    (Role.LAST, -1, "siste|sist"),
    (Role.LAST, -2, "nest siste|nestsiste|nest sist"),
    (Role.LAST, -3, "tredje siste|tredjesiste|tredje sist"),
    (Role.LAST, -4, "fjerde siste|fjerdesiste|fjerde sist"),
    (Role.HALF, None, "halvdel|halvdelen|halvpart|halvparten"),
    (Role.NEXT, None, "neste|påfølgende|påfølgjande|førstkommende|fyrstkomande|førstkomande|komande|kommende"),
    # Units
    (Role.UNIT, Per.YEAR, "år|året|års|årene|åra|kalenderår|kalenderåret|arbeidsår|skoleår|skuleår|driftsår"),
    (Role.UNIT, Per.HALF, "halvår|halvåret|halvårene|semester|semesteret|semestre"),
    (Role.UNIT, Per.TERTIAL, "tertial|tertialet|tertialer|tertialene|tertiala"),
    (Role.UNIT, Per.QUARTER, "kvartal|kvartalet|kvartaler|kvartalene|kvartala|kv"),
    (Role.UNIT, Per.MONTH, "måned|måneden|måneder|månedene|måneds|måneders|mnd|mnder|kalendermåned"),
    (Role.UNIT, Per.MONTH, "månad|månaden|månader|månadene|månads|månaders|kalendermånad"),
    (Role.UNIT, Per.WEEK, "uke|uken|uka|uker|ukene|ukers|ukes|u|kalenderuke"),
    (Role.UNIT, Per.WEEK, "veke|veka|veker|vekene|vekers|vekes"),
    (Role.UNIT, Per.DAY, "dag|dager|dagers|dags|dagar|dagars|døgn|dagene|dagane"),
    (Role.UNIT, Per.DAY, "kalenderdag|kalenderdager|kalenderdagar"),
    (Role.UNIT, Per.TERM, "valgperiode|valgperioden|valperiode|valperioden|kommunestyreperiode|kommunestyreperioden"),
    (Role.WORKDAYS, DayKind.WORKDAY, "virkedag|virkedager|virkedagen|virkedagene|virkedags|virkedagers"),
    (Role.WORKDAYS, DayKind.WORKDAY, "arbeidsdag|arbeidsdager|arbeidsdagen|arbeidsdagar|arbeidsdagers|arbeidsdagene"),
    (Role.WORKDAYS, DayKind.WORKDAY, "yrkedag|yrkedagar|yrkedagen|verkedag|verkedagar|verkedagen"),
    (Role.WORKDAYS, DayKind.WEEKDAY, "hverdag|hverdager|hverdagen|hverdagene|kvardag|kvardagar|kvardagen|kvardagane"),
    (Role.WORKDAYS, DayKind.DAY, "dagen"),
    (Role.WEEKEND, None, "helg|helgen|helga|helger|helgene|weekend|helgar"),
    # How often
    (Role.EACH, 1, "hver|hvert|enhver|ethvert|hver eneste|hvert eneste|hver enkelt|hvert enkelt|samtlige|alle"),
    (Role.EACH, 1, "kvar|kvart|kvar einaste|kvar enkelt|kvart einaste"),
    (Role.OTHER, 2, "hvert annethvert|hver annen|hvert annet|kvar annan|kvart anna"),
    *(
        (Role.OTHER, 2, f"{other}{each}|{other} {each}")
        for other in OTHERS
        for each in ("hver", "hvert", "kvar", "kvart")
    ),
    (Role.PER, None, "per|pr|i hver|i hvert|i kvar|i kvart"),
    (Role.OFTEN, Yearly(), "årlig|årlige|årleg|årlege|årvisst|årsvis|en gang årlig|årsterminer"),
    (Role.OFTEN, Each(1, MONTH_END), "månedsslutt|månadsslutt"),
    (Role.OFTEN, Each(3, MONTH_END), "kvartalsslutt"),
    (Role.OFTEN, Each(4, MONTH_END), "tertialslutt|tertialsslutt"),
    (Role.OFTEN, Per.HALF, "halvårlig|halvårlige|halvårleg|halvårlege|halvårsvis"),
    (Role.OFTEN, Per.TERTIAL, "tertialvis|tertialsvis|tertialvise"),
    (Role.OFTEN, Per.QUARTER, "kvartalsvis|kvartalsvise|kvartalvis"),
    (Role.OFTEN, Per.MONTH, "månedlig|månedlige|månadleg|månadlege|månedsvis|månadsvis"),
    (Role.OFTEN, Per.WEEK, "ukentlig|ukentlige|vekentleg|vekentlege|ukevis|vekevis"),
    (Role.OFTEN, Per.DAY, "daglig|daglige|dagleg|daglege"),
    (Role.OFTEN, Weekly((0, 1, 2, 3, 4)), "ukedager|ukedagene|vekedagar|vekedagane"),
    (Role.TIMES, None, "ganger|gang|gonger|gongar|gong|x|g|ggr|gg"),
    (Role.PARITY, 1, "oddetallsuker|oddetallsuke|oddetallsukene|oddetalsveker|oddeuker|odde uker|ulike uker"),
    (Role.PARITY, 2, "partallsuker|partallsuke|partallsukene|partalsveker|like uker"),
    # Seasons and feasts
    (Role.SEASON, Season.WINTER, "vinter|vinteren|vinterstid"),
    (Role.SEASON, Season.SPRING, "vår|våren|vårs|vårparten"),
    (Role.SEASON, Season.SUMMER, "sommer|sommeren|sommar|sommaren"),
    (Role.SEASON, Season.AUTUMN, "høst|høsten|haust|hausten|høstparten"),
    (Role.FEAST, "nyttår", "nyttår|nyttårsdag|nyttårsdagen|første nyttårsdag"),
    (Role.FEAST, "årsskiftet", "årsskiftet|årsskifte|årskiftet|årskifte|årets begynnelse"),
    (Role.FEAST, "fastelavn", "fastelavn|fastelavnssøndag"),
    (Role.FEAST, "palmesøndag", "palmesøndag|palmesundag"),
    (Role.FEAST, "påskeuken", "påskeuken|påskeuka|påskeveka|den stille uke"),
    (Role.FEAST, "påskeferien", "påskeferien|påskeferie"),
    (Role.FEAST, "påske", "påske|påsken|påska|påskehelgen|påskehelga"),
    (Role.FEAST, "skjærtorsdag", "skjærtorsdag|skjertorsdag"),
    (Role.FEAST, "langfredag", "langfredag"),
    (Role.FEAST, "påskeaften", "påskeaften|påskeaftan"),
    (Role.FEAST, "1. påskedag", "første påskedag|påskedag"),
    (Role.FEAST, "2. påskedag", "andre påskedag"),
    (
        Role.FEAST,
        "kristi himmelfartsdag",
        "kristi himmelfartsdag|kristi himmelfart|kr . himmelfartsdag|himmelfart|himmelfartsdag",
    ),
    (Role.FEAST, "pinseaften", "pinseaften|pinseaftan"),
    (Role.FEAST, "pinse", "pinse|pinsen|pinsa|pinsehelgen|pinsehelga"),
    (Role.FEAST, "1. pinsedag", "første pinsedag|pinsedag"),
    (Role.FEAST, "2. pinsedag", "andre pinsedag"),
    (Role.FEAST, "arbeidernes dag", "arbeidernes dag|arbeidernes internasjonale kampdag|arbeidardagen"),
    (Role.FEAST, "grunnlovsdagen", "grunnlovsdagen|grunnlovsdag|nasjonaldagen"),
    (Role.FEAST, "sankthans", "sankthans|sankthansaften|st hans|sankthansaftan|jonsok|jonsokaften"),
    (Role.FEAST, "olsok", "olsok"),
    (Role.FEAST, "samefolkets dag", "samefolkets dag|samefolkedagen|samedagen"),
    (Role.FEAST, "morsdag", "morsdag|morsdagen"),
    (Role.FEAST, "kvinnedagen", "kvinnedagen|den internasjonale kvinnedagen"),
    (Role.FEAST, "FN-dagen", "fn-dagen"),
    (Role.FEAST, "allehelgensdag", "allehelgensdag|allehelgen|allehelgenssøndag"),
    (Role.FEAST, "farsdag", "farsdag|farsdagen"),
    (Role.FEAST, "lucia", "lucia|luciadagen|santa lucia"),
    (Role.FEAST, "fellesferien", "fellesferien|fellesferie"),
    (Role.FEAST, "sommerferien", "sommerferien|sommerferie|sommarferien|sommarferie"),
    (Role.FEAST, "høstferien", "høstferien|høstferie|haustferien|haustferie"),
    (Role.FEAST, "vinterferien", "vinterferien|vinterferie"),
    (Role.FEAST, "advent", "advent|adventstiden|adventstida|adventen"),
    (Role.FEAST, "juleferien", "juleferien|juleferie"),
    (Role.FEAST, "lille julaften", "lille julaften|lillejulaften|litle julaftan|veslejulaftan|vesle julaftan"),
    (Role.FEAST, "julaften", "julaften|julaftan|julekvelden"),
    (Role.FEAST, "jul", "jul|julen|jula|jol|jola|juletider|juletid|juletida"),
    (Role.FEAST, "1. juledag", "første juledag|juledag"),
    (Role.FEAST, "2. juledag", "andre juledag"),
    (Role.FEAST, "romjulen", "romjulen|romjul|romjula|mellom jul og nyttår|mellom jol og nyttår"),
    (Role.FEAST, "nyttårsaften", "nyttårsaften|nyttårsaftan"),
    (Role.FEAST, "vårhalvåret", "vårhalvåret|vårhalvår"),
    (Role.FEAST, "høsthalvåret", "høsthalvåret|høsthalvår|hausthalvåret|hausthalvår"),
    (Role.FEAST, "vårsemesteret", "vårsemesteret|vårsemester"),
    (Role.FEAST, "høstsemesteret", "høstsemesteret|høstsemester|haustsemesteret|haustsemester"),
    # Sorts of years
    (Role.CONDITION, YearKind.ELECTION, "valgår|valår|valgåret|valåret"),
    (Role.CONDITION, YearKind.STORTING_ELECTION, "stortingsvalgår|stortingsvalår|stortingsvalgåret"),
    (Role.CONDITION, YearKind.LOCAL_ELECTION, "kommunevalgår|lokalvalgår|kommunevalår|lokalvalår|kommunevalgåret"),
    (Role.CONDITION, YearKind.BETWEEN_ELECTIONS, "mellomvalgsår|mellomvalår|mellomvalgår|mellomvalsår|år uten valg"),
    (Role.CONDITION, YearKind.EVEN, "partallsår|partalsår|like år"),
    (Role.CONDITION, YearKind.ODD, "oddetallsår|oddetalsår|ulike år"),
    (Role.CONDITION, YearKind.LEAP, "skuddår|skotår"),
]


DEFINITE = ("møtet", "møta", "møtene", "tinget", "samlinga", "samlingen", "seminaret", "konferansen", "forumet")
MEETINGS = (*DEFINITE, "møte", "møter", "ting", "samling", "seminar", "konferanse", "forum")
"""How the names of meetings end; the definite ones are particular meetings."""
