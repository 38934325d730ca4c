"""Which language a text is in, by how often the words come that every text in it needs."""

import re
from collections import Counter

WORD = re.compile(r"[^\W\d_]+")
MOST = 6_000
FEWEST = 3
LEAST = 0.06
SPOKEN = {
    "en": """
        the of and to in is for that by be are with this on as it or an from at has have was not which must
        shall their its all any who each when these been may will should our we
    """,
    "de": """
        der die das und ist den von zu mit für im des dem nicht eine ein auf werden wird sich als auch bei
        nach oder sind einer eines einem einen durch über vom zur zum wurde wurden dass kann aus hat jede
        alle wir unsere
    """,
    "fr": """
        le la les des et est une un du dans pour que qui par sur au aux avec sont ne pas ce cette ces être
        ou il elle nous leur son sa ses plus été doit doivent à l d chaque tous toute afin
    """,
    "es": """
        el la los las de y es una un del en para que por con se al su sus no como más son ser o este esta
        estos lo ha han debe deben cada todos toda entre sobre sin nuestra
    """,
    "it": """
        il lo la gli le di e è un una del della dei delle nel nella per che con non si sono da al alla come
        più o questo questa essere deve devono ogni tutti tra su ha
    """,
    "nl": """
        de het een en van is in te dat op voor met zijn niet aan die door wordt worden bij ook als naar om
        uit over of deze dit moet moeten onze wij elke alle kan
    """,
    "pl": """
        w i na z do jest nie się że o za po od przez dla są lub oraz jak to przy jej ich tym być który która
        które każdy wszystkie należy musi
    """,
    "pt": """
        o a os as de e é um uma do da dos das em no na nos nas para que por com se ao não como mais são ser
        ou este esta foi deve devem cada todos entre sobre sem nossa pela pelo
    """,
    "sv": """
        och i att det som en på är av för med till den har de inte om ett från vid eller kan ska alla vi vår
    """,
    "da": """
        og i at det som en på er af for med til den har de ikke om et fra ved eller kan skal alle vi vores
    """,
    "cs": """
        a v se na je že z do o s k pro jako jsou by být které který nebo při musí podle všechny
    """,
}
COMMON = {code: frozenset(words.split()) for code, words in SPOKEN.items()}


def language_of(text: str) -> str:
    """Return the two-letter code of a text's language, empty when too few of its words tell."""
    words = Counter(word.lower() for word in WORD.findall(text[: MOST * 10])[:MOST])
    total = sum(words.values())
    scores = {code: sum(words[word] for word in common) for code, common in COMMON.items()}
    best = max(scores, key=lambda code: scores[code])
    if scores[best] < FEWEST or scores[best] < LEAST * total:
        return ""
    return best
