"""Words as the index holds them, queries as people type them, and the snippets around hits."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bookclub.lib.text.index_expressions import LAST_PLACE, fts5_expression, tsquery, tsvector
from bookclub.lib.text.index_words import LONGEST_WORD, find_pieces, index_text
from bookclub.lib.text.search_query import SearchQuery, Term, parse_query
from bookclub.lib.text.snippets import LENGTH, SnippetPart, mark_words, snippet
from tests.cases import each


@each(
    ("text", "words"),
    [
        ("Straße, NAÏVE Nesbø", "strasse naive nesbo"),
        ("don’t l'Étranger snake_case well-read", "don t l etranger snake case well read"),
        ("日本語 C言語", "日本 本語 語 c 言語 語"),
        ("한국어", "한국 국어 어"),
        ("ภาษา", "ภา าษ ษา า"),
        ("ｶﾞｷ ＡＢＣ", "ガキ キ abc"),
        ("हिन्दी שָׁלוֹם", "हिन्दी שלום"),
        ("👍 … *** ||", ""),
    ],
)
def test_a_text_becomes_folded_words_and_pairs(text, words):
    assert index_text(text) == words


@given(st.text())
def test_a_space_divides_words_and_nothing_else_is_white(text):
    words = index_text(text).split(" ")

    assert words == [""] or all(word and not any(map(str.isspace, word)) for word in words)
    assert all(len(word) <= LONGEST_WORD for word in words)
    assert [piece.folded for piece in find_pieces(text)] == ([] if words == [""] else words)


def term(*words: str, is_beginning: bool = False) -> Term:
    return Term(words, is_beginning)


@each(
    ("typed", "wanted", "unwanted"),
    [
        ("quiet butl", [term("quiet"), term("butl", is_beginning=True)], []),
        ('"the quiet man" butler ', [term("the", "quiet", "man"), term("butler", is_beginning=True)], []),
        ("“not closed", [term("not", "closed")], []),
        ('tea -coffee -"hot milk"', [term("tea")], [term("coffee"), term("hot", "milk")]),
        ("well-read", [term("well", "read", is_beginning=True)], []),
        ("a", [term("a")], []),
        ("本", [term("本", is_beginning=True)], []),
        ("日本語", [term("日本", "本語")], []),
        ("本 tea", [term("本", is_beginning=True), term("tea", is_beginning=True)], []),
        ("tea tea", [term("tea"), term("tea", is_beginning=True)], []),
        ("NEAR(x", [term("near", "x")], []),
        ("words:tea AND *", [term("words", "tea"), term("and")], []),
        ("-butler", [], [term("butler")]),
        ('- "" * -', [], []),
    ],
)
def test_a_query_is_read_as_it_was_meant(typed, wanted, unwanted):
    assert parse_query(typed) == SearchQuery(tuple(wanted), tuple(unwanted))


def test_no_sign_of_a_query_reaches_the_languages_of_the_databases():
    query = parse_query("it's \"a\\b\" c:d * -x'y")

    assert tsquery(query, in_title=False).startswith("('it' <-> 's') & ('a' <-> 'b') & ('c' <-> 'd')")
    assert fts5_expression(query, in_title=True).endswith('NOT ("x y"))')


def test_places_of_a_long_text_stay_within_what_postgres_takes():
    vector = tsvector("tea", "word " * 20_000 + "end")

    assert vector.startswith("'tea':1A 'word':3,4,")
    assert vector.endswith(f"'end':{LAST_PLACE}")
    assert vector.count(",") == 255


def text_of(parts: list[SnippetPart]) -> str:
    return "".join(f"[{part.text}]" if part.is_hit else part.text for part in parts)


@each(
    ("text", "typed", "shown"),
    [
        ("The Café at noon", "cafe", "The [Café] at noon"),
        ("The butler, the butler", '"the butler"', "[The butler], [the butler]"),
        ("Butlers and buts", "butl", "[Butlers] and buts"),
        ("日本語の本", "本語", "日[本語]の本"),
        ("日本語の本", "本", "日[本]語の[本]"),
        ("<b>tea</b> & co", "tea", "<b>[tea]</b> & co"),
        ("nothing of it", "tea", "nothing of it"),
        ("quiet tea", "tea -quiet", "quiet [tea]"),
    ],
)
def test_words_are_marked_where_they_stand(text, typed, shown):
    assert text_of(mark_words(text, parse_query(typed))) == shown


def test_a_snippet_begins_shortly_before_the_first_hit():
    text = "word " * 100 + "butler " + "word " * 100

    shown = text_of(snippet(text, parse_query("butler")))
    assert shown.startswith("… word ")
    assert 30 < shown.index("[butler]") < 70
    assert shown.endswith("word …")
    assert len(shown) < LENGTH + 10


@given(st.text(), st.text(min_size=1))
def test_a_text_in_parts_is_still_the_text(text, typed):
    assert "".join(part.text for part in mark_words(text, parse_query(typed))) == text
