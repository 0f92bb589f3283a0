"""The vocabulary of time, bokmål and nynorsk: each word or fixed expression with its role and value. No grammar here."""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple

from arshjul.core.cadences import (
    Bound,
    Continuous,
    DayKind,
    Nothing,
    OnDemand,
    Part,
    Per,
    Season,
    Section,
    Side,
    Vague,
    Weekly,
    Yearly,
    YearKind,
)
from arshjul.core.cadences.feasts import FEASTS


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
    OTHER = auto()  # "annenhver"
    PER = auto()  # "pr.", "hver" after a number
    OFTEN = auto()  # an adverb that is a cadence: "årlig"
    TIMES = auto()  # "ganger", "møter"
    LEAST = auto()
    MOST = auto()
    ABOUT = auto()
    BOUND = auto()
    LIMIT = auto()  # "frist": a bound that may also follow its date
    SIDE = auto()
    OWNER = auto()  # "på forhånd": a side without an anchor
    NOTICE = auto()  # "varsel"
    SAME_DAY = auto()
    UNTIL = auto()  # "til", "–"
    SECTION = auto()
    HALVE = auto()  # "halve juni"
    TURN = auto()  # "månedsskiftet"
    LAST_DAY = auto()  # "utgangen av"
    FIRST_DAY = auto()
    CLOCK = auto()
    AND = auto()
    OR = auto()
    OPEN = auto()  # a cadence without dates
    ALL_YEAR = auto()
    CONDITION = auto()
    EXCEPT = auto()
    LATER = auto()  # "flyttes til neste virkedag"
    EARLIER = auto()
    ANCHOR = auto()  # "neste gang" before a year
    PARITY = auto()  # "partallsuker"
    IN_A_ROW = auto()
    WEEKEND = auto()
    INSTEAD = auto()  # "i stedet for": what follows is no longer true
    CLAUSE = auto()  # "at": a clause follows
    EITHER = auto()  # "enten": two times, and which is not said
    STOP = auto()  # a word that ends a name


class Word(NamedTuple):
    """The role of a word, and what it stands for there."""

    role: Role
    value: object = None


VAGUE = """
jevnlig jevnlige jamleg jamlege regelmessig regelmessige regelmessig regelmessige jamnleg jamnlege|fra tid til annen|
med jevne mellomrom|med jamne mellomrom|periodisk|periodiske|av og til|snarest|snarest mulig|snarast|snarast mogleg|
så snart som mulig|så fort som mulig|så raskt som mulig|så tidlig som mulig|så snart som råd|så snart som mogleg|
så fort råd er|så raskt som mogleg|så tidleg som mogleg|
omgående|straks|strakst|umiddelbart|med en gang|med ein gong|fremover|framover|på sikt|på lang sikt|over tid|
inntil videre|inntil vidare|for tiden|for tida|pr i dag|per i dag|i dag|i morgen|i morgon|i etterkant|kommende år|
komande år|neste år|for neste år|påfølgende år|påfølgjande år|det kommende året|det komande året|kommende periode|komande periode|
kommende sesong|komande sesong|de siste årene|dei siste åra|langsiktig|kortsiktig|med rimelig varsel|
med rimeleg varsel|i god tid|av gangen|en gang i blant|sporadisk|sjelden|ofte|hyppig|
så ofte som mulig|kommende sesongen|arbeidsåret|skoleåret|skuleåret|regnskapsåret|rekneskapsåret|på et så tidlig tidspunkt|
på eit så tidleg tidspunkt|når landsmøtet nærmer seg|målet for året|ved anledning|etterhvert|gradvis|
om kort tid|som vanlig|som vanleg|i øyeblikket|for øyeblikket|inneværende år|inneverande år|forrige år|førre år|forrige periode|neste periode|i fjor|i framtida|i fremtiden|til neste år|innen rimelig tid|innan rimeleg tid|kommende søknadsrunde|i nær framtid|i nær fremtid
"""
ON_DEMAND = """
ved behov|etter behov|om nødvendig|om naudsynt|ved nødvendighet|så ofte som det trengs|så ofte det trengs|
så ofte som nødvendig|når det trengs|når det er behov|når det er nødvendig|når det er naudsynt|dersom det er behov|
hvis det er behov|om det trengs|på forespørsel|på førespurnad|på oppfordring|på oppmoding|etter avtale|ved forespørsel|
etter ønske|ved ønske|uansett tidspunkt|når som helst|ad hoc|ved henvendelse|etter nærmere avtale|etter nærare avtale|
ved forfall|når det passer|når det passar|etter skjønn|ved interesse|på bestilling|behovsprøvd
"""
CONTINUOUS = """
løpende|løpande|fortløpende|fortløpande|kontinuerlig|kontinuerleg|kontinuerlige|kontinuerlege|til enhver tid|
på enhver tids gjeldende|til ei kvar tid|til einkvar tid|til kvar tid|enhver tid|hele tiden|heile tida|døgnet rundt|alltid|
kor tid som helst|permanent|fast oppgave|daglig drift|dagleg drift
"""
NOTHING = """
dato kommer|dato kjem|dato ikke fastsatt|n / a|ikke angitt|ikkje oppgitt|ikke oppgitt|mangler|dato ikkje fastsett|ikke fastsatt|ikkje fastsett|tidspunkt ikke fastsatt|kommer senere|
kjem seinare|kommer etter hvert|på et senere tidspunkt|på eit seinare tidspunkt|settes senere|avklares senere|
bestemmes senere|ikke bestemt|ikke aktuelt|utgår|ingen|ikke relevant|ikke i år|avlyst|tbd|tba|tbc|ikke avklart|
ikkje avklart|dato ikke satt|fastsettes senere|vert avklart seinare|blir bestemt senere|ikke avtalt|dato bestemmes senere|
"""
FILLERS = """
ca. som er blir bli vert var ble å sitt sin sine si selve sjølve ordinære ordinært ordinær årets d.a evt eventuelt
holdes haldast avholdes avhaldast gjennomføres skal må bør kan arrangeres leveres sendes søkes fast faste normalt
vanlegvis vanligvis primært helst gjerne venteleg forventet typisk omtrentlig dato tid tidspunkt periode perioden
møtedag møtetid oppstart starter startar start åpner åpnes opnar status uka. med mindre beskjed nytt nye måned.
klar ferdig sendt inne utkast utkastet vedtas legges behandles dag. kveld kvelden ettermiddag formiddag morgen bare kun berre
dere vi du dette hele heile også da bindende foreløpig tentativt planlagt begge post
"""

WORDS: dict[str, Word] = {}


def _add(role: Role, value: object, expressions: str) -> None:
    for expression in expressions.split("|"):
        if words := " ".join(expression.split()):
            WORDS[words] = Word(role, value)


def _add_all(role: Role, table: dict[object, str]) -> None:
    for value, expressions in table.items():
        _add(role, value, expressions)


def _one_by_one(role: Role, value: object, words: str) -> None:
    _add(role, value, "|".join(words.split()))


MONTHS = (
    ("januar", "jan"),
    ("februar", "feb", "febr"),
    ("mars", "mar"),
    ("april", "apr"),
    ("mai",),
    ("juni", "jun"),
    ("juli", "jul."),
    ("august", "aug"),
    ("september", "sep", "sept"),
    ("oktober", "okt"),
    ("november", "nov"),
    ("desember", "des"),
)
WEEKDAYS = (
    ("mandag", "måndag"),
    ("tirsdag", "tysdag", "tirs", "tys"),
    ("onsdag", "ons"),
    ("torsdag", "tors"),
    ("fredag", "fre"),
    ("lørdag", "laurdag", "lør"),
    ("søndag", "sundag", "søn"),
)
NUMBERS = (
    "en|én|èn|ett|et|ein|éin|eitt|eit|ei",
    "to|tvo|et par|eit par",
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
    "første|fyrste|1ste",
    "andre|annen|annet|annan|anna|2dre",
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
UNITS: dict[object, str] = {
    Per.YEAR: "år|året|års|årene|åra|kalenderår|kalenderåret|arbeidsår|skoleår|skuleår|driftsår",
    Per.HALF: "halvår|halvåret|halvårene|semester|semesteret|semestre|termin i året",
    Per.TERTIAL: "tertial|tertialet|tertialer|tertialene|tertiala",
    Per.QUARTER: "kvartal|kvartalet|kvartaler|kvartalene|kvartala|kv",
    Per.MONTH: "måned|måneden|måneder|månedene|måneds|måneders|månad|månaden|månader|månadene|månads|månaders|mnd|mnder|kalendermåned",
    Per.WEEK: "uke|uken|uka|uker|ukene|ukers|ukes|veke|veka|veker|vekene|vekers|vekes|u|v|kalenderuke",
    Per.DAY: "dag|dager|dagers|dags|dagar|dagars|døgn|kalenderdager|kalenderdagar|dagene|dagane|kalenderdag",
    Per.TERM: "valgperiode|valgperioden|valperiode|valperioden|kommunestyreperiode|kommunestyreperioden|fylkestingsperiode",
}
SEASONS: dict[object, str] = {
    Season.WINTER: "vinter|vinteren|vinterstid",
    Season.SPRING: "vår|våren|vårs|vårparten",
    Season.SUMMER: "sommer|sommeren|sommar|sommaren|somrane",
    Season.AUTUMN: "høst|høsten|haust|hausten|høstparten",
}
FEAST_WORDS: dict[object, str] = {
    "nyttår": "nyttår|nyttårsdag|nyttårsdagen|første nyttårsdag",
    "årsskiftet": "årsskiftet|årsskifte|årskiftet|årskifte|årets begynnelse",
    "fastelavn": "fastelavn|fastelavnssøndag",
    "palmesøndag": "palmesøndag|palmesundag",
    "påskeuken": "påskeuken|påskeuka|påskeveka|den stille uke",
    "påskeferien": "påskeferie|påskeferien",
    "påske": "påske|påsken|påska|påskehelgen|påskehelga",
    "skjærtorsdag": "skjærtorsdag|skjertorsdag",
    "langfredag": "langfredag",
    "påskeaften": "påskeaften|påskeaftan",
    "1. påskedag": "første påskedag|påskedag",
    "2. påskedag": "andre påskedag",
    "kristi himmelfartsdag": "kristi himmelfartsdag|kristi himmelfart",
    "pinseaften": "pinseaften|pinseaftan",
    "pinse": "pinse|pinsen|pinsa|pinsehelgen|pinsehelga",
    "1. pinsedag": "første pinsedag|pinsedag",
    "2. pinsedag": "andre pinsedag",
    "arbeidernes dag": "arbeidernes dag|arbeidernes internasjonale kampdag|arbeidarane sin dag",
    "grunnlovsdagen": "grunnlovsdagen|grunnlovsdag|nasjonaldagen",
    "sankthans": "sankthans|sankthansaften|st hans|sankthansaftan|jonsok|jonsokaften",
    "olsok": "olsok",
    "fellesferien": "fellesferien|fellesferie",
    "sommerferien": "sommerferie|sommerferien|sommarferie|sommarferien",
    "høstferien": "høstferie|høstferien|haustferie|haustferien",
    "vinterferien": "vinterferie|vinterferien",
    "advent": "advent|adventstiden|adventstida|adventen",
    "juleferien": "juleferie|juleferien",
    "julaften": "julaften|julaftan|julekvelden",
    "jul": "jul|julen|jula|jol|jola|juletider|juletid|juletida",
    "1. juledag": "første juledag|juledag",
    "2. juledag": "andre juledag",
    "romjulen": "romjulen|mellom jul og nyttår|mellom jol og nyttår|romjul|romjula",
    "nyttårsaften": "nyttårsaften|nyttårsaftan",
    "vårhalvåret": "vårhalvåret|vårhalvår",
    "høsthalvåret": "høsthalvåret|høsthalvår|hausthalvåret|hausthalvår",
    "vårsemesteret": "vårsemesteret|vårsemester",
    "høstsemesteret": "høstsemesteret|høstsemester|haustsemesteret|haustsemester",
}
BOUNDS: dict[object, str] = {
    Bound.BY: "innen|innan|innen utløpet av|innan utløpet av|senest|seinast|aller senest|helst innen|senest innen|seinast innan|"
    "ikke senere enn|ikkje seinare enn|ikke seinere enn",
    Bound.UNTIL: "fram til|frem til|inntil|fram mot|frem mot|inn til",
    Bound.THROUGH: "til og med|tom|t o m|fram til og med|frem til og med|inntil utgangen av",
    Bound.DURING: "i løpet av|iløpet av|ilp|ila|i laupet av|i løp av|ilpa|i løpet av perioden",
    Bound.FROM: "fra|frå|fra og med|frå og med|fom|f o m|f.o.m|fra omkring|med oppstart|fra og",
}
LIMITS = (
    "frist|fristen|siste frist|med frist|tidsfrist|deadline|svarfrist|siste dag|innleveringsfrist|søknadsfrist|søknadsfristen|"
    "siste frist for|frist for|påmeldingsfrist|forfall|forfallsdato|siste søknadsdag|høringsfrist|høyringsfrist"
)
SIDES: dict[object, str] = {
    Side.BEFORE: "før|forut for|i forkant av|i forkant for|i framkant av|opp mot|like før|rett før|straks før|umiddelbart før|"
    "i forveien av|framfor|i tiden før|i tida før|i god tid før|inn mot|før selve|kort tid før|like i forkant av|innafor",
    Side.AFTER: "etter|i etterkant av|rett etter|like etter|straks etter|umiddelbart etter|kort tid etter|i etterkant for|"
    "etter at|i tiden etter|i tida etter|innen kort tid etter|så snart som mulig etter|snarest mulig etter|snarest etter|"
    "så fort som mulig etter|så raskt som mulig etter|så snart som råd etter|kort etter|uka etter at|regnet fra",
    Side.AT: "i forbindelse med|i samband med|i tilknytning til|samtidig med|samtidig som|samstundes med|i tilslutning til|under|"
    "parallelt med|i sammenheng med|ifbm|ifm|i anledning|i høve|som en del av|samme dag som|same dag som|samme dato som|"
    "i vedtak av|ved vedtak av|mellom|ved behandling av|ved neste|på neste|i selve|i løpet av selve",
}

PLURAL_ENDS = ("er", "ar", "ene", "ane", "s", "skveld", "skvelder", "skvelden", "skveldar", "smorgen", "smorgener")

_add_all(Role.MONTH, dict(enumerate(("|".join(names) for names in MONTHS), 1)))
for _day, _names in enumerate(WEEKDAYS):
    _add(Role.WEEKDAY, _day, "|".join(_names))
    for _name in _names[:2]:
        if _name.endswith("dag"):
            _add(Role.WEEKDAYS, _day, "|".join(_name + end for end in PLURAL_ENDS))
            _add(Role.THE_WEEKDAY, _day, f"{_name}en")
_add_all(Role.NUMBER, dict(enumerate(NUMBERS, 1)))
_add_all(Role.ORDINAL, dict(enumerate(ORDINALS, 1)))
_add_all(Role.UNIT, UNITS)
_add_all(Role.SEASON, SEASONS)
_add_all(Role.FEAST, FEAST_WORDS)
_add(Role.NUMBER, 30, "tretti")
_add(Role.LAST, -1, "siste|sist")
_add(Role.LAST, -2, "nest siste|nestsiste")
_add(Role.NEXT, None, "neste|påfølgende|påfølgjande|førstkommende|fyrstkomande|førstkomande|komande|kommende")
_add(
    Role.WORKDAYS,
    DayKind.WORKDAY,
    "virkedag|virkedager|virkedagen|virkedagene|virkedags|virkedagers|arbeidsdag|arbeidsdager|arbeidsdagen|arbeidsdagar|"
    "yrkedag|yrkedagar|verkedag|verkedagar|verkedagen|arbeidsdagers|arbeidsdagene|yrkedagen",
)
_add(Role.WORKDAYS, DayKind.WEEKDAY, "hverdag|hverdager|hverdagen|hverdagene|kvardag|kvardagar|kvardagen|kvardagane")
_add(Role.WORKDAYS, DayKind.DAY, "dagen")
_add(Role.WEEKEND, None, "helg|helgen|helga|helger|helgene|weekend|helgar")
_add(
    Role.EACH,
    1,
    "hver|hvert|kvar|kvart|enhver|ethvert|hver eneste|hvert eneste|hver enkelt|hvert enkelt|samtlige|kvar einaste|kvar enkelt",
)
_add(
    Role.OTHER,
    2,
    "annenhver|annethvert|annankvar|annakvart|hvert annethvert|annen hver|annet hvert|anna kvart|annan kvar",
)
_add(Role.PER, None, "per|pr|i hver|i hvert|i kvar|i kvart")
_add(Role.OFTEN, Weekly((0, 1, 2, 3, 4)), "ukedager|ukedagene|vekedagar|vekedagane|ukedag")
_add(Role.OFTEN, Yearly(), "årlig|årlige|årleg|årlege|årvisst|årvis|årsvis|en gang årlig|årsterminer")
_add(Role.OFTEN, Per.HALF, "halvårlig|halvårlige|halvårleg|halvårlege|halvårsvis")
_add(Role.OFTEN, Per.TERTIAL, "tertialvis|tertialsvis|tertialvise")
_add(Role.OFTEN, Per.QUARTER, "kvartalsvis|kvartalsvise|kvartalsmessig|kvartalvis")
_add(Role.OFTEN, Per.MONTH, "månedlig|månedlige|månadleg|månadlege|månedsvis|månadsvis")
_add(Role.OFTEN, Per.WEEK, "ukentlig|ukentlige|vekentleg|vekentlege|ukevis")
_add(Role.OFTEN, Per.DAY, "daglig|daglige|dagleg|daglege")
_add(Role.TIMES, None, "ganger|gang|gonger|gongar|gong|x|g|ggr|gg|gangar")
_add(Role.LEAST, None, "minst|minimum|min|i det minste|minimum minst|ikke mindre enn|minst en gang minst")
_add(Role.MOST, None, "maks|maksimum|maksimalt|høyst|inntil maks|opptil|opp til|høgst|ikke mer enn|max")
_add(Role.ABOUT, None, "ca|cirka|omkring|rundt|omtrent|om lag|omlag|omkr|circa|kring|anslagsvis|i overkant av")
for _bound, _expressions in BOUNDS.items():
    _add(Role.BOUND, _bound, _expressions)
_add(Role.LIMIT, Bound.BY, LIMITS)
for _side, _expressions in SIDES.items():
    _add(Role.SIDE, _side, _expressions)
_add(Role.OWNER, Side.BEFORE, "i forveien|i forvegen|på forhånd|på førehand|føreåt|i forkant|forut|i førevegen|førut")
_add(Role.OWNER, Side.AFTER, "etterpå|i ettertid|deretter|senere|seinare|seinere")
_add(Role.NOTICE, Side.BEFORE, "varsel|frist på|varseltid|skriftlig varsel|skriftleg varsel")
_add(Role.SAME_DAY, None, "samme dag|same dag")
_add(Role.UNTIL, None, "til|og til|-")
_add(
    Role.SECTION,
    Section.START,
    "primo|først i|fyrst i|begynnelsen av|starten av|tidlig i|tidlig på|tidleg i|tidleg på|byrjinga av|starten på|"
    "begynnelsen på|i begynnelsen av|i starten av|tidlig|tidleg|første del av|fyrste del av",
)
_add(Role.SECTION, Section.MIDDLE, "medio|midten av|midt i|midt på|i midten av|midten i|mid|midt")
_add(
    Role.SECTION,
    Section.END,
    "ultimo|sist i|slutten av|sent i|seint i|sent på|seint på|mot slutten av|i slutten av|slutten på|siste del av|"
    "mot slutten på|enden av",
)
_add(Role.SECTION, Section.FIRST_HALF, "første halvdel av|første halvpart av|fyrste halvdel av|første halvdelen av")
_add(
    Role.SECTION,
    Section.SECOND_HALF,
    "siste halvdel av|andre halvdel av|siste halvpart av|siste halvdelen av|andre halvpart av",
)
_add(Role.HALVE, None, "halve|halvparten av")
_add(
    Role.TURN, None, "månedsskiftet|månedsskifte|månedskifte|månedskiftet|månadsskiftet|månadsskifte|overgangen|skiftet"
)
_add(
    Role.LAST_DAY,
    None,
    "utgangen av|utgongen av|utløpet av|utløpa av|slutt|slutten|utgangen|siste dag i|enden på",
)
_add(Role.FIRST_DAY, None, "inngangen til|inngangen av|begynnelsen til")
_add(Role.CLOCK, None, "kl|klokken|klokka|klokkeslett|kl.")
_add(Role.AND, None, "og|samt|&|+|pluss")
_add(Role.OR, None, "eller|el|og/eller|alternativt")
_one_by_one(Role.FILLER, None, FILLERS)
for _expression in " ".join(VAGUE.split()).split("|"):
    _add(Role.OPEN, Vague(_expression.strip()), _expression)
_one_by_one(Role.OPEN, Vague("jevnlig"), "jevnlig jevnlige regelmessig regelmessige")
_one_by_one(Role.OPEN, Vague("jamleg"), "jamleg jamlege jamnleg jamnlege")
_add(Role.OPEN, OnDemand(), ON_DEMAND)
_add(Role.OPEN, Continuous(), CONTINUOUS)
_add(Role.OPEN, Nothing(), NOTHING)
_add(
    Role.ALL_YEAR,
    None,
    "hele året|heile året|hele året rundt|heile året rundt|året rundt|gjennom hele året|gjennom heile året|"
    "gjennom året|året gjennom",
)
_add_all(
    Role.CONDITION,
    {
        YearKind.ELECTION: "valgår|valår|valgåret|valåret",
        YearKind.STORTING_ELECTION: "stortingsvalgår|stortingsvalår|stortingsvalgåret",
        YearKind.LOCAL_ELECTION: "kommunevalgår|lokalvalgår|kommunevalår|lokalvalår|kommunevalgåret|lokalvalgåret",
        YearKind.BETWEEN_ELECTIONS: "mellomvalgsår|mellomvalår|mellomvalgår|mellomvalsår|år uten valg|år utan val",
        YearKind.EVEN: "partallsår|partalsår|like år",
        YearKind.ODD: "oddetallsår|oddetalsår|ulike år",
        YearKind.LEAP: "skuddår|skotår",
    },
)
_add(
    Role.EXCEPT,
    None,
    "unntatt|unnateke|bortsett fra|med unntak av|utenom|utanom|med unntak for|ikke i|ikkje i|foruten|minus",
)
_add(
    Role.LATER,
    None,
    "flyttes til neste virkedag|flyttast til neste virkedag|ellers neste virkedag|eller neste virkedag|"
    "eller påfølgende virkedag|flyttes til neste arbeidsdag|flyttes til første virkedag etter|flyttast til neste yrkedag|"
    "eller første virkedag etter|eller første påfølgende virkedag|flyttes til påfølgende virkedag|eller neste arbeidsdag",
)
_add(
    Role.EARLIER,
    None,
    "flyttes til forrige virkedag|flyttast til førre virkedag|eller siste virkedag før|eller forrige virkedag|"
    "flyttes til siste virkedag før|flyttes til nærmeste virkedag før|flyttes fram til forrige virkedag",
)
_add(
    Role.ANCHOR,
    None,
    "neste gang|neste gong|første gang|fyrste gong|siste gang|neste gang i|neste gong i|første gang i|"
    "fyrste gong i|fra og med året|med start i|start i",
)
_add(Role.PARITY, 1, "oddetallsuker|oddetallsuke|oddetalsveker|oddeuker|odde uker|ulike uker|oddetallsukene")
_add(Role.PARITY, 2, "partallsuker|partallsuke|partalsveker|like uker|parallsuker|partallsukene")
_add(Role.IN_A_ROW, None, "på rad|på rekke|etter hverandre|etter kvarandre|i strekk|sammenhengende|samanhengande")
_add(Role.INSTEAD, None, "i stedet for|istedenfor|i staden for|ikke|ikkje|tidligere|se|sjå|se også")
_add(Role.CLAUSE, None, "at")
_add(Role.EITHER, None, "enten|anten")
_add(Role.STOP, None, "men|så|hvor|der|dersom|hvis|med mindre|når|mens|slik|fordi|jf|jfr")
_add(Role.ARTICLE, None, "den|det|de|dei")
_add(Role.PREP, None, "i|på|om|ved|over")
_add(Role.OF, None, "av")
_add(Role.FOR, None, "for")
_add(Role.LAST_DAY, "year", "årsslutt|årets slutt|års slutt|årets utgang|slutten av kalenderåret")

assert all(word.value in FEASTS for word in WORDS.values() if word.role is Role.FEAST)  # noqa: S101
PARTS = {Per.MONTH: Part.MONTH, Per.QUARTER: Part.QUARTER, Per.TERTIAL: Part.TERTIAL, Per.HALF: Part.HALF}
