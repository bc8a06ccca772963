"""Vocabulary for names of people: particles, titles, suffixes and given names."""

from __future__ import annotations


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# These precede a family name and belong to it: "Le Guin", "van der Berg", "de la Cruz".
PARTICLES = _set(
    "de del della delle dei degli di da das dos do du des d la le las los lo van von vom zu zum zur der"
    " den ten ter te 't af av el al ibn bin ben abu ap ab mac mc st saint san santa o"
)
HONORIFICS = _set(
    "dr doctor mr mrs ms mx miss prof professor sir dame rev reverend fr herr frau monsieur madame mme"
    " mlle señor señora don doña"
)
JUNIOR = _set("jr junior jnr jun")
# These distinguish a son from his father, who may have written books too.
GENERATIONS = _set("sr senior snr ii iii iv v vi")
DEGREES = _set("phd dphil md ma ba bsc msc mba jd esq dds obe mbe cbe dbe frs rn msw lcsw")
# These are family names as well as degrees, unless a comma precedes them.
DOUBTFUL_DEGREES = _set("ma ba")
# These people have only one name, so a comma after it begins another person.
ALONE = _set(
    "homer plato aristotle socrates voltaire sophocles euripides aeschylus aristophanes herodotus"
    " thucydides virgil ovid horace cicero seneca plutarch sappho euclid dante petrarch boccaccio rumi"
    " hafez confucius laozi moliere stendhal colette saki herge novalis anonymous anonym anonyme unknown"
    " various"
)
# Given names that are also family names: if both words are such, only their order says who is meant.
GIVEN = _set(
    "aaron abraham adam adrian alan albert alec alexander alfred alice allan allen andre andrew angel"
    " anthony anton archer arnold arthur asher ashley austin avery bailey barry benedict benjamin bennett"
    " bernard blair blake boris brady brandon brett brian brook brooke bruce bryan bryant byron cameron"
    " campbell carl carlos carol carrol carroll carson carter cary casey cecil chandler charles chase"
    " chester christian christie christopher clair claire clark claude clay clayton clement clifford clive"
    " clyde cole colin connor cooper corey craig curtis dale dana daniel darcy david davis dawson dean"
    " dennis denis denton derek dexter dominic donald douglas drew duncan dylan earl eden edgar edmund"
    " edward edwin eliot elliot elliott ellis elton emerson emery emil emmanuel eric erik ernest ernst"
    " eugene evan evelyn ezra felix ferdinand florence floyd ford forrest francis frank franklin franz"
    " frederick fritz garrett gary gavin gene geoffrey george gerald german gilbert giles glen glenn"
    " gordon grace graham grant gray gregory grey griffin guy hamilton hank harley harold harper harris"
    " harrison harry harvey hayden heath hector heinrich helen henry herbert herman hermann hilary holly"
    " howard hubert hudson hugh hugo hunter ian ira irving isaac isabel ivan jack jackson jacob jacobs"
    " jacques jake james jamie jan jane jason jasper jay jean jeffrey jeremy jerome jesse jim jo joel john"
    " johnny jonah jonas jonathan jordan jose joseph joshua joy joyce juan jude julian julien june justin"
    " karl kay keith kelly kelsey ken kendall kennedy kenneth kent kerry kevin kim kimball kirk klaus kurt"
    " kyle lacy lance lane lang laura laurence laurent lawrence lee leigh leo leon leonard leopold leroy"
    " leslie lester levi lewis lincoln lindsay lindsey lionel lloyd logan loren louis lowell luca lucas"
    " luis luke luther lynn mackenzie madison malcolm manuel marcel marcus marie marina mario marion mark"
    " marlowe marshall martin marvin mary mason matthew matthews maurice max maxwell may melvin meredith"
    " michael miles milton mitchell monroe montgomery morgan morris moses murphy murray nathan nathaniel"
    " neal neil nelson newton nicholas nicolas nigel noah noel nolan norman norris oliver oscar otis otto"
    " owen paige palmer paris parker patrick paul perry peter philip philippe phillip pierce pierre porter"
    " preston quentin quincy quinn ralph ramsey randall randolph raphael ray raymond reed reese reid rex"
    " reynold rhys richard richmond riley robert roberts robin rodney roger roland roman ronald rory rosa"
    " rosario rose ross rowan roy ruben rupert russell ruth ryan sam samson samuel sawyer scott sean"
    " sebastian seth seymour shannon shaw shelby sheldon shelley sheridan sherman sidney silas silver"
    " simon sinclair skyler solomon spencer stacy stanley stella stephen sterling steven stewart stuart"
    " summer sydney sylvester tanner tate taylor terence terry theodore thomas thornton timothy todd tony"
    " tracy travis trent tristan troy tucker tyler tyrone valentin valentine vance vaughan vaughn vera"
    " vernon victor vincent violet virgil virginia wade walker wallace wallis walt walter walton ward"
    " warren wayne wendell wesley weston wilbur will william williams wilson winston winter woody wyatt"
    " xavier york zachary"
)
