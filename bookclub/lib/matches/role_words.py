"""Words for the roles of contributors, in the languages of the files that people import."""

from __future__ import annotations

# Beginnings of words, so that one stem covers all endings.
STEMS = {
    "translator": (
        "translat transl ubersetz uebersetz traduc traduit tradutt tradott tradut vertal vertaa"
        " oversatt oversaet oversett oversat kaantaj tlumacz przekl prekla prelozi fordit cevir"
        " перевод переклад"
    ),
    "illustrator": (
        "illustr ilustr illus zeichner zeichnung dessin disegn tegnet tekenaar artist drawing иллюстр художни"
    ),
    "editor": (
        "editor edited herausgeb herausgeg redakt redig redakc curat compil anthologis redattor редактор"
    ),
    "narrator": (
        "narrat reader sprecher gelesen vorleser lecteur lettore lettura voice perform speaker"
        " voorlezer upplas indlaest opplest чтец"
    ),
    "introduction": (
        "introd foreword forword preface prefac prologue afterword epilog vorwort nachwort"
        " einleit einfuhr postfac prefazion voorwoord nawoord forord efterord предислов послеслов"
    ),
    "adapter": "adapt retold bearbeit",
    "contributor": (
        "contribut photogr fotogr cover design letterer coloris colouris inker pencil annotat"
        " comment consult research cartograph maps typograph composer producer director mitarbeit"
        " beitrag mitwirk"
    ),
    "author": "author autor auteur autrice schrijver forfatt verfass writer written goodreads автор",
}
# Words that are short, or in a script without spaces: only the whole word counts.
ABBREVIATIONS = {
    "translator": (
        "trans transl tr trad ubers uebers vert overs prekl przel пер"
        " 訳 譯 译 译者 訳者 翻訳 번역 옮긴이 옮김"
    ),
    "illustrator": "ill illus illustr ilus art 絵 画",
    "editor": "cura ed eds edt hg hgg hrsg red comp ред 編 编 編者 主编 엮음",
    "narrator": "read lu 朗読",
    "introduction": "intro introd fwd pref",
    "adapter": "adap",
    "contributor": "contr",
    "author": "aut 著 作 著者 作者 지음 지은이",
}
# These join words for roles and say nothing themselves.
GLUE = frozenset(
    {
        "by", "the", "of", "and", "und", "et", "y", "e", "von", "vom", "par", "por", "da", "di", "de",
        "a", "an", "for", "main", "co", "general", "series", "guest", "with", "door", "av",
        "af", "from",
    }
)  # fmt: skip
