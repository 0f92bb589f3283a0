"""Fixed expressions and small words, bokmål and nynorsk: limits, relations, parts, and times that are no dates."""

from __future__ import annotations

from arshjul.core.cadences import Bound, Continuous, Nothing, OnDemand, Section, Side, Vague
from arshjul.core.phrases.roles import Entry, Role

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


ENTRIES: list[Entry] = [
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
    (Role.SECTION, Section.MIDDLE, "medio|midten av|midten i|midt i|midt på|mid|midt"),
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
