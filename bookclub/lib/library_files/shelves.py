"""Names of shelves on other sites, in many languages, and the reading status that each means."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Our own files say so of a book of which only a rating is known.
NO_STATUS = "rated"

MEANINGS = {
    "to_read": (
        "to read", "toread", "tbr", "want to read", "wants to read", "wanttoread", "wish list", "wishlist",
        "to be read", "not started", "unread", "planned", "plan to read", "planning",
        "will read", "read later", "read next", "up next", "my tbr", "tbr list", "tbr pile", "reading list",
        "not read", "not yet read", "backlog", "queue", "queued",
        "zu lesen", "will ich lesen", "möchte ich lesen", "noch zu lesen", "wunschliste", "ungelesen",
        "à lire", "pile à lire", "pal", "envie de lire", "por leer", "quiero leer", "para leer", "pendiente",
        "pendientes", "da leggere", "voglio leggere", "te lezen", "wil ik lezen", "quero ler", "para ler",
        "wunschzettel", "merkliste", "leseliste", "will lesen", "stapel ungelesener bücher",
        "möchte ich noch lesen", "gemerkt", "want", "wanted", "souhaits", "liste de souhaits",
        "liste d envies", "à lire plus tard", "lista de deseos", "deseos", "lista de lectura", "deseados",
        "lista dei desideri", "lista desideri", "desideri", "in lista", "verlanglijst", "verlanglijstje",
        "leeslijst", "nog te lezen", "lista de desejos", "desejos", "desejados", "a ler", "lista de leitura",
        "önskelista", "läslista", "ønskeliste", "ønskeseddel", "læseliste", "toivelista",
        "lista życzeń", "przeczytam", "список желаний", "буду читать", "хочу", "прочитать", "в планах",
        "okumak istediklerim", "okunacak", "okunacaklar", "istek listesi", "kívánságlista",
        "olvasni akarom", "várólista", "seznam přání", "chci číst", "k přečtení", "zoznam prianí",
        "chcem prečítať", "de citit", "vreau să citesc", "λίστα επιθυμιών", "προς ανάγνωση", "欲しい本",
        "ほしい物リスト", "想看", "愿望清单", "願望清單", "待读", "待讀", "읽고 싶은", "읽을 책",
        "att läsa", "vill läsa", "vil læse", "vil lese", "lukulista", "haluan lukea", "do przeczytania",
        "chcę przeczytać", "хочу прочитать", "читать", "想读", "想讀", "読みたい", "積読",
    ),
    "reading": (
        "reading", "currently reading", "currentlyreading", "current", "current read", "current reads",
        "in progress", "reading now", "now reading", "started", "am reading", "paused", "on hold",
        "hiatus", "on hiatus", "on pause", "rereading", "re reading", "currently re reading",
        "lese ich", "lese ich gerade", "lese gerade", "am lesen", "en cours", "en cours de lecture",
        "lecture en cours", "leyendo", "leyendo actualmente", "sto leggendo", "in lettura", "aan het lezen",
        "lese gerade ich", "gerade lese ich", "leggendo", "in corso", "en lecture",
        "je lis", "en lectura", "estoy leyendo", "mee bezig", "bezig", "a ler agora", "okuyorum",
        "şu an okuyorum", "okunuyor", "olvasom", "éppen olvasom", "čtu", "právě čtu", "čítam", "citesc",
        "διαβάζω", "在看", "읽는 중", "읽고 있는 책",
        "lees ik nu", "lendo", "lendo atualmente", "läser", "läser nu", "læser", "leser", "luen",
        "kesken", "czytam", "teraz czytam", "читаю", "在读", "在讀", "読書中", "読んでる", "読んでいる本",
    ),
    "finished": (
        "read", "finished", "already read", "complete", "completed", "have read", "done", "read it",
        "finished reading", "read but unowned", "books read", "read books", "all read",
        "gelesen", "habe ich gelesen", "beendet", "lu", "lus", "déjà lu", "terminé", "leído", "leídos",
        "leido", "terminado", "letto", "letti", "finito", "gelezen", "uitgelezen", "lido", "lidos", "läst",
        "ausgelesen", "fertig", "fertig gelesen", "j ai lu", "finis", "terminés", "he leído", "terminados",
        "già letto", "già letti", "concluídos", "concluído", "okudum", "okundu", "okuduklarım", "elolvastam",
        "olvasott", "přečteno", "přečtené", "prečítané", "citite", "citit", "διαβασμένα", "看过", "看過",
        "读完", "讀完", "읽음", "읽은 책",
        "lästa", "utläst", "læst", "lest", "luettu", "luetut", "przeczytane", "przeczytana", "прочитано",
        "прочитал", "прочитала", "读过", "讀過", "読了", "読んだ", "読んだ本",
    ),
    "did_not_finish": (
        "did not finish", "didnotfinish", "didnt finish", "dnf", "dnfs", "dnfed", "dnfd", "abandoned",
        "abandon", "dropped", "wont finish", "will not finish", "gave up", "gave up on", "given up",
        "unfinished", "not finished", "never finished", "couldnt finish", "could not finish", "cant finish",
        "cannot finish", "stopped", "stopped reading", "put down", "put aside", "set aside",
        "lost interest", "bailed", "bailed on", "partially read", "half read", "tried and failed",
        "started but not finished", "started not finished", "started but didnt finish",
        "abandoned books",
        "abgebrochen", "nicht beendet", "nicht zu ende gelesen", "abandonné", "abandonnés", "pas fini",
        "abandonado", "abandonados", "sin terminar", "no terminado", "abbandonato", "abbandonati",
        "non finito", "niet uitgelezen", "gestopt", "opgegeven", "abandonei", "não terminei", "avbruten",
        "abgebrochene", "abgebrochene bücher", "weggelegt", "nicht fertig gelesen", "lâché", "lâchés",
        "non terminé", "non terminés", "dejados", "a medias", "lasciato", "lasciati", "interrotto",
        "interrotti", "afgebroken", "yarım bıraktım", "yarıda bıraktım", "bıraktım",
        "félbehagyott", "nedočteno", "nedočtené", "nedočítané", "abandonate", "中断", "弃读", "棄讀", "중단",
        "읽다 만 책",
        "avbrutna", "avbrutt", "afbrudt", "jäi kesken", "keskeytetty", "porzucone", "niedokończone",
        "брошено", "бросил", "бросила", "不读了", "読むのをやめた",
    ),
}  # fmt: skip

# No shelf has a longer name.
LONGEST = 200

_APOSTROPHES = re.compile("['’‘ʼ`´]")
_BETWEEN = re.compile(r"[\W_]+")
# Words around such a name that do not change its meaning: "zz-abandoned", "abandoned-books-2020".
_AROUND = re.compile(
    r"\A(?:(?:my|the|x|xx|z|zz|zzz|a|aa) )+|(?: (?:19|20)\d\d| list| shelf| books?| pile)+\Z"
)
# Words that mean not finished anywhere in a name: "dnf-at-50", "did-not-finish-yet".
_GIVEN_UP = re.compile(r"\b(?:dnf(?:s|d|ed)?|(?:did not|didnt|wont|will not|could not|couldnt) finish)\b")
_DOUBT = re.compile(r"\b(?:almost|nearly|maybe|might|possibl[ey]|potential|should|not dnf)\b")


def _key(shelf: str) -> str:
    text = unicodedata.normalize("NFKD", shelf.casefold())
    text = "".join(character for character in text if not unicodedata.combining(character))
    return _BETWEEN.sub(" ", _APOSTROPHES.sub("", text)).strip()


_BY_KEY = {_key(name): meaning for meaning, names in MEANINGS.items() for name in names}


def meaning_of(shelf: str) -> str | None:
    """Return the status that a shelf means; None for a tag of the member's own.

    The status is to_read, reading, finished or did_not_finish. Case, accents, apostrophes, and the spaces,
    hyphens or underscores between words do not matter. "read-2019" is a tag: it says when the book was read,
    and the shelf beside it says that it was.
    """
    return _meaning(shelf[:LONGEST])


@lru_cache(maxsize=1024)
def _meaning(shelf: str) -> str | None:
    key = _key(shelf)
    if meaning := _BY_KEY.get(key):
        return meaning
    if _GIVEN_UP.search(key) and not _DOUBT.search(key):
        return "did_not_finish"
    meaning = _BY_KEY.get(_AROUND.sub("", key))
    # With other words around it only this meaning is certain: "read-2019" is a tag.
    return meaning if meaning == "did_not_finish" else None
