"""Two hundred books as lists of libraries tell of them, many of which are easily taken for others."""

from __future__ import annotations

from tests.benchmarks.disturbed_titles import Row

# Title, authors, year of first publication.
LINES = """
The Hunger Games (The Hunger Games, #1) | Suzanne Collins | 2008
Harry Potter and the Sorcerer's Stone (Harry Potter, #1) | J.K. Rowling; Mary GrandPré | 1997
The Hobbit | J.R.R. Tolkien | 1937
Catching Fire (The Hunger Games, #2) | Suzanne Collins | 2009
Harry Potter and the Prisoner of Azkaban (Harry Potter, #3) | J.K. Rowling; Mary GrandPré; Rufus Beck | 1999
Mockingjay (The Hunger Games, #3) | Suzanne Collins | 2010
Harry Potter and the Order of the Phoenix (Harry Potter, #5) | J.K. Rowling; Mary GrandPré | 2003
Harry Potter and the Chamber of Secrets (Harry Potter, #2) | J.K. Rowling; Mary GrandPré | 1998
Harry Potter and the Goblet of Fire (Harry Potter, #4) | J.K. Rowling; Mary GrandPré | 2000
Harry Potter and the Deathly Hallows (Harry Potter, #7) | J.K. Rowling; Mary GrandPré | 2007
Harry Potter and the Half-Blood Prince (Harry Potter, #6) | J.K. Rowling; Mary GrandPré | 2005
Brave New World | Aldous Huxley | 1932
Dune (Dune Chronicles #1) | Frank Herbert | 1965
A Storm of Swords (A Song of Ice and Fire, #3) | George R.R. Martin | 2000
The Stranger | Albert Camus; Matthew Ward | 1942
Foundation (Foundation #1) | Isaac Asimov | 1951
Harry Potter and the Cursed Child - Parts One and Two (Harry Potter, #8) | John Tiffany | 2016
Harry Potter Boxset (Harry Potter, #1-7) | J.K. Rowling | 1998
The Hobbit: Graphic Novel | Chuck Dixon; J.R.R. Tolkien; David Wenzel; Sean Deming | 1989
Maus I: A Survivor's Tale: My Father Bleeds History (Maus, #1) | Art Spiegelman | 1985
The Hunger Games Trilogy Boxset (The Hunger Games, #1-3) | Suzanne Collins | 2010
Batman: Year One | Frank Miller; David Mazzucchelli; Richmond Lewis; Dennis O'Neil | 1987
Batman: The Dark Knight Returns (The Dark Knight Saga, #1) | Frank Miller; Klaus Janson; Lynn Varley | 1986
Are You My Mother? | P.D. Eastman | 1960
Are You There, Vodka? It's Me, Chelsea | Chelsea Handler | 2007
Are You There God? It's Me, Margaret | Judy Blume | 1970
1Q84 | Haruki Murakami; Jay Rubin; Philip Gabriel | 2009
The Hunger Games: Official Illustrated Movie Companion | Kate Egan | 2012
A New Earth: Awakening to Your Life's Purpose | Eckhart Tolle | 2005
Bleach, Volume 01 | Tite Kubo | 2002
Batman: The Killing Joke | Alan Moore; Brian Bolland; Tim Sale | 1988
Invisible Man | Ralph Ellison | 1952
The Awakening | Kate Chopin | 1899
Foundation and Empire (Foundation #2) | Isaac Asimov | 1952
Brave New World / Brave New World Revisited | Aldous Huxley; Christopher Hitchens | 1932
Persepolis: The Story of a Childhood (Persepolis, #1) | Marjane Satrapi; Mattias Ripa | 2000
Second Foundation (Foundation #3) | Isaac Asimov | 1953
J.R.R. Tolkien 4-Book Boxed Set: The Hobbit and The Lord of the Rings | J.R.R. Tolkien | 1973
Saga, Vol. 1 (Saga, #1) | Brian K. Vaughan; Fiona Staples | 2012
Dune Messiah (Dune Chronicles #2) | Frank Herbert | 1969
The History of the Hobbit, Part One: Mr. Baggins | John D. Rateliff; J.R.R. Tolkien | 2007
The Invisible Man | H.G. Wells | 1897
The Foundation Trilogy (Foundation, #1-3) | Isaac Asimov | 1953
The Awakening (Darkest Powers, #2) | Kelley Armstrong | 2009
Children of Dune (Dune Chronicles #3) | Frank Herbert | 1976
Maus II: A Survivor's Tale: And Here My Troubles Began (Maus, #2) | Art Spiegelman | 1991
The Jungle Book | Rudyard Kipling | 1894
The Complete Maus (Maus, #1-2) | Art Spiegelman | 1986
The Complete Persepolis | Marjane Satrapi; Mattias Ripa; Blake Ferris; Anjali Singh | 2003
A Storm of Swords: Blood and Gold (A Song of Ice and Fire, #3: Part 2 of 2) | George R.R. Martin | 2000
Magician: Apprentice (The Riftwar Saga, #1) | Raymond E. Feist | 1982
Batman: The Long Halloween | Jeph Loeb; Tim Sale; Gregory Wright; Richard Starkings | 1997
The Great Dune Trilogy | Frank Herbert | 1977
The Jungle Books | Rudyard Kipling; Alev Lytle Croutier | 1895
The Awakening / The Struggle (The Vampire Diaries, #1-2) | L.J. Smith | 2007
Night World, No. 3 (Night World, #7-9) | L.J. Smith | 2009
Magician: Master (The Riftwar Saga, #2) | Raymond E. Feist | 1982
A Storm of Swords: Steel and Snow (A Song of Ice and Fire, #3: Part 1 of 2) | George R.R. Martin | 2000
God Emperor of Dune (Dune Chronicles #4) | Frank Herbert | 1981
Night World, No. 2 (Night World, #4-6) | L.J. Smith | 2008
Batman: The Dark Knight Returns #1 | Frank Miller | 1986
Batman: Arkham Asylum - A Serious House on Serious Earth | Grant Morrison; Dave McKean | 1989
The Time Machine/The Invisible Man | H.G. Wells; Alfred MacAdam | 1968
Night World, No. 1 (Night World, #1-3) | L.J. Smith | 2008
Foundation's Edge (Foundation #4) | Isaac Asimov | 1982
Saga, Vol. 2 (Saga, #2) | Brian K. Vaughan; Fiona Staples | 2013
Persepolis, Volume 1 | Marjane Satrapi | 2000
The Stranger | Harlan Coben | 2015
Persepolis 2: The Story of a Return (Persepolis, #2) | Marjane Satrapi; Anjali Singh | 2001
Heretics of Dune (Dune Chronicles #5) | Frank Herbert | 1984
1Q84 BOOK 1 (1Q84, #1) | Haruki Murakami; 村上 春樹 | 2009
Prelude to Foundation | Isaac Asimov | 1988
Foundation and Earth (Foundation #5) | Isaac Asimov | 1986
The Awakening (The Vampire Diaries, #1) | L.J. Smith | 1991
Saga, Vol. 3 (Saga, #3) | Brian K. Vaughan; Fiona Staples | 2014
Chapterhouse: Dune (Dune Chronicles #6) | Frank Herbert | 1985
Batman, Volume 1: The Court of Owls | Scott Snyder; Greg Capullo; Jonathan Glapion | 2012
Bleach, Volume 15 | Tite Kubo | 2004
Are You My Mother? | Alison Bechdel | 2012
1Q84 BOOK 3 (1Q84, #3) | Haruki Murakami; 村上 春樹 | 2010
1Q84 #1-2 (1Q84, #1-2) | Haruki Murakami; Jay Rubin | 2009
The Woman in the Dunes | Kōbō Abe; E. Dale Saunders | 1962
1Q84 BOOK 2 (1Q84, #2) | Haruki Murakami | 2009
Awakening the Buddha Within: Tibetan Wisdom for the Western World | Lama Surya Das | 1997
Dune Road | Jane Green | 2007
Bleach, Volume 03 | Tite Kubo | 2002
Travels with Charley: In Search of America | John Steinbeck | 1962
Helmet for My Pillow | Robert Leckie | 1957
Swan Song | Robert McCammon | 1987
Fire Burn and Cauldron Bubble (Jolie Wilkins, #1) | H.P. Mallory | 2010
The Honk and Holler Opening Soon | Billie Letts | 1998
Gorky Park (Arkady Renko, #1) | Martin Cruz Smith | 1981
The Death of Ivan Ilych | Leo Tolstoy; Aylmer Maude | 1886
Still Missing | Chevy Stevens | 2010
Roses | Leila Meacham | 2010
The Daylight War (Demon Cycle, #3) | Peter V. Brett | 2013
The Deep End of the Ocean (Cappadora Family, #1) | Jacquelyn Mitchard | 1996
A is for Alibi (Kinsey Millhone, #1) | Sue Grafton | 1982
The Golden Notebook | Doris Lessing | 1962
Maisie Dobbs (Maisie Dobbs, #1) | Jacqueline Winspear | 2003
Mudbound | Hillary Jordan | 2008
First Grave on the Right (Charley Davidson, #1) | Darynda Jones | 2011
No, David! | David Shannon | 1998
Relish: My Life in the Kitchen | Lucy Knisley | 2013
The DUFF: Designated Ugly Fat Friend | Kody Keplinger | 2010
Spirit Bound (Vampire Academy, #5) | Richelle Mead | 2010
The Illustrated Man | Ray Bradbury | 1951
The Warded Man (Demon Cycle, #1) | Peter V. Brett | 2008
Veronika Decides to Die | Paulo Coelho; Margaret Jull Costa | 1998
Defending Jacob | William Landay | 2012
Scorpia (Alex Rider, #5) | Anthony Horowitz | 2004
Hollowland (The Hollows, #1) | Amanda Hocking | 2010
Laskar Pelangi (Tetralogi Laskar Pelangi, #1) | Andrea Hirata | 2005
Deadhouse Gates (The Malazan Book of the Fallen, #2) | Steven Erikson | 2000
The Guernsey Literary and Potato Peel Pie Society | Mary Ann Shaffer; Annie Barrows | 2008
Cane River | Lalita Tademy | 2001
Keys to the Demon Prison (Fablehaven, #5) | Brandon Mull | 2010
The Thief Lord | Cornelia Funke | 2000
The Beginning of Everything | Robyn Schneider | 2013
Empress Orchid (Empress Orchid, #1) | Anchee Min | 2003
Balzac and the Little Chinese Seamstress | Dai Sijie; Ina Rilke | 2000
The Complete Adventures of Curious George | Margret Rey; H.A. Rey | 1969
Twenty Thousand Leagues Under the Sea | Jules Verne; Anthony Bonner | 1869
7th Heaven (Women's Murder Club, #7) | James Patterson; Maxine Paetro | 2008
Sense and Sensibility | Jane Austen; Tony Tanner; Ros Ballaster | 1811
Enemy of God (The Warlord Chronicles, #2) | Bernard Cornwell | 1996
Beyond Good and Evil | Friedrich Nietzsche; R.J. Hollingdale; Michael Tanner | 1886
Watership Down (Watership Down, #1) | Richard Adams | 1972
Like Water for Chocolate | Laura Esquivel; Thomas Christensen; Carol Christensen | 1989
Digital Fortress | Dan Brown | 1998
Mr. Penumbra's 24-Hour Bookstore (Mr. Penumbra's 24-Hour Bookstore, #1) | Robin Sloan | 2012
Getting Things Done: The Art of Stress-Free Productivity | David Allen | 2001
Executive Orders (Jack Ryan Universe, #9) | Tom Clancy | 1996
The Goldfinch | Donna Tartt | 2013
Girls of Riyadh | Rajaa Alsanea | 2005
My Grandmother Asked Me to Tell You She's Sorry | Fredrik Backman; Henning Koch | 2013
At First Sight (Jeremy Marsh & Lexie Darnell, #2) | Nicholas Sparks | 2004
The Haunting of Hill House | Shirley Jackson; Laura Miller | 1959
Traveling Mercies: Some Thoughts on Faith | Anne Lamott | 1999
Does the Noise in My Head Bother You? | Steven Tyler | 2011
The Plague | Albert Camus; Stuart Gilbert | 1947
Locke & Key, Vol. 1: Welcome to Lovecraft | Joe Hill; Gabriel Rodríguez | 2008
Dirk Gently's Holistic Detective Agency (Dirk Gently #1) | Douglas Adams | 1987
Chobits, Vol. 1 | CLAMP; Shirley Kubo | 2001
White Noise | Don DeLillo | 1985
Hallowed (Unearthly, #2) | Cynthia Hand | 2012
Gone Girl | Gillian Flynn | 2012
Dragons of Winter Night (Dragonlance: Chronicles, #2) | Margaret Weis; Tracy Hickman | 1985
Norwegian Wood | Haruki Murakami; Jay Rubin | 1987
Even Cowgirls Get the Blues | Tom Robbins | 1976
The Seat of the Soul | Gary Zukav | 1989
Wintergirls | Laurie Halse Anderson | 2009
The Scorpio Races | Maggie Stiefvater | 2011
The Warlock (The Secrets of the Immortal Nicholas Flamel, #5) | Michael Scott | 2011
The Sound of Gravel | Ruth Wariner | 2016
Dress Your Family in Corduroy and Denim | David Sedaris | 2004
Princess: A True Story of Life Behind the Veil in Saudi Arabia | Jean Sasson | 1992
Dubliners | James Joyce; Jeri Johnson | 1914
Shadow's Edge (Night Angel, #2) | Brent Weeks | 2008
Train to Pakistan | Khushwant Singh | 1956
Lord of Chaos (Wheel of Time, #6) | Robert Jordan | 1994
The Millennium Trilogy (Millennium Trilogy, #1-3) | Stieg Larsson; Reg Keeland | 2005
Messenger (The Giver, #3) | Lois Lowry | 2004
Unbroken: A World War II Story of Survival, Resilience, and Redemption | Laura Hillenbrand | 2010
City of Lost Souls (The Mortal Instruments, #5) | Cassandra Clare | 2012
Reamde | Neal Stephenson | 2011
Falling Angels | Tracy Chevalier | 2001
Robinson Crusoe | Daniel Defoe; Gerald McCann; Virginia Woolf | 1719
Frida: A Biography of Frida Kahlo | Hayden Herrera | 1983
Killing Floor (Jack Reacher, #1) | Lee Child | 1997
Sanctuary | Nora Roberts | 1997
The Golem's Eye (Bartimaeus, #2) | Jonathan Stroud | 2004
Amy & Roger's Epic Detour | Morgan Matson | 2010
Pet Sematary | Stephen King | 1983
A Time to Kill | John Grisham | 1989
The Thousand Names (The Shadow Campaigns, #1) | Django Wexler | 2013
The Winner | David Baldacci | 1997
The Great Gatsby | F. Scott Fitzgerald | 1925
I'll Give You the Sun | Jandy Nelson | 2014
White Fang | Jack London | 1906
Inferno (Robert Langdon, #4) | Dan Brown | 2013
The Lacuna | Barbara Kingsolver | 2009
13 Little Blue Envelopes (Little Blue Envelope, #1) | Maureen Johnson | 2005
The Art of Asking; or, How I Learned to Stop Worrying and Let People Help | Amanda Palmer | 2014
Clifford the Big Red Dog | Norman Bridwell | 1963
Outbreak (Dr. Marissa Blumenthal, #1) | Robin Cook | 1987
The Pact | Jodi Picoult | 1998
Black House (The Talisman, #2) | Stephen King; Peter Straub | 2001
Terrier (Beka Cooper, #1) | Tamora Pierce | 2006
The Girl with All the Gifts | M.R. Carey | 2014
Waiting | Ha Jin | 1999
Bookends | Jane Green | 2000
By the River Piedra I Sat Down and Wept | Paulo Coelho; Alan R. Clarke | 1994
The Darkest Minds (The Darkest Minds, #1) | Alexandra Bracken | 2012
Hatchet (Brian's Saga, #1) | Gary Paulsen | 1986
White Night (The Dresden Files, #9) | Jim Butcher | 2007
Wild Swans: Three Daughters of China | Jung Chang | 1991
Holes (Holes, #1) | Louis Sachar; Louis Sachar | 1998
Revolution 2020: Love, Corruption, Ambition | Chetan Bhagat | 2011
Cloud Atlas | David Mitchell | 2004
"""


def rows() -> list[Row]:
    """The books, one row each."""
    return [row_from(line) for line in LINES.strip().splitlines()]


def row_from(line: str) -> Row:
    """A book from its line."""
    title, authors, year = line.split(" | ")
    return Row(title, tuple(authors.split("; ")), int(year) if year else None)
