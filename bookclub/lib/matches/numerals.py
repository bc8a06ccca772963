"""Volume numbers in other languages and scripts: "Zweiter Band", "Tomo primero", "第二巻"."""

from __future__ import annotations

from collections.abc import Sequence

from . import vocabulary as v
from .numbers import is_ordinal, number_in
from .words import words_of

# From 1 to 12 in each language, with a slash between forms of one number. Words that are also articles
# ("ein", "un") count only after "volume".
_CARDINALS = (
    "eins zwei drei vier funf/fuenf sechs sieben acht neun zehn elf zwolf/zwoelf",
    "un/une deux trois quatre cinq six sept huit neuf dix onze douze",
    "uno dos tres cuatro cinco seis siete ocho nueve diez once doce",
    "uno due tre quattro cinque sei sette otto nove dieci undici dodici",
    "um dois/duas tres quatro cinco seis sete oito nove dez onze doze",
    "een twee drie vier vijf zes zeven acht negen tien elf twaalf",
    "ett tva tre fyra fem sex sju atta nio tio elva tolv",
    "en/et to tre fire fem seks syv/sju otte/atte ni ti elleve/ellevte tolv",
    "один/одна два/две три четыре пять шесть семь восемь девять десять одиннадцать двенадцать",
)
_ORDINALS = (
    "premier/premiere deuxieme/second/seconde troisieme quatrieme cinquieme sixieme septieme huitieme"
    " neuvieme dixieme onzieme douzieme",
    "eerste tweede derde vierde vijfde zesde zevende achtste negende tiende elfde twaalfde",
    "forsta andra tredje fjarde femte sjatte sjunde attonde nionde tionde elfte tolfte",
    "forste anden/andre tredje fjerde femte sjette syvende/sjuende ottende/attende niende tiende ellevte"
    " tolvte",
    "ensimmainen toinen kolmas neljas viides kuudes seitsemas kahdeksas yhdeksas kymmenes yhdestoista"
    " kahdestoista",
    "birinci ikinci ucuncu dorduncu besinci altinci yedinci sekizinci dokuzuncu onuncu onbirinci onikinci",
    "elso masodik harmadik negyedik otodik hatodik hetedik nyolcadik kilencedik tizedik tizenegyedik"
    " tizenkettedik",
    "prvni druhy/druha/druhe treti ctvrty/ctvrta paty/pata sesty/sesta sedmy/sedma osmy/osma devaty/devata"
    " desaty/desata jedenacty dvanacty",
    "pierwszy/pierwsza drugi/druga trzeci/trzecia czwarty/czwarta piaty/piata szosty/szosta siodmy/siodma"
    " osmy/osma dziewiaty/dziewiata dziesiaty/dziesiata jedenasty dwunasty",
    "первый/первая/первое второй/вторая/второе третий/третья/третье четвертый/четвертая/четвёртый/четвёртая"
    " пятый/пятая шестой/шестая седьмой/седьмая восьмой/восьмая девятый/девятая десятый/десятая"
    " одиннадцатый двенадцатый",
)
# Stems of ordinals whose endings vary by gender and case, and those endings.
_INFLECTED = (
    ("erst zweit dritt viert funft/fuenft sechst siebt/siebent acht neunt zehnt elft zwolft/zwoelft",
     "e er es en em"),
    ("primer segund tercer cuart quint sext septim octav noven decim undecim duodecim", "o a os as"),
    ("prim second terz quart quint sest settim ottav non decim undicesim dodicesim", "o a i e"),
    ("primeir segund terceir quart quint sext setim oitav non decim undecim duodecim", "o a os as"),
)  # fmt: skip
_SHORT = {"primer": 1, "tercer": 3}
# English words and articles: they are numbers after "Tome", and something else anywhere else.
_AMBIGUOUS_WORDS = frozenset(
    words_of(
        "un une um een ett en et to fire sex once due elf no prima quinta tres second seconde six sei ti"
    )
)
# English names, and "del": only an English number or digits may follow these.
_ENGLISH_NAMES = frozenset({"book", "books", "bk", "part", "pt", "del", "issue"})
# "The first book" may be an author's first book, not a volume.
_NOT_AFTER_NUMBERS = frozenset({"book", "books", "bk", "buch", "libro", "livre", "livro", "bok", "boek"})
_SIGNS = dict(zip("一二三四五六七八九十", range(1, 11), strict=True))
# Volumes in two or three parts: upper, middle and lower; former and latter.
_PLACES = "上中下前後后"


def _index_by_word() -> dict[str, int]:
    found = dict(_SHORT)
    for line in (*_CARDINALS, *_ORDINALS):
        for number, forms in enumerate(line.split(), 1):
            found.update({word: number for form in forms.split("/") for word in words_of(form)})
    for line, endings in _INFLECTED:
        for number, stems in enumerate(line.split(), 1):
            for stem in stems.split("/"):
                found.update({word: number for end in endings.split() for word in words_of(stem + end)})
    return found


_NUMBERS = _index_by_word()
_CLEAR = {word: number for word, number in _NUMBERS.items() if word not in _AMBIGUOUS_WORDS}


def volume_number(name: str, word: str) -> int | None:
    """Return the number that a word means after a word for volume, in any language that has that word."""
    number = number_in(word)
    return number if number is not None or name in _ENGLISH_NAMES else _NUMBERS.get(word)


def move_volume_number(words: Sequence[str], names: frozenset[str] = v.VOLUMES) -> list[str]:
    """Return the words with a volume number at their end moved after the word for volume.

    "zweiter band" becomes "band 2", "volume the second" "volume second", and "2 cilt" "cilt 2".
    """
    found = list(words)
    if len(found) > 2 and found[-2] == "the" and found[-3] in names and is_ordinal(found[-1]):
        return [*found[:-2], found[-1]]
    if len(found) < 2 or found[-1] not in names or found[-1] in _NOT_AFTER_NUMBERS:
        return _in_digits_at_end(found, names)
    name, word = found[-1], found[-2]
    if is_ordinal(word) or (word.isdigit() and name not in _ENGLISH_NAMES | {"volume", "vol"}):
        return [*found[:-2], name, word]
    number = _NUMBERS.get(word) if name not in _ENGLISH_NAMES else None
    return [*found[:-2], name, str(number)] if number else found


def _in_digits_at_end(words: list[str], names: frozenset[str]) -> list[str]:
    if len(words) > 1 and words[-2] in names and (number := volume_number(words[-2], words[-1])):
        return [*words[:-1], str(number)]
    return words


def numerals(words: Sequence[str]) -> set[int]:
    """Return the numbers that these words spell out in languages other than English."""
    signs = (sign for word in words if not word.isascii() for sign in word)
    return {_CLEAR[word] for word in words if word in _CLEAR} | {_SIGNS[s] for s in signs if s in _SIGNS}


def volume_marks(words: Sequence[str]) -> set[str]:
    """Return other marks of a volume: single letters, and Chinese signs for "upper" and "lower"."""
    return {
        sign
        for word in words
        for sign in word
        if (len(word) == 1 and word.isalpha()) or (sign in _PLACES and len(word) < 3)
    }
