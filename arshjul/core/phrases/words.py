"""The words of time, bokmål and nynorsk: months, days, units, numbers, seasons, feasts. No fixed expressions here."""

from __future__ import annotations

from arshjul.core.cadences import DayKind, Each, NthOf, Per, Season, Weekly, YearKind, Yearly
from arshjul.core.phrases.roles import Entry, Role

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
ENTRIES: list[Entry] = [
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
